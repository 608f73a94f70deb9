"""Whole pages: walls in eight languages and ten shapes are no articles, and stories on the same matters stay some."""

from __future__ import annotations

import pytest

from tests.unit.pages.wall_pages import WallPage, story_pages, wall_pages
from worker.pages import ExtractedArticle, PageKind, extract_article
from worker.pages.walls import NAMES

HALVES = ("first", "second")


def read(page: WallPage) -> ExtractedArticle:
    return extract_article(page.html(), "https://norr.example/a/1")


@pytest.mark.parametrize("half", HALVES)
def test_a_wall_is_no_article(half: str) -> None:
    taken = [(page.title, page.shape) for page in wall_pages(half) if read(page).kind is not PageKind.NOT_AN_ARTICLE]
    assert taken == []


@pytest.mark.parametrize("half", HALVES)
def test_a_story_that_looks_like_a_wall_is_none(half: str) -> None:
    walls = {*NAMES.values(), "a login page"}
    found = {page.title: read(page) for page in story_pages(half)}
    assert [(title, article.reason) for title, article in found.items() if article.reason in walls] == []
    assert [title for title, article in found.items() if not article.text] == []


def test_most_walls_are_called_what_they_are() -> None:
    pages = [page for half in HALVES for page in wall_pages(half)]
    right = sum(read(page).reason == NAMES[page.kind] for page in pages)
    assert right >= len(pages) * 0.85


def shell(body: str, head: str = "") -> ExtractedArticle:
    html = f"<html><head><title>The Norr Courier</title>{head}</head><body>{body}</body></html>"
    return extract_article(html.encode(), "https://norr.example/a/1")


QUIET = "<p>Hold still for us, please. You will be let in when the wheel has turned.</p>"


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ('<script src="https://challenges.cloudflare.com/turnstile/v0/api.js"></script>', NAMES["robots"]),
        ('<meta http-equiv="refresh" content="5; url=/b">', NAMES["redirect"]),
    ],
)
def test_what_the_words_leave_open_the_machinery_decides(head: str, reason: str) -> None:
    assert shell(QUIET, head).reason == reason
    assert shell(QUIET).reason not in NAMES.values()


def test_a_captcha_under_a_short_story_makes_no_wall_of_it() -> None:
    story = "<p>Two men were held on Friday after a boat was taken from the mole of Esker, police said.</p>"
    assert shell(story, '<script src="https://www.google.com/recaptcha/api.js"></script>').reason not in NAMES.values()


@pytest.mark.parametrize(
    "head",
    ['<meta http-equiv="refresh" content="1800">', '<script src="https://www.google.com/recaptcha/api.js"></script>'],
)
def test_what_any_news_page_has_makes_no_wall_of_a_brief_that_speaks_to_its_reader(head: str) -> None:
    brief = "<p>You can see the fair on the quay from noon. Bring your family, your friends and your appetite.</p>"
    assert shell(brief, head).reason not in NAMES.values()


def test_a_login_form_in_the_head_of_a_page_makes_no_wall_of_a_short_story() -> None:
    story = (
        "<p>Five people died and nine were hurt when a fire broke out in the mill of Esker on Friday, police said.</p>"
    )
    login = "<form><input name=user><input type=password></form>"
    assert "login" not in shell(f"{login}<h1>Fire in the mill</h1>{story}").reason
