"""What a form sends, bounded, and the proof that it was a form of ours that sent it.

What lets a reader's request in is the signed token in its address, which another site cannot know; what lets one of
the desk in is a cookie. A form carries a token of its own all the same, so that no address and no cookie alone changes
anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from worker.digests import TokenError
from worker.setup.deps import Deps

_LONGEST = 20_000  # bytes; the longest form of ours is a tenth of it
_FIELDS = 200
_OPEN_FOR = timedelta(hours=12)
_OUR_OWN = frozenset({"same-origin", "none", ""})


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, by name; `is_foreign` when another site sent it, `is_too_long` when it was not read."""

    fields: Mapping[str, Sequence[str]]
    is_foreign: bool = False
    is_too_long: bool = False

    def one(self, name: str) -> str:
        """The field's value without space around it, "" where there is none."""
        return self.fields.get(name, ("",))[0].strip()

    def every(self, name: str) -> tuple[str, ...]:
        """All values of a field that may come more than once."""
        return tuple(self.fields.get(name, ()))


async def read_form(request: Request, *, longest: int = _LONGEST) -> Form:
    """Read what was sent; more than `longest` bytes, or what is no form, counts as nothing sent."""
    foreign = request.headers.get("sec-fetch-site", "") not in _OUR_OWN
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > longest:
            return Form({}, foreign, is_too_long=True)
    try:
        fields = await run_in_threadpool(parse_qs, body.decode("ascii"), max_num_fields=_FIELDS)  # 3 MB take .3 s
        return Form({name: [value.replace("\x00", "") for value in fields[name]] for name in fields}, foreign)
    except ValueError:  # not ASCII, not UTF-8 behind the percent signs, or too many fields
        return Form({}, foreign)


def form_token(deps: Deps, purpose: str, whose: object = "") -> str:
    """Return what a form carries to be known again for the next hours."""
    return deps.sign("form", {"purpose": purpose, "whose": whose}, lasts=_OPEN_FOR)


def is_ours(deps: Deps, form: Form, purpose: str, whose: object = "") -> bool:
    """Whether a form of ours for that purpose and person sent this."""
    try:
        carried = deps.read_token("form", form.one("form"))
    except TokenError:
        return False
    return not form.is_foreign and carried == {"purpose": purpose, "whose": whose}
