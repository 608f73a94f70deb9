"""How often one reader, one browser and all together may make us send a mail."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv6Address, ip_address

from starlette.requests import Request
from starlette.responses import Response

from worker.digests import Catalog
from worker.errors import ConfigurationError
from worker.setup.deps import Deps
from worker.setup.logs import get_log
from worker.web.pages import notice

log = get_log(__name__)


class Refused(Exception):  # noqa: N818 (an expected end, carried past the callers in between)
    """Not now: tried too often, or what counts the attempts is away."""

    def __init__(self, *, too_often: bool) -> None:
        super().__init__()
        self.too_often = too_often

    def page(self, say: Catalog) -> Response:
        """The page that says so."""
        if self.too_often:
            text = say.gettext("This was tried too often. Please come back later.")
            return notice(say.gettext("Too many tries"), text, status=429, say=say)
        text = say.gettext("This does not work at the moment. Please come back later.")
        return notice(say.gettext("Not now"), text, status=503, say=say)


def count(deps: Deps, what: str, whose: str, *, at_most: int, within: timedelta) -> None:
    """Count an attempt across all processes; raises `Refused` when it is one too many."""
    from redis import RedisError

    try:
        allowed = deps.attempts.allows(what, whose, at_most=at_most, within=within)
    except (RedisError, ConfigurationError) as error:
        log.warning("attempts cannot be counted", what=what, reason=str(error))
        raise Refused(too_often=False) from error
    if not allowed:
        log.warning("tried too often", what=what)
        raise Refused(too_often=True)


def client_of(request: Request) -> str:
    """Return who asks: the address, or its network where one person has as many addresses as they like.

    Behind a reverse proxy on this machine, uvicorn has put the address it forwards into the request.
    """
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return ":".join(address.exploded.split(":")[:4])
    return str(address)


def mailbox_of(address: str) -> str:
    """Return whose mailbox the address leads to: one person has as many with a plus as they like (RFC 5233)."""
    name, _, domain = address.casefold().rpartition("@")
    return f"{name[:1]}{name[1:].partition('+')[0]}@{domain}"
