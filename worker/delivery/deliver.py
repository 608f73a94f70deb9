"""The step that hands a delivery's frozen bytes to its channel: outbox → e-mail, folder, webhook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from worker.channels import Channel
from worker.delivery.retry_rules import as_delivery_result, as_mail_host, as_unknown_channel, give_up_sending
from worker.errors import ConfigurationError
from worker.setup.base_deps import BaseDeps
from worker.setup.delivery_deps import DeliveryDeps
from worker.setup.logs import get_log
from worker.step import Beats, Save, Saved, Wakeups
from worker.storage.db.session import Session
from worker.storage.digests import mail_hosts, outbox, returns
from worker.storage.digests.mail_hosts import MailHostRecord
from worker.storage.digests.outbox import DeliveryRecord, DeliveryResult

log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class Sending:
    """A delivery that was claimed, how its host does, and how long to wait for its turn there."""

    delivery: DeliveryRecord
    channel: Channel
    host: MailHostRecord
    wait: timedelta

    @property
    def attempts(self) -> int:
        """How often sending it was begun."""
        return self.delivery.attempts


def due(deps: BaseDeps, limit: int) -> Sequence[int]:
    """Return the deliveries whose next try has come."""
    with deps.reading() as session:
        return outbox.waiting_deliveries(session, now=deps.now(), limit=limit)


def deliver(deps: DeliveryDeps, delivery_id: int) -> Wakeups:
    """Hand the frozen bytes to the delivery's channel, and record what it said."""
    beats = Beats(
        claim=partial(_claim, deps),
        is_held=lambda session, sending: outbox.is_held(session, sending.delivery),
        work=partial(_send, deps),
    )
    return beats.take(deps, delivery_id, lease=deps.delivery_lease)


def _claim(
    deps: DeliveryDeps, session: Session, delivery_id: int, /, *, now: datetime, lease: timedelta
) -> Sending | None:
    """Lease the delivery for as long as its turn takes to come; put it back untouched where its host rests."""
    delivery = outbox.claim_delivery(session, delivery_id, now=now, lease=lease)
    if delivery is None:
        return None
    channels = deps.channels  # outside: a channel that cannot be opened is the installation's fault, not the mail's
    try:
        channel = channels.of(delivery.channel)
    except ConfigurationError as error:  # by another version, or a setting that is gone: it would fail for ever
        result = as_unknown_channel(delivery, str(error))
        _record(session, delivery.id, result, now=now)
        _tell(delivery.id, result)
        return None
    host = mail_hosts.read_mail_host(session, channel.host)
    if host.rest_until and host.is_resting(now):
        outbox.put_back(session, delivery, until=host.rest_until)
        return None
    wait = mail_hosts.take_turn(session, host, now=now, spacing=channel.spacing)
    return Sending(outbox.hold_longer(session, delivery, by=wait), channel, host, wait)


def _send(deps: DeliveryDeps, sending: Sending) -> Save:
    delivery, channel = sending.delivery, sending.channel
    over = give_up_sending(delivery)
    if over is not None:
        return Save(partial(_save, deps, sending, over, sending.host))
    deps.sleep(sending.wait)
    sent = channel.send(delivery.message, sender=delivery.sender, recipient=delivery.recipient)
    result = as_delivery_result(
        delivery, sent, now=deps.now(), jitter=deps.jitter(), bounce=channel.bounce(sent),
        blames_us=channel.blames_us(sent), doubt=deps.doubt,
    )  # fmt: skip
    return Save(partial(_save, deps, sending, result, as_mail_host(sending.host, sent, now=deps.now())))


def _save(
    deps: DeliveryDeps, sending: Sending, result: DeliveryResult, health: MailHostRecord, session: Session
) -> Saved:
    _record(session, sending.delivery.id, result, now=deps.now())
    if health != sending.host:
        mail_hosts.save_mail_host(session, health)
    return Saved(says=partial(_tell, sending.delivery.id, result))


def _record(session: Session, delivery_id: int, result: DeliveryResult, *, now: datetime) -> None:
    """Write down what became of a delivery; what a digest told that could not be delivered waits for the next one."""
    outbox.save_outcome(session, delivery_id, result, now=now)
    if result.returns is not None:
        tries = min(returns.deaths_in_a_row(session, delivery_id), result.returns.attempts - 1)
        again = result.returns.next_try(tries, now=now)
        if again is not None:
            refusals = result.returns.attempts if result.refused else None
            returns.give_back(session, delivery_id, not_before=again, refusals=refusals)


def _tell(delivery_id: int, result: DeliveryResult) -> None:
    log.info("delivery", delivery=delivery_id, state=result.state, reason=result.reason)
