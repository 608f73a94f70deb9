"""`storywatch desk`: who may open the desk, and a link that logs one of them in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.installation import open_installation
from worker.cli.terminal import JsonOption, answer, moment, write_json, write_table
from worker.errors import ConfigurationError

if TYPE_CHECKING:
    from worker.setup.deps import Deps
    from worker.storage.people.person_rows import PersonRecord

desk_app = typer.Typer(
    name="desk", help="Who may open the desk, where a team works in a browser.", no_args_is_help=True
)

_ROLES = ("owner", "editor")
AddressArgument = Annotated[str, typer.Argument(metavar="ADDRESS", help="A mail address.")]


@desk_app.command()
def link(
    address: AddressArgument,
    role: Annotated[str, typer.Option(help="owner or editor; needed for who is not let in yet.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Print a link that logs a person in, once and within an hour; the first of all becomes owner."""
    from worker.storage.people import person_rows
    from worker.web.desk.entrance.links import LASTS, new_link, where_desk_is

    deps = open_installation()
    base = where_desk_is(deps.settings)
    if not base:
        raise ConfigurationError("the desk is nowhere: set web.status_port or desk.public")
    person = _let_in(deps, address, role)
    with deps.transaction() as session:
        found = new_link(session, person.id, base, now=deps.now())
        everybody = person_rows.list_people(session)
    answer(
        {"address": person.address, "role": person.role, "link": found, "expires": deps.now() + LASTS},
        f"{found}\nIt logs in {person.address} ({person.role}, one of {len(everybody)}), once and within an hour.",
        as_json=as_json,
    )


@desk_app.command(name="list")
def list_people(as_json: JsonOption = False) -> None:
    """List who may open the desk."""
    from worker.storage.people import person_rows

    deps = open_installation()
    with deps.reading() as session:
        found = person_rows.list_people(session)
    if as_json:
        write_json(found)
        return
    rows = [(one.address, one.role, moment(one.added_at), moment(one.looked_at)) for one in found]
    write_table(("address", "role", "since", "last looked"), rows)


@desk_app.command()
def remove(address: AddressArgument, as_json: JsonOption = False) -> None:
    """Let a person in no more, and log them out everywhere."""
    from worker.storage.people import person_rows

    deps = open_installation()
    with deps.transaction() as session:
        person = person_rows.find_person(session, address)
        if person is None:
            raise ConfigurationError(f"{address[:80]!r} may not open the desk: see 'storywatch desk list'")
        person_rows.remove_person(session, person.id)
    answer({"removed": person.address}, f"{person.address} is let in no more.", as_json=as_json)


def _let_in(deps: Deps, address: str, role: str) -> PersonRecord:
    """Who has that address, with that role where one is named."""
    from worker.digests import checked_address
    from worker.storage.people import person_rows

    if role and role not in _ROLES:
        raise ConfigurationError(f"role is {role!r:.80}: it must be one of {', '.join(_ROLES)}")
    checked_address(address)
    with deps.transaction() as session:
        known = person_rows.find_person(session, address)
        if known is not None and role in ("", known.role):
            return known
        if not role and person_rows.list_people(session):
            raise ConfigurationError(f"{address} is not let in yet: say --role editor or --role owner")
        return person_rows.add_person(session, address, role or "owner", now=deps.now())
