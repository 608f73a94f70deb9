from __future__ import annotations

from datetime import UTC, datetime
from re import sub
from urllib.parse import urlsplit

import pytest

from tests.unit.pages.sample import STORY
from worker.pages import extract_article, strip_boilerplate
from worker.pages.boilerplate.stripping import clean_lines
from worker.sample_site.article import SampleAnswer
from worker.sample_site.site import build_site


def kept(line: str, *, authors: tuple[str, ...] = (), outlet: str = "", last: bool = True) -> bool:
    lines = [*STORY, line] if last else [STORY[0], line, *STORY[1:]]
    return line in clean_lines(lines, authors=authors, outlet=outlet).text


@pytest.mark.parametrize(
    "line",
    [
        "Imogen Hartley is a correspondent of the Meridian Post.",
        "Tom Olds is a senior staff writer for the Harbour News, covering ports and fishing.",
        "Ana Lind is a correspondent at Meridian Post based in Lisbon",
        "Luis Méndez es periodista de la Gaceta del Río",
        "Ana Pereira é repórter do Jornal do Porto.",
        "Claire Morel est journaliste au Courrier du Port.",
        "Karin Holm ist Redakteurin bei der Hafenzeitung.",
        "Imogen Hartley writes about ports and ferries. Call the newsroom at 555-0119.",
        "Luis Méndez escribe sobre puertos y barcos.",
        "Tom Olds is a staff writer on the harbour desk and plays the tuba.",
        "Tom Olds joined the Harbour News in 2021 after four years at a radio station in Leeds.",
        "Luis Méndez llegó a El Muelle en 2019, tras seis años en la fuente policiaca.",
    ],
)
def test_a_note_on_the_author_ends_no_story(line: str) -> None:
    assert not kept(line)
    assert kept(line, last=False), "in the middle of a story people are introduced"


@pytest.mark.parametrize(
    "line",
    [
        "Tom Olds joined the Harbour Bank in 2021 after four years as a dealer in Leeds.",
        "Luis Méndez llegó a Puerto Alto en 2019, tras seis años de guerra.",
    ],
)
def test_where_somebody_else_came_from_stays(line: str) -> None:
    assert kept(line)


def test_what_is_said_of_the_pages_own_author_at_its_end_is_a_note() -> None:
    note = "Ana Lind lives on a boat. Her second book comes out in May."
    assert kept(note)
    assert not kept(note, authors=("Ana Lind",))
    assert kept("Ana Lind said that nobody had been asked.", authors=("Ana Lind",))
    assert kept("Ana Lind was arrested with four others on Monday.", authors=("Ana Lind",))


def test_on_a_page_with_other_authors_only_a_note_that_names_the_outlet_counts() -> None:
    line = "Imogen Hartley is a correspondent of the Meridian Post."
    assert kept(line, authors=("Tom Olds",), outlet="Harbour News")
    assert not kept(line, authors=("Tom Olds",), outlet="Meridian Post")
    assert kept("Tom Olds is a producer for Harbour Pictures.")


def test_the_outlets_line_on_itself_goes_by_the_outlets_name() -> None:
    line = "The Tribune is locally owned since 1903."
    assert not kept(line, outlet="Prairie Tribune")
    assert kept(line, outlet="Harbour News")
    assert kept("The Tribune is late today, the vendor shouted.", outlet="Prairie Tribune")
    assert not kept("Prairie Tribune", outlet="Prairie Tribune")


def test_an_authors_name_alone_is_a_byline_at_the_head_and_a_note_at_the_end() -> None:
    assert not kept("ANA LIND", authors=("Ana Lind",))
    removed = clean_lines(["Ana Lind", *STORY], authors=("Ana Lind",)).removed
    assert [each.rule for each in removed] == ["byline"]
    assert kept("Tom Olds", authors=("Ana Lind",)), "who is no author of the page may end its story"


def test_a_text_of_one_line_is_never_signed_away() -> None:
    line = "Imogen Hartley is a correspondent of the Meridian Post."
    assert strip_boilerplate(line).text == line


SITE = build_site(datetime(2026, 11, 1, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    "article", [each for each in SITE.articles if each.answer is SampleAnswer.PAGE], ids=lambda article: article.id
)
def test_a_page_of_the_sample_site_gives_its_article_and_nothing_else(article) -> None:
    url = SITE.urls[article.id]
    page = SITE.resources[article.outlet, urlsplit(url).path]
    found = extract_article(page.body, url, content_type=page.content_type)
    assert found.text.split("\n\n") == [sub(r"\[([^]]+)\]", r"\1", text) for text in article.paragraphs]
