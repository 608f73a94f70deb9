"""The second hand's world: its pages hold their stories, its feeds can be read, its lines are its own."""

from __future__ import annotations

import json
import random
import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from importlib.resources import files
from xml.etree import ElementTree

import feedparser
import pytest

from benchmarks.world.articles import INVENTED, START, build_world
from benchmarks.world.feeds import KINDS, Channel, Item
from benchmarks.world.outlets import FIRST, Outlet, draw_outlets
from benchmarks.world.said import Said, Teaser
from benchmarks.world.second import SECOND
from benchmarks.world.second.feeds import SECOND_KINDS
from benchmarks.world.second.letters import bind, curl, sentences, soften, stuff
from benchmarks.world.site import Site
from benchmarks.world.templates import render_page
from benchmarks.world.truth import Answer, Label, Piece, Report

LANGUAGES = ("en", "es")
PARAGRAPHS = tuple(
    f'Paragraph {number} says "nothing remarkable" of the harbourmaster\'s {number * 7} boats. Nobody here <objects>.'
    for number in range(1, 8)
)
URL, HOME = "http://desk.example/harbour/r0001.html", "http://desk.example"
TEASERS = [
    Teaser(f"Elsewhere {number}", f"{HOME}/{number}", "So it is there.", ("It is so.",) * 3) for number in range(6)
]


@pytest.fixture
def outlets() -> dict[str, Outlet]:
    """An outlet of each language."""
    drawn = draw_outlets(random.Random(1), SECOND)
    return {name: next(one for one in drawn if one.language == name and not one.habit) for name in LANGUAGES}


def said(language: str, answer: Answer = Answer.PAGE, paragraphs: tuple[str, ...] = PARAGRAPHS) -> Said:
    piece = Piece("p", "Harbour & quay", paragraphs, language, Label.NO)
    report = Report("r0001", piece, "o0", START, piece.title, paragraphs, "p", answer=answer)
    return Said(report, piece.title, paragraphs, START)


def letters(html: str) -> str:
    """Return the letters alone, with scripts' pieces put together."""
    joined = re.sub(r'"\]\)</script>\s*<script>self\.__next_f\.push\(\[1,"', "", html)
    text = joined.replace("\\u003c", "&lt;").replace("\\\\u003c", "&lt;")
    return re.sub(r"\W+", "", unescape(unescape(re.sub(r"<[^>]*>", "", text))))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layout", [*SECOND.layouts, "post", "brief"])
def test_every_layout_holds_all_of_its_story(layout: str, language: str, outlets: dict[str, Outlet]) -> None:
    posts = layout == "post"
    html = render_page(replace(outlets[language], layout=layout, posts=posts), said(language), URL, HOME, TEASERS)
    page = letters(html)
    assert [one for one in PARAGRAPHS if letters(one.replace("<", "&lt;")) not in page] == []
    places = [page.rindex(letters(one.replace("<", "&lt;"))) for one in PARAGRAPHS]
    assert places == sorted(places), "in their order"


@pytest.mark.parametrize("paragraphs", [PARAGRAPHS[:1], PARAGRAPHS[:2]])
@pytest.mark.parametrize("layout", SECOND.layouts)
def test_every_layout_takes_a_story_of_a_line_or_two(
    layout: str, paragraphs: tuple[str, ...], outlets: dict[str, Outlet]
) -> None:
    html = render_page(replace(outlets["en"], layout=layout), said("en", paragraphs=paragraphs), URL, HOME, TEASERS)
    assert letters(paragraphs[-1].replace("<", "&lt;")) in letters(html)


@pytest.mark.parametrize("answer", [answer for answer in Answer if answer is not Answer.PAGE])
def test_no_wall_shows_the_end_of_the_story(answer: Answer, outlets: dict[str, Outlet]) -> None:
    html = render_page(outlets["en"], said("en", answer), URL, HOME, TEASERS)
    assert "Paragraph 7" not in html
    assert any(line in unescape(html) for line in outlets["en"].furniture)


def test_every_layout_and_kind_of_feed_is_dealt_and_no_other() -> None:
    drawn = [one for seed in range(4) for one in draw_outlets(random.Random(seed), SECOND)]
    assert {one.layout for one in drawn} == {*SECOND.layouts, "post"}
    assert {one.feed for one in drawn} == {*SECOND.feeds, "posts"}
    assert set(SECOND.feeds) == set(SECOND_KINDS)
    assert not set(SECOND_KINDS) & set(KINDS)
    assert not set(SECOND.layouts) & set(FIRST.layouts)


def test_a_world_by_the_second_hand_tells_what_one_by_the_first_does() -> None:
    first, second = build_world(4, None, INVENTED), build_world(4, None, INVENTED, hand=SECOND)
    assert {one.name for one in first.outlets.values()} == {one.name for one in second.outlets.values()}
    assert second == build_world(4, None, INVENTED, hand=SECOND)
    assert second.truth.reports


