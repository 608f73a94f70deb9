"""Whether a refusal speaks of the recipient's address, or of the message, its sender or the server."""

from __future__ import annotations

import re
from enum import StrEnum

from worker.net.mail import SendOutcome, SendResult, SendStage


class Bounce(StrEnum):
    """HARD: there is no such mailbox. SOFT: there is one that cannot take mail at present."""

    HARD = "hard"
    SOFT = "soft"


# "Subject" and "detail" of an enhanced status code, its first number left out (RFC 3463; registry of IANA).
_ENHANCED = re.compile(r"\b[45]\.(\d{1,3}\.\d{1,3})\b")
_NO_MAILBOX = {"1.0", "1.1", "1.2", "1.3", "1.4", "1.6", "1.10", "2.1", "4.1", "4.4"}
# 4.1 and 4.4: Exchange Online answers 5.4.1 for unknown users, others 5.4.4 for a domain without a server.
_MAILBOX_ILL = {"2.0", "2.2", "2.4", "3.0", "3.2", "4.2", "4.3", "4.5", "4.6", "4.7"}
_PLAIN_HARD = {510, 511, 513, 521, 550, 551, 553, 556}  # RFC 5321, 4.2.2; RFC 7504 for 521 and 556
_PLAIN_SOFT = {552}  # mailbox full
# Servers without enhanced codes refuse senders in words only.
_NOT_THE_RECIPIENT = re.compile(
    r"relay|authenti|log ?in|sender|spf|dkim|dmarc|spam|black ?list|block ?list|blocked|listed|reputation|policy|"
    r"rate|too many|client host|helo|tls|certificate|not allowed|not permitted|denied|size|syntax",
    re.IGNORECASE,
)

_OF_THE_MESSAGE = re.compile(
    r"\bspam\b|unsolicited|virus|malware|phish|content|attachment|size|too large|syntax", re.IGNORECASE
)
WANTS_LOGIN = (530, 534, 535, 538)
"""Refusals of the sender that mean "log in first" (RFC 4954): a person must mend that, the message is fine."""

_NAMES = re.compile(r"^\S+ answered \d{3}|<[^<>]*>|\S+@\S+")


def bounce_of(outcome: SendOutcome) -> Bounce | None:
    """What the outcome says of the recipient's address; None when it says nothing of it.

    A refusal for good may be HARD or SOFT; one for now is SOFT where it was the recipient that was put off.
    """
    if outcome.result is SendResult.REFUSED:
        return _refused(outcome)
    put_off = outcome.result is SendResult.RETRY and outcome.stage is SendStage.RECIPIENT and outcome.code is not None
    return Bounce.SOFT if put_off and not _NOT_THE_RECIPIENT.search(_words(outcome)) else None


def blames_sender(outcome: SendOutcome) -> bool:
    """Whether the server takes nothing from us as we are: a login, a relay or a policy that the operator must mend.

    What is refused for its content is the message's own matter, and what bounces the recipient's.
    """
    if outcome.code is None or outcome.code < 400:
        return False
    if outcome.stage is SendStage.LOGIN or outcome.code in WANTS_LOGIN:
        return True
    if outcome.code < 500 or bounce_of(outcome) is not None:
        return False
    words = _words(outcome)
    if _OF_THE_MESSAGE.search(words):
        return False
    if outcome.stage in (SendStage.CONNECT, SendStage.SENDER):
        return True
    found = _ENHANCED.search(words)
    return found[1].startswith("7.") if found else bool(_NOT_THE_RECIPIENT.search(words))


def _refused(outcome: SendOutcome) -> Bounce | None:
    at_recipient = outcome.stage is SendStage.RECIPIENT
    if outcome.code is None:  # never asked: it is no address
        return Bounce.HARD if at_recipient else None
    if found := _ENHANCED.search(_words(outcome)):
        # Some servers look at the recipient only when they have the message; then only a clear word counts.
        if found[1] in _NO_MAILBOX and (at_recipient or found[1].startswith(("1.", "2."))):
            return Bounce.HARD
        return Bounce.SOFT if found[1] in _MAILBOX_ILL and at_recipient else None
    if not at_recipient or _NOT_THE_RECIPIENT.search(_words(outcome)):
        return None
    return Bounce.HARD if outcome.code in _PLAIN_HARD else Bounce.SOFT if outcome.code in _PLAIN_SOFT else None


def _words(outcome: SendOutcome) -> str:
    """What the server said, without its own name and any address: a host called "relay" says nothing."""
    return _NAMES.sub(" ", outcome.detail)
