"""A visit: all that an endpoint of the desk is given of one request, and of who makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.responses import Response

from worker import digests
from worker.digests import Catalog
from worker.setup.deps import Deps
from worker.step import Wakeups
from worker.storage.people.person_rows import PersonRecord
from worker.web.desk.roles import Role
from worker.web.forms import Form

_LONGEST_VALUE = 4_000  # characters of one value in an address
_LARGEST = 2**53  # what any database and any browser can count to


class Nowhere(Exception):  # noqa: N818 (an expected end, carried past the callers in between)
    """What was asked for is not there, or no longer."""


@dataclass(frozen=True, slots=True)
class Known:
    """Who a browser is logged in as; `session_id` None where a proxy has logged them in.

    `renewed` is the login's token where it now lasts longer, "" else: the browser is to keep it as long.
    """

    person: PersonRecord
    session_id: int | None = None
    renewed: str = field(default="", repr=False)

    @property
    def proof_of(self) -> str:
        """Whose forms are theirs: those of this login alone."""
        return f"session {self.session_id}" if self.session_id else f"person {self.person.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request. `params` stand in its path and `asked` behind it; `client` is whom its attempts are counted for.

    `pages` are those that who asks may open, by their paths below `/desk`.
    """

    deps: Deps
    say: Catalog
    path: str
    base_url: str
    client: str
    known: Known | None
    params: Mapping[str, str]
    asked: Mapping[str, str]
    form: Form
    agent: str
    pages: frozenset[str]
    wake: Callable[[Wakeups], None]

    @property
    def person(self) -> PersonRecord:
        """Who is logged in; to be asked only where the route needs a login."""
        if self.known is None:
            raise Nowhere
        return self.known.person

    @property
    def session_id(self) -> int | None:
        """The login that asks, where it is one of ours."""
        return self.known.session_id if self.known else None

    @property
    def role(self) -> Role:
        """What who asks may do."""
        return Role(self.known.person.role) if self.known else Role.OPEN

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.deps.now()

    @property
    def zone(self) -> ZoneInfo:
        """The zone whose time they are told."""
        return digests.zone_of(self.known.person.zone if self.known else "UTC")

    def query(self, name: str, default: str = "") -> str:
        """A value that stands in the address behind the "?", cut off where it is endless."""
        return self.asked.get(name, default).replace("\x00", "")[:_LONGEST_VALUE].strip() or default

    def page_number(self, name: str = "page") -> int:
        """Which page of a list is asked for: 1, or what stands in the address."""
        return min(max(1, read_number(self.query(name)) or 1), 10_000)

    def word(self, name: str) -> str:
        """A word of the path, cut off where it is endless."""
        return self.params.get(name, "").replace("\x00", "")[:_LONGEST_VALUE]

    def number(self, name: str) -> int:
        """A number of the path. Raises `Nowhere` for what is none."""
        return _there(read_number(self.params.get(name, "")))

    def form_number(self, name: str) -> int:
        """A number of the form. Raises `Nowhere` for what is none."""
        return _there(read_number(self.form.one(name)))


Endpoint = Callable[[Visit], Response]


def _there(found: int | None) -> int:
    if found is None:
        raise Nowhere
    return found


def read_number(text: str) -> int | None:
    """Return the number that the text is; None for what is none, or is more than anything here is counted to."""
    if not (text.isascii() and text.isdigit() and len(text) < 17):
        return None
    found = int(text)
    return found if found < _LARGEST else None
