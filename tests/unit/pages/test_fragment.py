from __future__ import annotations

import pytest

from worker.pages import PageKind, extract_fragment, plain_text

SENTENCE = "The harbour council said on Monday that fares on the northern line would rise by a tenth from May. "


def test_blocks_become_paragraphs() -> None:
    html = f"<div><p>{SENTENCE * 3}</p><p>Second <b>part</b> of it: {SENTENCE * 2}</p>"
    html += "<ul><li>One thing said.</li></ul></div>"
    article = extract_fragment(html, title="Ferry <b>fares</b> rise", url="https://example.org/a?utm_source=rss")
    assert article.kind is PageKind.ARTICLE
    assert article.title == "Ferry fares rise"
    assert article.canonical_url == "https://example.org/a"
    assert article.language == "en"
    assert [p[:10] for p in article.text.split("\n\n")] == ["The harbou", "Second par", "One thing "]


@pytest.mark.parametrize("end", [" […]", "… <a href='/x'>Continue reading</a>", "<p>Read more</p>", " [&#8230;]"])
def test_a_text_that_says_it_is_cut_off_is_partial(end: str) -> None:
    article = extract_fragment(f"<p>{SENTENCE * 5}and then{end}</p>", title="Ferry fares rise")
    assert article.kind is PageKind.PARTIAL
    assert "cut off" in article.reason


def test_a_short_text_is_partial_and_none_is_no_article() -> None:
    assert extract_fragment(SENTENCE, title="Fares").kind is PageKind.PARTIAL
    for nothing in ("", "<img src=x>", "<p> </p>", "<script>x</script>"):
        article = extract_fragment(nothing, title="Fares", language="es-MX")
        assert article.kind is PageKind.NOT_AN_ARTICLE
        assert article.reason


def test_boilerplate_of_feeds_goes() -> None:
    html = f"<p>{SENTENCE * 4}</p><p>Read also: Port strike ends</p><p>The post appeared first.</p>"
    article = extract_fragment(html, title="Fares")
    assert [line.rule for line in article.removed] == ["read-also"]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Caf&eacute; &amp; bar", "Café & bar"),
        ("Tom &amp;amp; Ana", "Tom & Ana"),
        ("<b>Fares</b>\n rise", "Fares rise"),
        ("a < b and c > d", "a < b and c > d"),
        ("x\u202egnp\u200b.exe\x00", "xgnp.exe"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Fares", "alert(1)Fares"),
        ("", ""),
    ],
)
def test_plain_text(html: str, text: str) -> None:
    assert plain_text(html) == text


def test_plain_text_is_bounded() -> None:
    assert len(plain_text("word " * 100_000)) <= 1000


@pytest.mark.parametrize(
    "tail", ["", "&nbsp;&nbsp;<font color=gray>Mole Gazette</font>"], ids=["links alone", "with outlets' names"]
)
def test_headlines_of_others_are_no_text(tail: str) -> None:
    items = "".join(f"<li><a href=/{n}>How the pier number {n} came to burn</a>{tail}</li>" for n in range(3))
    article = extract_fragment(f"<ol>{items}</ol>", title="A pier burns")
    assert (article.kind, article.text) == (PageKind.NOT_AN_ARTICLE, "")


def test_a_linked_sentence_is_a_text() -> None:
    assert extract_fragment(f"<a href=/x>{SENTENCE}</a>", title="Fares").text == SENTENCE.strip()


def test_a_post_without_a_title_may_be_a_link() -> None:
    assert extract_fragment("<a href=/x>The pier at dawn, from the mole</a>", title="").text.startswith("The pier")
