"""A digest as bytes: read by a strict parser without a complaint."""

from __future__ import annotations

import email
from email.policy import SMTP, strict

import pytest

from worker.digests import RenderedDigest, as_wire

ONCE = ("From", "To", "Date", "Message-ID", "Subject", "MIME-Version", "List-ID", "List-Unsubscribe")


@pytest.mark.parametrize("policy", [strict, SMTP], ids=["strict", "smtp"])
def test_a_strict_parser_finds_no_defect(rendered: dict[tuple[int, str], RenderedDigest], policy) -> None:  # type: ignore[no-untyped-def]
    for one in rendered.values():
        raw = as_wire(one.message)
        message = email.message_from_bytes(raw, policy=policy.clone(raise_on_defect=True))
        assert [part.defects for part in message.walk() if part.defects] == []
        assert [value.defects for value in message.values() if value.defects] == []
        assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
        assert message.get_body(("html",)).get_content().replace("\r\n", "\n") == one.html
        assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == one.text
        for name in ONCE:
            assert len(message.get_all(name)) == 1, name


def test_the_wire_is_ascii_with_short_lines(rendered: dict[tuple[int, str], RenderedDigest]) -> None:
    for one in rendered.values():
        raw = as_wire(one.message)
        assert raw.isascii()
        assert raw.endswith(b"\r\n")
        assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
        assert max(map(len, raw.split(b"\r\n"))) <= 998
