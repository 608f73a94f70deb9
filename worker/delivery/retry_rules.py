"""What follows when a channel has answered, or has not: what becomes of the delivery, and how its host does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from worker.net import Bounce, SendOutcome, SendResult, SendStage
from worker.retry import (
    HOST_PATIENCE,
    HOST_RESTS,
    LATE_RETURNS,
    MAIL_RETRIES,
    OPERATOR_PATIENCE,
    REFUSED_RETURNS,
    UNKNOWN_RETRY,
    RetryPolicy,
)
from worker.storage.digests.mail_hosts import MailHostRecord
from worker.storage.digests.outbox import DeliveryRecord, DeliveryResult

_DOUBTFUL = ("unknown", "sending")  # states in which a delivery may have arrived already


def give_up_sending(delivery: DeliveryRecord) -> DeliveryResult | None:
    """Return the end of a delivery that must not go out again, or None when it may.

    Only one whose process died in the middle, for the second time or at its last try, comes back so.
    """
    if delivery.was == "resending":
        return DeliveryResult("dead", "sent twice, and whether it arrived is not known")
    tries = delivery.attempts - 1
    return DeliveryResult("dead", f"given up after {tries} tries") if tries >= MAIL_RETRIES.attempts else None


def as_delivery_result(
    delivery: DeliveryRecord, sent: SendOutcome, *, now: datetime, jitter: float,
    bounce: Bounce | None = None, blames_us: bool = False, doubt: timedelta = UNKNOWN_RETRY.first,
) -> DeliveryResult:  # fmt: skip
    """Return what becomes of a delivery after its channel has spoken.

    `bounce` is what that says of the recipient, `blames_us` that the operator must mend something first. A doubt
    stays: what may have arrived before is not made certain by a later try that surely failed. It lasts for `doubt`. A
    mailbox that is full is asked again for a day before that counts as a bounce.
    """
    if sent.result is SendResult.SENT:
        return DeliveryResult("sent")
    doubtful = sent.result is SendResult.UNKNOWN or delivery.was in _DOUBTFUL
    if blames_us:
        return _wait_for_operator(delivery, sent, now=now, jitter=jitter, doubtful=doubtful)
    bounced: Literal["hard", "soft"] | None = bounce.value if bounce else None
    if sent.result is SendResult.REFUSED:
        return DeliveryResult(
            "dead", sent.detail, bounce=bounced, returns=_returns(REFUSED_RETURNS, doubtful), refused=True
        )
    again = _next_delivery_try(delivery, sent, now=now, jitter=max(jitter, 0.0), doubt=doubt)
    if again is None:
        reason = f"given up after {delivery.attempts} tries: {sent.detail}"
        return DeliveryResult("dead", reason, bounce=bounced, returns=_returns(LATE_RETURNS, doubtful))
    return DeliveryResult("unknown" if doubtful else "pending", sent.detail, next_try=again)


def as_unknown_channel(delivery: DeliveryRecord, reason: str) -> DeliveryResult:
    """Return the end of a delivery whose channel nobody knows: it would fail for ever."""
    return DeliveryResult("dead", reason, returns=_returns(LATE_RETURNS, delivery.was in _DOUBTFUL))


def _wait_for_operator(
    delivery: DeliveryRecord, sent: SendOutcome, *, now: datetime, jitter: float, doubtful: bool
) -> DeliveryResult:
    again = OPERATOR_PATIENCE.next_try(delivery.created_at, now=now, jitter=jitter)
    if again is None:
        days = OPERATOR_PATIENCE.lasts.days
        return DeliveryResult(
            "dead", f"given up after {days} days: {sent.detail}", returns=_returns(LATE_RETURNS, doubtful)
        )
    return DeliveryResult("unknown" if doubtful else "pending", sent.detail, next_try=again, counted=False)


def _returns(policy: RetryPolicy, doubtful: bool) -> RetryPolicy | None:
    """What may have arrived is not told again."""
    return None if doubtful else policy


def as_mail_host(host: MailHostRecord, sent: SendOutcome, *, now: datetime) -> MailHostRecord:
    """Return how a mail server does after it has spoken, or has not.

    Any answer about a message shows that it is well. One that cannot be reached or logged in to, or that
    hangs up, has failed; after HOST_PATIENCE failures in a row it is left alone for a while.
    """
    well = sent.code not in (None, 421) and sent.stage not in (SendStage.CONNECT, SendStage.LOGIN)
    if well or (sent.code is None and sent.result is SendResult.REFUSED):  # an address that was never tried
        return MailHostRecord(host.host) if well else host
    failures = host.failures + 1
    rest = HOST_RESTS.next_try(failures + 1 - HOST_PATIENCE, now=now) if failures >= HOST_PATIENCE else None
    return MailHostRecord(host.host, failures, rest, sent.detail)


def _next_delivery_try(
    delivery: DeliveryRecord, sent: SendOutcome, *, now: datetime, jitter: float, doubt: timedelta
) -> datetime | None:
    if sent.result is SendResult.RETRY:
        return MAIL_RETRIES.next_try(delivery.attempts, now=now, jitter=jitter)
    # Tries that surely failed left no message anywhere: only those of unknown fate count.
    doubtful = 2 if delivery.was in _DOUBTFUL else 1
    return replace(UNKNOWN_RETRY, first=doubt, longest=doubt).next_try(doubtful, now=now, jitter=jitter)