def entries() -> tuple[Channel, list[Item]]:
    items = [
        Item(
            guid=f"o0-r000{number}", link=f"{HOME}/go/r000{number}", title=f"Harbour & quay «{number}»",
            summary="The ferry — it's late & slow — sank.", paragraphs=PARAGRAPHS, byline="A. Piñón", published=START,
            updated=START, caption="A quay", page=f"{HOME}/r000{number}.html", notice="Join us & others.",
            appeared="The post {post} appeared first on Desk.",
        )
        for number in range(1, 6)
    ]  # fmt: skip
    return Channel("Desk & Co", HOME, "es"), items


def read_by_feedparser(text: bytes) -> list[tuple[str, str]]:
    found = feedparser.parse(text)
    assert not found.bozo, found.get("bozo_exception")
    return [(one.title, one.link) for one in found.entries]


def read_sitemap(text: bytes) -> list[tuple[str, str]]:
    root = ElementTree.fromstring(text)
    told = [[one.text or "" for one in root.iter() if one.tag.endswith(name)] for name in ("}title", "9}loc")]
    return list(zip(*told, strict=True))


def read_json(text: bytes) -> list[tuple[str, str]]:
    return [(one["title"], one["url"]) for one in json.loads(text)["items"]]


READERS: dict[str, Callable[[bytes], list[tuple[str, str]]]] = {"news_sitemap": read_sitemap, "json_plain": read_json}


@pytest.mark.parametrize("kind", SECOND.feeds)
def test_every_feed_can_be_read_from_its_bytes(kind: str) -> None:
    channel, items = entries()
    text = SECOND_KINDS[kind][1](channel, items).encode()
    read = READERS.get(kind, read_by_feedparser)(text)
    assert [title.endswith(one.title) for (title, _), one in zip(read, items, strict=True)] == [True] * len(items)
    assert all(link in (one.link, one.page) for (_, link), one in zip(read, items, strict=True))


@pytest.mark.parametrize("kind", SECOND.feeds)
def test_a_feed_has_as_much_of_the_text_as_is_said_of_it(kind: str) -> None:
    text = letters(re.sub(r"<!\[CDATA\[|]]>", "", SECOND_KINDS[kind][1](*entries())))
    assert ("Paragraph7says" in text) == (kind in SECOND.full)
    assert ("ferry" in text or "Paragraph1says" in text) != (kind in SECOND.thin)


def test_whole_feeds_of_the_site_come_in_the_charset_they_name() -> None:
    world = build_world(2, None, INVENTED, hand=SECOND)
    site = Site(world, lambda: world.end)
    for name, url, _ in site.feeds:
        answer = next(found for _ in range(2) if (found := site.answer(url)).status == 200)
        named = re.match(rb'<\?xml version="1.0" encoding="([\w-]+)"', answer.body)
        assert answer.body.decode("cp1252" if named and named[1] == b"iso-8859-1" else "utf-8"), name


def lines_of(package: str) -> dict[str, dict[str, list[object]]]:
    return tomllib.loads(files(package).joinpath("furniture.toml").read_text("utf-8"))


def test_both_languages_have_lines_for_everything_and_none_of_the_first_hands() -> None:
    own, others = lines_of(SECOND.package), lines_of(FIRST.package)
    for language in LANGUAGES:
        assert set(own[language]) == {*SECOND.lines, *SECOND.lists, *SECOND.notices}
        taken = set(re.findall(r'"[^"]{25,}"', json.dumps(others[language])))
        assert not taken & set(re.findall(r'"[^"]{25,}"', json.dumps(own[language])))


def test_no_line_is_said_nowhere() -> None:
    layouts = "".join(one.read_text("utf-8") for one in files(SECOND.package).joinpath("layouts").iterdir())
    elsewhere = {"appeared", "said", "answered", "closed"}  # in feeds and in what readers write
    named = (*SECOND.lines, *SECOND.lists, *SECOND.notices)
    assert [name for name in named if f"p.{name}" not in layouts and name not in elsewhere] == []


def test_letters_are_changed_and_words_are_not() -> None:
    text = 'The "harbourmaster" of 12 international ferries isn\'t here. He left.'
    for change in (soften, bind, curl, stuff):
        assert change(text) != text
    assert re.sub("[\u00ad\u200b\u2060]", "", soften(stuff(text))) == text
    assert curl(text) == "The “harbourmaster” of 12 international ferries isn’t here. He left."
    assert bind("of 12 boats") == "of\u00a012\u00a0boats"
    assert sentences(text) == [text.removesuffix(" He left."), "He left."]
