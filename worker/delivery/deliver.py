"""The step that hands a delivery's frozen bytes to its channel: outbox → e-mail, folder, webhook."""

from __future__ import annotations

from collections.abc import Sequence

from worker.delivery.retry_rules import as_delivery_result, as_mail_host, give_up_sending
from worker.setup.base_deps import BaseDeps
from worker.setup.delivery_deps import DeliveryDeps
from worker.setup.logs import get_log
from worker.storage.digests import mail_hosts, outbox
from worker.wakeup import Wakeups

log = get_log(__name__)


def due(deps: BaseDeps, limit: int) -> Sequence[int]:
    """Return the deliveries whose next try has come."""
    with deps.reading() as session:
        return outbox.waiting_deliveries(session, now=deps.now(), limit=limit)


def deliver(deps: DeliveryDeps, delivery_id: int) -> Wakeups:
    """Hand the frozen bytes to the mail server, and record what it said."""
    now = deps.now()
    with deps.transaction() as session:
        delivery = outbox.claim_delivery(session, delivery_id, now=now, lease=deps.delivery_lease)
        if delivery is None:
            return ()
        host = mail_hosts.read_mail_host(session, deps.mail_host(delivery.channel))
        if host.rest_until and host.is_resting(now):
            outbox.put_back(session, delivery, until=host.rest_until)
            return ()
        wait = mail_hosts.take_turn(session, host, now=now, spacing=deps.mail_spacing)
        delivery = outbox.hold_longer(session, delivery, by=wait)
    result, health = give_up_sending(delivery), host
    if result is None:
        deps.sleep(wait)
        sent = deps.courier(delivery.channel).send(
            delivery.message, sender=delivery.sender, recipient=delivery.recipient
        )
        result = as_delivery_result(delivery, sent, now=deps.now(), jitter=deps.jitter(), doubt=deps.doubt)
        health = as_mail_host(host, sent, now=deps.now())
    with deps.transaction() as session:
        if not outbox.is_held(session, delivery):
            return ()
        outbox.save_outcome(session, delivery_id, result, now=deps.now())
        if health != host:
            mail_hosts.save_mail_host(session, health)
    log.info("delivery", delivery=delivery_id, state=result.state, reason=result.reason)
    return ()
