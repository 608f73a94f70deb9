import email
import email.policy
import os
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from worker.digests import (
    MAX_HTML_BYTES,
    DigestArticle,
    DigestStory,
    as_wire,
    build,
    render,
    render_all,
    render_html,
    render_text,
)
from worker.errors import ConfigurationError
from worker.text.languages import digest_languages

GOLDEN = Path(__file__).parents[2] / "golden" / "digests"
CVE_2024_6923 = "=?utf-8?q?Hi=0D=0ABcc:_victim=40example.org?="


class Tags(HTMLParser):
    """Start tags with their attributes, in order, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data) -> None:
        self.words += data


def shape(html: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(tag, tuple(attributes)) for tag, attributes in Tags(html).tags]


@pytest.mark.parametrize("language", [one.code for one in digest_languages()])
@pytest.mark.parametrize("kind", ["html", "txt"])
def test_golden(sample, links, language: str, kind: str) -> None:
    """`UPDATE_GOLDEN=1 pytest tests/unit/digests` writes the files anew; look before you keep them."""
    rendered = render_all(sample(language), links=links)
    text = rendered.html if kind == "html" else rendered.text
    path = GOLDEN / f"digest.{language}.{kind}"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


def test_headers(sample, links) -> None:
    raw = as_wire(render(sample("en"), links=replace(links, feedback_id="7:digest:storywatch")))
    message = email.message_from_bytes(raw, policy=email.policy.strict)
    assert dict(message.items()) == {
        "From": "Storywatch <digest@example.org>",
        "To": "Ana Peña <ana@example.org>",
        "Date": "Sat, 21 Nov 2026 13:30:00 +0000",
        "Message-ID": links.message_id,
        "Subject": "3 stories: Asylum appointments to double at three ports of entry",
        "List-ID": "<digest.example.org>",
        "List-Unsubscribe": "<https://news.example.org/unsubscribe/token>,"
        " <mailto:unsubscribe@example.org?subject=token>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "Feedback-ID": "7:digest:storywatch",
        "MIME-Version": "1.0",
        "Content-Type": message["Content-Type"],
    }
    assert message.get_content_type() == "multipart/alternative"


def test_one_click_is_promised_over_https_only(sample, links) -> None:
    """RFC 8058, 3.1; by mail it is always possible."""
    plain = replace(links, unsubscribe=links.unsubscribe.replace("https", "http"))
    message = render(sample("en"), links=plain)
    assert message["List-Unsubscribe"] == "<mailto:unsubscribe@example.org?subject=token>"
    assert message["List-Unsubscribe-Post"] is None
    assert "http://news.example.org/unsubscribe/token" in message.get_body(("html",)).get_content()


def test_parts_are_text_then_html_and_whole(sample, links) -> None:
    rendered = render_all(sample("es"), links=links)
    message = email.message_from_bytes(as_wire(rendered.message), policy=email.policy.strict)
    text, html = message.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert [p.get_content().replace("\r\n", "\n") for p in (text, html)] == [rendered.text, rendered.html]
    assert rendered.message["Subject"].startswith("3 noticias: ")


def test_the_same_digest_gives_the_same_bytes(sample, links) -> None:
    assert as_wire(render(sample("en"), links=links)) == as_wire(render(sample("en"), links=links))


def test_without_links_of_its_own(sample, links) -> None:
    bare = replace(links, archive="", manage="", unsubscribe="", unsubscribe_mailto="", postal_address="", feedback={})
    message = render(sample("en"), links=bare)
    assert "List-Unsubscribe" not in message
    assert "List-Unsubscribe-Post" not in message
    html = render_html(sample("en"), links=bare)
    assert "Unsubscribe" not in html
    assert {a["href"] for tag, a in Tags(html).tags if tag == "a"} == {
        article.url for section in sample("en").sections for story in section.stories for article in story.articles
    }


def test_nothing_is_loaded(sample, links) -> None:
    html = render_html(sample("en"), links=links)
    tags = Tags(html).tags
    assert {tag for tag, _ in tags}.isdisjoint({"img", "link", "script", "iframe", "object", "embed", "video", "audio"})
    assert not re.search(r"url\(|@import|\ssrc=|background=", html)


def test_empty_digest(period, sample, links) -> None:
    reader = sample("en").subscriber
    for language, watched, line in [
        ("en", 41, "Nothing matched your topics; all 41 feeds healthy."),
        ("es", 41, "Nada coincidió con sus temas; las 41 fuentes funcionan bien."),
        ("pt", 1, "Nada correspondeu aos seus temas; a única fonte funciona bem."),
        ("en", 0, "Nothing matched your topics."),
    ]:
        digest = build(replace(reader, language=language), [], period, send_empty=True, feeds_watched=watched)
        assert digest is not None
        rendered = render_all(digest, links=links)
        assert line in rendered.text
        assert line in Tags(rendered.html).words
    troubled = build(reader, [], period, send_empty=True, feeds_watched=41, troubles=sample("en").troubles)
    assert troubled is not None
    assert "40 of 41 feeds healthy" in render_text(troubled, links=links)


HOSTILE = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus=alert(1) '",
    "</style><svg onload=alert(1)>",
    "<!--",
    "-->",
    "]]>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "\u202egnp.exe",
    "a\u2028b\u2029c\0d\x1b[31m",
    CVE_2024_6923,
    "Hi\r\nBcc: victim@example.org",
    "x" * 10_000,
    "Z" + "\u0301" * 5_000,
    "👩‍👩‍👧‍👦🏳️‍🌈" * 50,
    "x\ud800\udfff",
    "\u200b" * 300 + "x",
    "<plaintext>",
    "<![if mso]>",
    "<table></td></tr>",
    "https://user@evil.example/",
    ".",
    "..\r\n.\r\n",
    "From me",
    "% %s %(num)s {0}",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "field", ["title", "outlet", "excerpt", "language", "wire", "reprints", "matched", "topic_title", "name"]
)
def test_hostile_text_changes_neither_the_page_nor_the_headers(one_story, links, field: str, text: str) -> None:
    plain: object = "Plain"
    value: object = text
    if field in {"reprints", "matched"}:
        plain, value = ("Plain",), (text,)
    if field == "language":
        plain = None  # what is not a code gives neither a mark nor a lang=
    expected = render_html(one_story(**{field: plain}), links=links)
    rendered = render_all(one_story(**{field: value}), links=links)
    assert shape(rendered.html) == shape(expected)
    raw = as_wire(rendered.message)
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    parsed = email.message_from_bytes(raw, policy=email.policy.strict)
    assert parsed.keys() == rendered.message.keys()
    assert "Bcc" not in parsed
    assert len(set(parsed.keys())) == len(parsed.keys())


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_links_are_left_out(one_story, links, text: str) -> None:
    html = render_html(one_story(url=text), links=links)
    assert shape(html) == shape(render_html(one_story(url=""), links=links))


@pytest.mark.parametrize("stories", [0, 1, 25, 100])
@pytest.mark.parametrize("filler", ["Ordinary words in a row. ", "&<>\"'" * 5, "ñandú 🦤 "])
def test_html_is_never_clipped(period, sample, links, stories: int, filler: str) -> None:
    articles = tuple(
        DigestArticle(
            filler * 40,
            "https://outlet.example/?" + "&" * 1900,
            filler + str(n),
            "es",
            period.end,
            filler * 40,
            (filler,) * 9,
            feed_only=True,
            wire=filler,
        )
        for n in range(9)
    )
    many = [DigestStory(n, 1, f"{n % 7}{filler * 9}", 0.5, articles, (filler * 9,) * 9, 3) for n in range(stories)]
    troubles = list(sample("en").troubles) * 50
    digest = build(
        sample("en").subscriber,
        many,
        period,
        limit=1000,
        send_empty=True,
        troubles=troubles,
        feeds_watched=99,
    )
    assert digest is not None
    rendered = render_all(digest, links=links)
    assert len(rendered.html.encode()) <= MAX_HTML_BYTES
    shown = rendered.html.count("<h3")
    assert shown >= min(stories, 1)
    assert rendered.message["Subject"].startswith(f"{shown} stor" if stories else "No new")
    if shown < stories:
        assert f"{stories - shown} more stor" in rendered.text
    whole = render_html(digest, links=links, max_bytes=None)
    assert whole.count("<h3") == stories


def test_ordinary_25_stories_keep_their_excerpts(period, sample, links) -> None:
    reports = tuple(
        DigestArticle(
            "A headline of ordinary length for a story of the day",
            f"https://outlet.example/2026/11/{n}",
            f"Outlet {n}",
            "en",
            period.end - timedelta(hours=n),
            "Twelve words make one sentence of it. " * 5,
        )
        for n in range(3)
    )
    stories = [DigestStory(n, 1, "t", 0.5, reports, ("a term", "another term")) for n in range(25)]
    digest = build(sample("en").subscriber, stories, period)
    assert digest is not None
    html = render_html(digest, links=links)
    assert html.count("Twelve words make one sentence of it.") == 25 * 5


def test_local_times(one_story, period, links) -> None:
    digest = one_story(published=period.end.replace(hour=3, minute=5))
    zoned = replace(digest, subscriber=replace(digest.subscriber, zone="America/Tijuana"))
    assert "- Outlet, 03:05" in render_text(digest, links=links)
    assert "- Outlet, Nov 20, 19:05" in render_text(zoned, links=links)


def test_many_tellings_are_counted(one_story, links) -> None:
    digest = one_story(reprints=("A", "B", "A", "C", "D", "E"))
    section = digest.sections[0]
    story = replace(section.stories[0], articles=section.stories[0].articles * 8)
    text = render_text(replace(digest, sections=(replace(section, stories=(story,)),)), links=links)
    assert "+6 reprints: A, B, C, D, …" in text
    assert "+2 more reports" in text


@pytest.mark.parametrize(
    ("field", "value"),
    [("address", "ana@example.org\r\nBcc: x@y.example"), ("zone", "Mars/Base"), ("language", "de")],
)
def test_a_bad_subscriber_is_a_configuration_error(sample, links, field: str, value: str) -> None:
    digest = sample("en")
    with pytest.raises(ConfigurationError):
        render(replace(digest, subscriber=replace(digest.subscriber, **{field: value})), links=links)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sender", "nobody"),
        ("message_id", "<a@b>\r\nX: y"),
        ("message_id", "none"),
        ("feedback_id", "a b"),
        ("unsubscribe_mailto", "x@y.example?subject=a>, <b"),
        ("unsubscribe_mailto", "x@y.example?a\r\nBcc: z"),
    ],
)
def test_bad_links_are_a_configuration_error(sample, links, field: str, value: str) -> None:
    with pytest.raises(ConfigurationError):
        render(sample("en"), links=replace(links, **{field: value}))


def test_a_story_without_title_outlet_or_link(one_story, links) -> None:
    rendered = render_all(one_story(title="\u200b", outlet="", url="", matched=("",), excerpt=""), links=links)
    assert rendered.message["Subject"] == "1 story: untitled"
    assert "- —, 13:30\n" in rendered.text
    assert "matched" not in rendered.text


def test_a_story_without_title_is_called_by_the_beginning_of_its_text(one_story, links) -> None:
    text = "Two hundred people wait at the bridge. It is cold."
    rendered = render_all(one_story(title="", excerpt=text), links=links)
    assert rendered.message["Subject"] == "1 story: Two hundred people wait at the bridge."
    assert rendered.text.count("Two hundred people wait") == 1
    assert "  It is cold." in rendered.text


class TestTheme:
    def test_a_template_is_replaced(self, sample, links) -> None:
        templates = {"digest.txt.jinja": "{{ digest.subject }}\r\n{{ digest.sections | length }}"}
        text = render_text(sample("en"), links=links, templates=templates)
        assert text.splitlines() == ["3 stories: Asylum appointments to double at three ports of entry", "2"]
        assert render_html(sample("en"), links=links, templates=templates) == render_html(sample("en"), links=links)

    def test_it_is_escaped_too(self, one_story, links) -> None:
        templates = {"digest.html.jinja": "<p>{{ digest.sections[0].stories[0].headline }}</p>"}
        assert "<script" not in render_html(one_story(title="<script>"), links=links, templates=templates)

    @pytest.mark.parametrize(
        "source", ["{% for %}", "{{ digest.nothing }}", "{{ digest.__class__.__mro__ }}", "{% include 'x' %}"]
    )
    def test_a_faulty_one_is_a_configuration_error(self, sample, links, source: str) -> None:
        with pytest.raises(ConfigurationError, match=r"digest\.html\.jinja"):
            render(sample("en"), links=links, templates={"digest.html.jinja": source})

    def test_an_unknown_name_is_a_configuration_error(self, sample, links) -> None:
        with pytest.raises(ConfigurationError, match=r"mail\.html"):
            render(sample("en"), links=links, templates={"mail.html": ""})
