"""A single mail: strict on the wire, the link in both parts, nobody else's markup or headers."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime

import pytest

from worker.digests import Letter, as_wire, message_id, write_letter
from worker.errors import ConfigurationError

AT = datetime(2026, 11, 21, 7, tzinfo=UTC)
LINK = "https://watch.example/confirm/" + "t" * 300
LETTER = Letter(
    "es", "Confirma tu boletín", ("Migración: cada día a las 07:00.",), "Sí, quiero", LINK, ("Si no…",), "1 Main St"
)


def sent(letter: Letter = LETTER, recipient: str = "ana@example.org") -> bytes:
    known_as = message_id("k", "example.org")
    return as_wire(
        write_letter(letter, sender="Storywatch <s@example.org>", recipient=recipient, message_id=known_as, at=AT)
    )


def test_it_is_a_strict_message_with_the_link_in_both_parts() -> None:
    wire = sent()
    assert wire.isascii()
    assert max(map(len, wire.split(b"\r\n"))) <= 998
    message = email.message_from_bytes(wire, policy=email.policy.strict)
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert (message["Subject"], message["Auto-Submitted"]) == ("Confirma tu boletín", "auto-generated")
    for part in message.iter_parts():
        assert LINK in part.get_content()
        assert "Migración: cada día" in part.get_content()
        assert "1 Main St" in part.get_content()


def test_what_is_put_in_is_escaped_and_makes_no_header() -> None:
    hostile = "<script>x</script>\r\nBcc: c@d.example =?utf-8?q?a=0d=0aBcc:x?="
    message = email.message_from_bytes(sent(Letter("en", hostile, (hostile,), "b", LINK)), policy=email.policy.strict)
    assert message["Bcc"] is None
    html = message.get_body(("html",)).get_content()
    assert "<script" not in html


@pytest.mark.parametrize("recipient", ["", "nobody", "a@b.example\r\nBcc: c@d.example", "=?q?x?=@b.example"])
def test_it_goes_to_an_address_only(recipient: str) -> None:
    with pytest.raises(ConfigurationError, match="mail address"):
        sent(recipient=recipient)
