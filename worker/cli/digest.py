"""`storywatch digest`: the digest as it would go out now, and sending it at once."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.installation import open_installation
from worker.cli.terminal import JsonOption, answer
from worker.errors import ConfigurationError, ConflictError, StorywatchError

if TYPE_CHECKING:
    from worker.delivery.composing import ComposedDigest
    from worker.digests import Period
    from worker.setup.deps import Deps
    from worker.storage.digests.subscribers import SubscriptionRecord

digest_app = typer.Typer(name="digest", help="A subscriber's digest, before its time.", no_args_is_help=True)

_KIND = "manual"


@digest_app.command()
def preview(
    subscriber: Annotated[str, typer.Argument(help="The subscriber's address.")],
    out: Annotated[Path, typer.Option(help="The folder for digest.eml, digest.html and digest.txt.")],
    show: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write the digest that would go out now; nothing is recorded, nothing is sent."""
    deps = open_installation()
    subscription = _subscription(deps, subscriber)
    composed = _compose(deps, subscription, period_until(subscription, deps.now()))
    if composed is None:
        answer({"stories": 0, "folder": None}, f"There is nothing new to tell {subscriber}.", as_json=as_json)
        return
    out.mkdir(parents=True, exist_ok=True)
    message = out / deps.channels.of(composed.delivery.channel).preview
    message.write_bytes(composed.delivery.message)
    (out / "digest.html").write_text(composed.html, encoding="utf-8")
    (out / "digest.txt").write_text(composed.text, encoding="utf-8")
    line = f"{_stories(composed)}: {out / 'digest.html'} (and {message.suffix}, .txt)"
    answer({"stories": len(composed.stories), "folder": str(out)}, line, as_json=as_json)
    if show:
        typer.launch(str(out / "digest.html"))


@digest_app.command()
def send(
    subscriber: Annotated[str, typer.Argument(help="The subscriber's address.")], as_json: JsonOption = False
) -> None:
    """Send the digest of everything since the last one, now; the schedule goes on as before."""
    from worker.delivery.deliver import deliver
    from worker.storage.reports.overview import delivery_state

    deps = open_installation()
    subscription = _subscription(deps, subscriber)
    if not subscription.active or subscription.state != "active":
        raise ConfigurationError(f"{subscriber} is {subscription.state}: no mail is sent there")
    period = period_until(subscription, deps.now())
    composed = _compose(deps, subscription, period)
    if composed is None:
        answer({"stories": 0, "state": None}, f"There is nothing new to tell {subscriber}.", as_json=as_json)
        return
    delivery_id = _record(deps, subscription, period, composed)
    deliver(deps, delivery_id)
    with deps.reading() as session:
        state, reason = delivery_state(session, delivery_id)
    if state == "dead":
        raise StorywatchError(f"the digest for {subscriber} was refused: {reason}")
    delivery = composed.delivery
    where = deps.channels.of(delivery.channel).destination(delivery.message, delivery.recipient)
    line = f"{_stories(composed)}, {state}: {reason or where}"
    answer(
        {"stories": len(composed.stories), "state": state, "reason": reason, "where": where},
        line,
        as_json=as_json,
    )


def period_until(subscription: SubscriptionRecord, now: datetime) -> Period:
    """Return the time since the subscriber's last digest."""
    from worker import digests

    return digests.Period(min(subscription.window_start, now), now)


def _subscription(deps: Deps, address: str) -> SubscriptionRecord:
    from worker.storage.digests.subscribers import find_subscription

    with deps.reading() as session:
        found = find_subscription(session, address)
    if found is None:
        raise ConfigurationError(f"{address} is no subscriber: see 'storywatch subscribers list'")
    return found


def _compose(deps: Deps, subscription: SubscriptionRecord, period: Period) -> ComposedDigest | None:
    from worker.delivery.composing import compose

    with deps.reading() as session:
        return compose(deps, session, subscription, period, kind=_KIND)


def _stories(composed: ComposedDigest) -> str:
    return "1 story" if len(composed.stories) == 1 else f"{len(composed.stories)} stories"


def _record(deps: Deps, subscription: SubscriptionRecord, period: Period, composed: ComposedDigest) -> int:
    """Put the digest into the outbox, unless another one was planned while we composed."""
    from worker.delivery.planning import as_move
    from worker.storage.digests import due_times, outbox, told

    overtaken = StorywatchError("another digest for this subscriber was planned just now: try again")
    move = as_move(subscription, subscription.next_due_at, period.end, composed.told.news_until)
    try:
        with deps.transaction() as session:
            if not due_times.move_due(session, move):
                raise overtaken
            told.save_passed_over(session, {subscription.id: composed.told.passed_over}, now=deps.now())
            return outbox.save_digest(
                session, subscription.id, _KIND, period, html=composed.html, more=composed.more,
                stories=composed.told.stories, delivery=composed.delivery, now=deps.now(),
                news_from=subscription.news_seen,
            )  # fmt: skip
    except ConflictError as error:
        raise overtaken from error
