"""The doctor's round: every part, one after the other; what one part lacks keeps none of the others from being seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from worker.errors import StorywatchError
from worker.service.doctor.finding import Finding, Health, ill
from worker.service.doctor.mail_checks import check_mail
from worker.service.doctor.outside_checks import check_feeds, check_topics, check_web
from worker.service.doctor.own_checks import check_clock, check_configuration, check_database, check_start, check_work
from worker.setup.deps import Deps

Check = Callable[[Deps], Iterable[Finding]]


def look_at_all(deps: Deps) -> Iterator[Finding]:
    """Yield what is found, part by part; what stands in the database is passed over where that cannot be used."""
    database = check_database(deps)
    usable = database.health is Health.WELL
    yield from _tried("configuration", check_configuration, deps)
    yield database
    stored: tuple[tuple[str, Check], ...] = (
        ("configuration", check_start), ("clock", check_clock), ("disk", check_work), ("feeds", check_feeds),
        ("topics", check_topics),
    )  # fmt: skip
    for part, check in stored if usable else ():
        yield from _tried(part, check, deps)
    yield from _tried("mail", check_mail, deps)
    yield from _tried("web", check_web, deps)


def _tried(part: str, check: Check, deps: Deps) -> Iterator[Finding]:
    try:
        yield from check(deps)
    except StorywatchError as error:
        yield ill(part, str(error), "mend that, and ask the doctor again")
