"""Whatever a stranger writes: a header stays one header, and the mail keeps its five of each once."""

from __future__ import annotations

import email
import email.policy
import json
from dataclasses import replace
from pathlib import Path

import pytest

from worker.digests import as_wire, render
from worker.errors import ConfigurationError

HOSTILE = Path(__file__).parents[4] / "shared" / "bench" / "hostile"
ONCE = ("From", "To", "Date", "Message-ID", "Subject", "MIME-Version", "Content-Type")
SET_BY_US = ("sender", "list_id", "message_id", "unsubscribe", "unsubscribe_mailto", "feedback_id", "postal_address")
BREAKS = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1e", "\x85", "\u2028", "\u2029", "\x00", "\r\n\t", "%0d%0a"]
PAYLOADS = [
    *(f"News{one}Bcc: victim@example.org{one}{one}Body" for one in BREAKS),
    "=?utf-8?q?News=0D=0ABcc:_victim=40example.org?=",
    "=?utf-8?b?TmV3cw0KQmNjOiB2aWN0aW1AZXhhbXBsZS5vcmc=?=",
    "=?utf-8?q?a?= =?utf-8?q?=0D=0ABcc:_b?=",
    "=?=?utf-8?q?nested?=?=",
    "=\u200b?utf-8?q?=0D=0ABcc:_x?=",
    '"quoted\\" <other@example.org>',
    "<script>alert(1)</script>",
    "\u202egnp.exe",
    "\ud800 half a pair",
    "e" + "\u0301" * 500,
    "x" * 10_000,
    "ñ" * 10_000,
    "word " * 5_000,
    "👩‍👩‍👧‍👦" * 300,
    "From: x",
    "-- ",
    ".",
    "",
]


def check(raw: bytes, address: str = "ana@example.org") -> None:
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r") == raw.count(b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    for policy in (email.policy.strict, email.policy.compat32):
        message = email.message_from_bytes(raw, policy=policy)
        assert {name: len(message.get_all(name, [])) for name in ONCE} == dict.fromkeys(ONCE, 1)
        assert {"Bcc", "Cc", "Reply-To", "Set-Cookie", "X-Injected"}.isdisjoint(message.keys())
    parsed = email.message_from_bytes(raw, policy=email.policy.strict)
    assert [one.addr_spec for one in parsed["To"].addresses] == [address]
    assert [one.addr_spec for one in parsed["From"].addresses] == ["digest@example.org"]


@pytest.mark.parametrize("text", PAYLOADS, ids=range(len(PAYLOADS)))
def test_everything_that_reaches_a_header(one_story, links, text: str) -> None:
    digest = one_story(title=text, name=text, topic_title=text, outlet=text)
    check(as_wire(render(digest, links=links)))
    # What only a person of ours can set either holds, is cleaned, or is refused.
    for name in (
        "sender",
        "list_id",
        "message_id",
        "unsubscribe",
        "unsubscribe_mailto",
        "feedback_id",
        "postal_address",
    ):
        given = f"{text} <digest@example.org>" if name == "sender" else text
        try:
            raw = as_wire(render(digest, links=replace(links, **{name: given})))
        except ConfigurationError:
            continue
        check(raw)


@pytest.mark.bench
@pytest.mark.parametrize("name", ["header_injection", "blns"])
def test_the_lists(one_story, links, name: str) -> None:
    for text in json.loads((HOSTILE / f"{name}.json").read_text("utf-8")):
        check(as_wire(render(one_story(title=text, name=text, topic_title=text, outlet=text), links=links)))


@pytest.mark.parametrize("address", ["ana@example.org\r\nBcc: x@example.org", "a@b@c", "<x>", "", "x\u2028@y.example"])
def test_an_address_is_refused_not_mended(one_story, links, address: str) -> None:
    digest = one_story()
    hostile = replace(digest, subscriber=replace(digest.subscriber, address=address))
    with pytest.raises(ConfigurationError):
        render(hostile, links=links)
