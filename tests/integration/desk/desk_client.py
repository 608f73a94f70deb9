"""A browser at the desk: it keeps its cookie, follows nothing, and sends forms as they are shown."""

from __future__ import annotations

from datetime import timedelta
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from starlette.types import ASGIApp

from tests.integration.web_client import Answer, FormReader, WebClient
from worker.setup.deps import Deps
from worker.storage.people import logins, person_rows


class DeskClient:
    """Asks an application of ours with the cookie that it was given last."""

    def __init__(self, app: ASGIApp) -> None:
        self._web = WebClient(app)
        self.cookie = ""

    def get(self, path: str, **headers: str) -> Answer:
        return self._kept(self._web.get(path, **self._with_cookie(headers)))

    def post(self, path: str, fields: dict[str, object], **headers: str) -> Answer:
        body = urlencode(fields, doseq=True).encode()
        return self._kept(self._web.post(path, body, **self._with_cookie(headers)))

    def send(self, page: str, path: str, **fields: object) -> Answer:
        """Send a form of ours to `path`, with the proof that stands on `page`."""
        proof = FormReader(self.get(page).text).fields["form"][0]
        return self.post(path, {"form": proof, **fields})

    def _with_cookie(self, headers: dict[str, str]) -> dict[str, str]:
        return {**headers, **({"cookie": self.cookie} if self.cookie else {})}

    def _kept(self, answer: Answer) -> Answer:
        if given := answer.headers.get("set-cookie"):
            (morsel,) = SimpleCookie(given).values()
            self.cookie = f"{morsel.key}={morsel.value}" if morsel.value else ""
        return answer


def let_in(deps: Deps, app: ASGIApp, role: str, address: str = "") -> DeskClient:
    """Return the browser of a person with that role, logged in."""
    client, token = DeskClient(app), f"token of {role} {address}".replace(" ", "-")
    with deps.transaction() as session:
        person = person_rows.add_person(session, address or f"{role}@desk.example", role, now=deps.now())
        until = deps.now() + timedelta(days=30)
        logins.begin_session(session, person.id, token, agent="a test", now=deps.now(), expires_at=until)
    client.cookie = f"storywatch_desk={token}"
    return client
