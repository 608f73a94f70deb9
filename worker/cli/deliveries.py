"""`storywatch deliveries`: what waits in the outbox or could not be sent, and having it sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.installation import open_installation
from worker.cli.terminal import JsonOption, answer, moment, shorten, write_json, write_table
from worker.errors import ConfigurationError

if TYPE_CHECKING:
    from worker.setup.deps import Deps
    from worker.storage.digests.deliveries import DeliveryStanding

deliveries_app = typer.Typer(
    name="deliveries", help="What waits to be sent or could not be, and sending it again.", no_args_is_help=True
)

_REASON = 100  # characters
_MOST = 100_000


@deliveries_app.command(name="list")
def list_unsent(
    everything: Annotated[bool, typer.Option("--all", help="Also those that were sent.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List the deliveries that have not been sent, the newest first, each with the reason."""
    from worker.storage.digests.deliveries import UNSENT, list_deliveries

    deps = open_installation()
    states = (*UNSENT, "sent") if everything else UNSENT
    with deps.reading() as session:
        found = list_deliveries(session, states=states, limit=limit)
    if as_json:
        write_json(found)
        return
    write_table(("delivery", "written", "for", "state", "tries", "next try", "reason"), [_row(one) for one in found])


@deliveries_app.command()
def retry(
    numbers: Annotated[list[int] | None, typer.Argument(metavar="ID", help="Numbers, as `list` prints them.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that wait or could not be sent.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Try deliveries again now: those that wait for their next try, and those that were given up.

    What a digest told that was given up goes with the next one. If it has gone out since, the old digest stays unsent.
    """
    from worker.errors import ConflictError
    from worker.storage.digests.deliveries import RETRIED, list_deliveries, retry_delivery

    if bool(numbers) == everything:
        raise ConfigurationError("name the deliveries to try again, or say --all: see 'storywatch deliveries list'")
    deps = open_installation()
    if everything:
        with deps.reading() as session:
            numbers = [one.id for one in list_deliveries(session, states=RETRIED, limit=_MOST)]
    again, refused = list[int](), list[str]()
    for number in sorted(numbers or ()):
        try:
            with deps.transaction() as session:
                retry_delivery(session, number, now=deps.now())
            again.append(number)
        except ConflictError as error:
            refused.append(str(error))
    if again:
        _wake_hosts(deps)
    lines = [f"{len(again)} deliveries are tried again at the service's next look.", *refused]
    answer({"retried": again, "refused": refused}, "\n".join(lines), as_json=as_json)
    if refused and not everything:
        raise typer.Exit(1)


def _wake_hosts(deps: Deps) -> None:
    """Let no mail server rest any longer: whoever asks for another try has mended something."""
    from worker.storage.digests import mail_hosts

    with deps.transaction() as session:
        for channel in deps.channels:
            mail_hosts.save_mail_host(session, mail_hosts.MailHostRecord(channel.host))


def _row(one: DeliveryStanding) -> tuple[str, ...]:
    next_try = moment(one.next_try) if one.next_try else ""
    reason = shorten(one.reason or "", _REASON)
    written = moment(one.window_end or one.created)
    return (str(one.id), written, one.recipient, one.state, str(one.attempts), next_try, reason)
