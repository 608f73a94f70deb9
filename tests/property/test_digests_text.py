import email
import email.policy
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.header import decode_header

from hypothesis import given, settings
from hypothesis import strategies as st

from worker.digests import (
    MAX_HTML_BYTES,
    DigestArticle,
    DigestLinks,
    DigestStory,
    DigestSubscriber,
    Period,
    SourceTrouble,
    as_wire,
    build,
    excerpt,
    header_text,
    message_id,
    render,
    render_all,
    safe_href,
)
from worker.digests.text import one_line
from worker.digests.wire import quoted_printable

END = datetime(2026, 3, 1, 12, tzinfo=UTC)
NASTY = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.text('=?_ \r\n\0abc\u202e\u200d\u2028é.,:;<>@"\\', max_size=12),
        st.sampled_from(
            [
                "=?utf-8?q?Hi=0D=0ABcc:_x@y.example?=",
                "=?utf-8?b?DQo=?=",
                "\r\nBcc: x",
                "?=",
                "=?",
                "🧑‍🚀",
                "ñ ",
            ]
        ),
    ),
    max_size=12,
).map("".join)


@given(NASTY, st.integers(1, 80))
def test_header_text_is_harmless(text: str, limit: int) -> None:
    safe = header_text(text, limit)
    assert len(safe) <= limit
    assert "=?" not in safe
    assert "?=" not in safe
    assert safe == " ".join(safe.split())
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b-\u200f]", safe)
    assert header_text(safe, limit) == safe


@given(NASTY, st.integers(1, 60))
def test_one_line_is_bounded_and_settled(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert line.splitlines() in ([], [line])


HEADINGS = ["By Ana Ruiz", "Redacción", "Tijuana, B.C., 3 de mayo", "WASHINGTON"]


def what_may_open(text: str) -> Iterator[str]:
    """`text`, and what is left of it after each line that may say only who wrote it, where or when."""
    lines = [line for each in text.splitlines() if (line := " ".join(each.split()))]
    for number in range(len(lines) + 1):
        words = " ".join(lines[number:]).split()
        yield " ".join(words)
        for place in range(1, min(len(words), 9)):
            if words[place - 1][-1] in ".-–—":
                yield " ".join(words[place:])
        if number < len(lines) and len(lines[number].split()) > 3 and not lines[number][0].isupper():
            return


@given(st.lists(st.sampled_from(HEADINGS), max_size=2), st.text(max_size=600), st.integers(1, 3), st.integers(2, 120))
def test_excerpt_is_a_beginning_but_for_byline_and_dateline(
    headings: list[str], text: str, sentences: int, characters: int
) -> None:
    cut = excerpt("\n".join([*headings, text]), sentences=sentences, characters=characters)
    assert len(cut) <= characters
    begun = cut.removesuffix("…")
    openings = list(what_may_open("\n".join([*headings, text])))
    assert any(rest.startswith((cut, begun)) if cut else not rest for rest in openings)


def display_name(raw: bytes) -> str:
    """The recipient's name. Not by `.addresses`: Python 3.11 puts a space between two encoded words there."""
    value = re.search(rb"^To:(.*?) <?ana@", raw.replace(b"\r\n ", b" "), re.MULTILINE)[1].strip().decode()
    if value.startswith('"'):
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    words = re.sub(r"\?= =\?", "?==?", value)
    return b"".join(b for b, _ in decode_header(words)).decode() if value else ""


@settings(max_examples=60)
@given(NASTY, NASTY, NASTY)
def test_message_holds_what_it_was_given_and_nothing_more(title: str, name: str, sender: str) -> None:
    story = DigestStory(1, 1, "t", 0.5, (DigestArticle(title, "", "Outlet", "en", END, title),))
    reader = DigestSubscriber("ana@example.org", name, "en", "UTC")
    digest = build(reader, [story], Period(END - timedelta(days=1), END), topic_titles={"t": title})
    assert digest is not None
    sender_name = re.sub(r'[<>"]', "", sender)
    links = DigestLinks(f"{sender_name} <digest@example.org>", "list.example.org", message_id("k", "example.org"))
    raw = as_wire(render(digest, links=links))
    assert raw.isascii()
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|\0", raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    parsed = email.message_from_bytes(raw, policy=email.policy.strict)
    assert parsed.keys() == [
        "From",
        "To",
        "Date",
        "Message-ID",
        "Subject",
        "List-ID",
        "Auto-Submitted",
        "MIME-Version",
        "Content-Type",
    ]
    assert parsed["Subject"] == header_text("1 story: " + (one_line(title, 200) or "untitled"))
    assert [a.addr_spec for a in parsed["To"].addresses] == ["ana@example.org"]
    assert display_name(raw) == header_text(name, 60)
    assert [a.addr_spec for a in parsed["From"].addresses] == ["digest@example.org"]
    assert not any(value.defects for value in parsed.values())
    assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain", "text/html"]


@given(st.text(max_size=300))
def test_quoted_printable_can_be_read_back(text: str) -> None:
    part = email.message_from_bytes(
        b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
        + quoted_printable(text).encode(),
        policy=email.policy.default,
    )
    assert part.get_content() == text.replace("\r\n", "\n").replace("\r", "\n")


@given(st.one_of(st.text(max_size=80), NASTY.map("https://h.example/".__add__), NASTY.map("javascript:".__add__)))
def test_links_are_web_links_or_none(url: str) -> None:
    href = safe_href(url)
    assert re.fullmatch(r"(?:https?://[A-Za-z0-9.\-_:\[\]]+(?:[/?#][A-Za-z0-9%/:?@!$&'()*+,;=~._#-]*)?)?", href)
    assert safe_href(href) == href


LONG = st.builds(
    lambda piece, times: piece * times,
    st.sampled_from(
        ["<b>&\"'", "ñandú ", "\u202eabc", "x", "\u200b\u0301e", "🧑‍🚀", "a" * 60 + " ", "https://x.example/&"]
    ),
    st.integers(1, 2_000),
)


@given(LONG, LONG, st.integers(0, 60), st.integers(1, 9), st.sampled_from(["en", "es"]))
@settings(max_examples=12)
def test_no_input_makes_a_page_that_gmail_would_clip(
    title: str, other: str, count: int, reports: int, language: str
) -> None:
    articles = tuple(
        DigestArticle(
            title, f"https://a.example/{n}?{other}"[:3000], other, "es", END, title, (other,) * 9, True, title
        )
        for n in range(reports)
    )
    stories = [DigestStory(n, 1, f"{n % 5}{other}", 0.5, articles, (title, other) * 4, n % 3) for n in range(count)]
    digest = build(
        DigestSubscriber("ana@example.org", title, language, "UTC"), stories, Period(END - timedelta(days=1), END),
        limit=200, send_empty=True, troubles=[SourceTrouble(title, other, title)] * count,
    )  # fmt: skip
    assert digest is not None
    page = "https://news.example.org/" + "t" * 300
    links = DigestLinks(
        sender="Storywatch <s@example.org>", list_id="digest.example.org", message_id=message_id("k", "example.org"),
        archive=page, manage=page, unsubscribe=page, postal_address=other,
        feedback={n: (f"{page}/{n}/yes", f"{page}/{n}/no") for n in range(count)},
    )  # fmt: skip
    rendered = render_all(digest, links=links)
    assert len(rendered.html.encode()) <= MAX_HTML_BYTES
    assert page in rendered.html
    assert max(map(len, as_wire(rendered.message).split(b"\r\n"))) <= 998
