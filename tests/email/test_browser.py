"""A digest in a real browser: accessible, within the window, alone with itself; with and without its style sheet."""

from __future__ import annotations

import re

from tests.browser import Page, open_pages
from worker.digests import RenderedDigest

Rendered = dict[tuple[int, str], RenderedDigest]
VIEWS = ((360, False), (360, True), (800, False), (800, True))


def views_of_the_longest(language: str) -> tuple[tuple[int, bool], ...]:
    """Two of the four in one language, two in the other: an audit of a hundred stories takes a second and more."""
    return (VIEWS[0], VIEWS[3]) if language == "en" else (VIEWS[1], VIEWS[2])


def test_every_digest_is_accessible_and_stays_within_the_window(rendered: Rendered) -> None:
    pages = [
        Page(f"{case} {width} {'dark' if dark else 'light'}", html=one.html, width=width, dark=dark, audit=True)
        for case, one in rendered.items()
        for width, dark in (views_of_the_longest(case[1]) if case[0] == 100 else VIEWS)
    ]
    seen = open_pages(pages)
    assert {page.name: page.serious for page in seen if page.serious} == {}
    assert {page.name: page.overflow for page in seen if page.overflow > 0} == {}
    assert {page.name: page.requests for page in seen if page.requests} == {}
    assert {page.name: page.scripts for page in seen if page.scripts} == {}


def test_a_mail_program_that_drops_style_sheets_shows_it_as_well(rendered: Rendered) -> None:
    bare = {case: re.sub(r"<style.*?</style>", "", one.html, flags=re.DOTALL) for case, one in rendered.items()}
    assert all("<style" not in html and "style=" in html for html in bare.values())
    pages = [
        Page(f"{case} {width}", html=bare[case], width=width, audit=True)
        for case in [(1, "es"), (25, "en")]
        for width in (360, 800)
    ]
    seen = open_pages(pages)
    assert [(page.name, page.serious) for page in seen if page.serious] == []
    assert [(page.name, page.overflow) for page in seen if page.overflow > 0] == []


def test_it_can_be_read_where_the_light_is_turned_off(rendered: Rendered) -> None:
    """The preheader is for the inbox only: on the page itself nobody sees it."""
    (seen,) = open_pages([Page("25", html=rendered[25, "en"].html)])
    preheader = re.search(r'class="preheader"[^>]*>([^<]+)<', rendered[25, "en"].html)
    assert preheader is not None
    assert preheader[1] not in seen.text
    assert "Unsubscribe" in seen.text
