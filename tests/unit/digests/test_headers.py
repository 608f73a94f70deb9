import pytest

from worker.digests import checked_address, header_text, message_id
from worker.digests.headers import list_id, sender_parts
from worker.digests.wire import address_header, text_header, token_header
from worker.errors import ConfigurationError


def test_header_text_drops_what_breaks_or_turns_a_line() -> None:
    assert header_text("Hi\r\nBcc: x@y.example") == "Hi Bcc: x@y.example"
    assert header_text("a\u2028b\u2029c\x85d\x0be\0f") == "a b c d ef"
    assert header_text("\u202egnp.exe\u2066 zero\u200bwidth\ufeff") == "gnp.exe zerowidth"


def test_encoded_words_are_not_left_whole() -> None:
    assert header_text("=?utf-8?q?Hi=0D=0ABcc:_x?=") == "= ?utf-8?q?Hi=0D=0ABcc:_x? ="
    assert header_text("=\u200b?utf-8?q?x?\u200b=") == "= ?utf-8?q?x? ="


def test_message_id_is_the_same_for_the_same_key() -> None:
    first = message_id("7:scheduled:2026-11-21", "example.org")
    assert first == message_id("7:scheduled:2026-11-21", "example.org")
    assert first != message_id("8:scheduled:2026-11-21", "example.org")
    assert first.endswith("@example.org>")


@pytest.mark.parametrize("domain", ["", "exa mple.org", "example.org>\r\nBcc: x", "ex@mple.org", "é.example"])
def test_message_id_needs_a_host_name(domain: str) -> None:
    with pytest.raises(ConfigurationError):
        message_id("key", domain)


@pytest.mark.parametrize("address", ["ana@example.org", "a.b+c@sub.example.org", "ops@localhost", "o'hara@example.ie"])
def test_addresses_that_hold(address: str) -> None:
    assert checked_address(address) == address


def test_a_foreign_domain_takes_its_idna_form() -> None:
    assert checked_address("ana@peña.example") == "ana@xn--pea-8ma.example"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "@example.org",
        "ana@",
        "a b@example.org",
        "ana@example.org\r\nBcc: x@y.example",
        "ana@example..org",
        ".ana@example.org",
        "ana.@example.org",
        "a,b@example.org",
        "<ana@example.org>",
        "peña@example.org",
        '"a"@b.example',
        "ana@-example.org",
        "a" * 65 + "@example.org",
        "ana@" + "x" * 300 + ".org",
        "ana@=?utf-8?q?x?=",
        "ana@a\u2028b.org",
    ],
)
def test_addresses_that_do_not(address: str) -> None:
    with pytest.raises(ConfigurationError, match="mail address"):
        checked_address(address)


@pytest.mark.parametrize(
    ("sender", "parts"),
    [
        ("digest@example.org", ("", "digest@example.org")),
        ("Storywatch <digest@example.org>", ("Storywatch", "digest@example.org")),
        ('"Desk, North" <digest@example.org>', ("Desk, North", "digest@example.org")),
        ("<digest@example.org>", ("", "digest@example.org")),
    ],
)
def test_sender(sender: str, parts: tuple[str, str]) -> None:
    assert sender_parts(sender) == parts


@pytest.mark.parametrize("sender", ["", "a <b> <c@example.org>", "x@y.example, z@y.example", "Name only"])
def test_sender_refused(sender: str) -> None:
    with pytest.raises(ConfigurationError):
        sender_parts(sender)


def test_list_id() -> None:
    assert list_id("digest.example.org") == "<digest.example.org>"
    assert list_id("News <digest.example.org>") == "<digest.example.org>"
    assert list_id("a\r\nBcc: b") == "<a-bcc-b>"
    assert list_id("") == "<storywatch.localhost>"


def test_a_long_plain_subject_is_folded_between_words() -> None:
    header = text_header("Subject", "word " * 25 + "end")
    assert len(header.lines) == 2
    assert " ".join(header.lines) == "word " * 25 + "end"


def test_an_endless_or_foreign_subject_is_encoded() -> None:
    for value in ("x" * 120, "El año de las ñ " * 7 + "fin"):
        lines = text_header("Subject", value).lines
        assert all(line.startswith("=?utf-8?q?") and line.endswith("?=") and len(line) <= 75 for line in lines)
        assert len("Subject: " + lines[0]) <= 76


def test_names_are_quoted() -> None:
    assert address_header("To", 'Ana "x" \\', "a@b.example").lines == ('"Ana \\"x\\" \\\\" <a@b.example>',)


def test_tokens_are_never_broken() -> None:
    url = "<https://example.org/" + "x" * 200 + ">,"
    assert token_header("List-Unsubscribe", url, "<mailto:a@b.example>").lines == (
        url,
        "<mailto:a@b.example>",
    )
