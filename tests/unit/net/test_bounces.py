import pytest

from worker.net import Bounce, SendOutcome, SendResult, SendStage, blames_sender, bounce_of

REFUSALS = [
    # What large providers and common servers say when the mailbox is not there.
    (550, "5.1.1 The email account that you tried to reach does not exist.", Bounce.HARD),
    (550, "5.1.1 <x@example.org>: Recipient address rejected: User unknown in virtual mailbox table", Bounce.HARD),
    (550, "5.1.10 RESOLVER.ADR.RecipientNotFound", Bounce.HARD),
    (550, "5.4.1 Recipient address rejected: Access denied.", Bounce.HARD),
    (550, "5.2.1 The email account that you tried to reach is inactive.", Bounce.HARD),
    (550, "No Such User Here", Bounce.HARD),
    (550, "Unrouteable address", Bounce.HARD),
    (550, "<sender@policy.example>: no such user", Bounce.HARD),
    (556, "5.1.10 Domain accepts no mail", Bounce.HARD),
    (521, "this host does not take mail", Bounce.HARD),
    # The mailbox is there, and full or ill.
    (552, "5.2.2 The recipient's inbox is out of storage space.", Bounce.SOFT),
    (552, "mailbox full", Bounce.SOFT),
    # Not the recipient's fault.
    (550, "5.7.1 Relaying denied", None),
    (550, "relay not permitted", None),
    (554, "5.7.1 <x@example.org>: Relay access denied", None),
    (554, "Service unavailable; Client host [192.0.2.1] blocked using a list", None),
    (550, "5.7.26 This mail is unauthenticated", None),
    (550, "SPF check failed", None),
    (553, "5.1.8 <bad@sender.example>: Sender address rejected: Domain not found", None),
    (550, "5.1.7 sender refused", None),
    (530, "5.7.0 Authentication Required", None),
    (552, "5.3.4 Message size exceeds fixed limit", None),
    (501, "5.5.4 Syntax error in parameters", None),
    (554, "transaction failed", None),
]


def refusal(code: int | None, text: str, stage: SendStage) -> SendOutcome:
    return SendOutcome(SendResult.REFUSED, f"relay.example answered {code} {text}", code, stage)


@pytest.mark.parametrize(("code", "text", "bounce"), REFUSALS)
def test_a_refused_recipient(code: int, text: str, bounce: Bounce | None) -> None:
    assert bounce_of(refusal(code, text, SendStage.RECIPIENT)) is bounce


@pytest.mark.parametrize("stage", [SendStage.SENDER, SendStage.DATA, SendStage.FINAL_DOT])
def test_elsewhere_only_a_clear_word_counts(stage: SendStage) -> None:
    assert bounce_of(refusal(550, "no", stage)) is None
    assert bounce_of(refusal(554, "5.7.1 looks like spam", stage)) is None
    assert bounce_of(refusal(554, "5.6.0 content refused", stage)) is None
    assert bounce_of(refusal(550, "5.1.1 user unknown", stage)) is Bounce.HARD, "some look at the recipient late"


def test_what_is_no_address_bounces_hard() -> None:
    assert bounce_of(SendOutcome(SendResult.REFUSED, "not a mail address", stage=SendStage.RECIPIENT)) is Bounce.HARD


def test_what_was_put_off_bounces_softly_where_it_is_the_recipient() -> None:
    def put_off(code: int | None, text: str, stage: SendStage) -> Bounce | None:
        return bounce_of(SendOutcome(SendResult.RETRY, f"mx.example answered {code} {text}", code, stage))

    assert put_off(452, "4.2.2 over quota", SendStage.RECIPIENT) is Bounce.SOFT
    assert put_off(450, "mailbox busy", SendStage.RECIPIENT) is Bounce.SOFT
    assert put_off(451, "4.7.1 rate exceeded, too many connections", SendStage.RECIPIENT) is None
    assert put_off(451, "4.3.0 later", SendStage.FINAL_DOT) is None
    assert put_off(None, "connection lost", SendStage.RECIPIENT) is None


def test_what_was_sent_is_no_bounce() -> None:
    assert bounce_of(SendOutcome(SendResult.SENT, "250 ok", 250, SendStage.FINAL_DOT)) is None
    assert bounce_of(SendOutcome(SendResult.UNKNOWN, "lost", None, SendStage.FINAL_DOT)) is None


@pytest.mark.parametrize(
    ("code", "text", "stage"),
    [
        (535, "5.7.8 authentication failed", SendStage.LOGIN),
        (454, "4.7.0 temporary authentication failure", SendStage.LOGIN),
        (530, "5.7.0 authentication required", SendStage.SENDER),
        (554, "no SMTP service here", SendStage.CONNECT),
        (550, "5.1.7 sender refused", SendStage.SENDER),
        (554, "5.7.1 <x@example.org>: Relay access denied", SendStage.RECIPIENT),
        (550, "relay not permitted", SendStage.RECIPIENT),
        (554, "Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.example", SendStage.RECIPIENT),
        (550, "5.7.26 This mail is unauthenticated", SendStage.FINAL_DOT),
    ],
)
def test_what_the_operator_must_mend(code: int, text: str, stage: SendStage) -> None:
    assert blames_sender(refusal(code, text, stage))
    assert bounce_of(refusal(code, text, stage)) is None


@pytest.mark.parametrize(
    ("code", "text", "stage"),
    [
        (None, "connection lost", SendStage.CONNECT),
        (451, "4.3.0 try again later", SendStage.RECIPIENT),
        (421, "too many connections", SendStage.CONNECT),
        (550, "5.1.1 user unknown", SendStage.RECIPIENT),
        (552, "mailbox full", SendStage.RECIPIENT),
        (552, "5.3.4 Message size exceeds fixed limit", SendStage.SENDER),
        (554, "5.7.1 looks like spam", SendStage.FINAL_DOT),
        (550, "5.7.1 unsolicited mail", SendStage.FINAL_DOT),
        (554, "5.6.0 content refused", SendStage.FINAL_DOT),
        (554, "transaction failed", SendStage.FINAL_DOT),
    ],
)
def test_what_is_the_messages_or_the_recipients_own_matter(code: int | None, text: str, stage: SendStage) -> None:
    assert not blames_sender(refusal(code, text, stage))
