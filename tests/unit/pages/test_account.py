from __future__ import annotations

from time import process_time

from tests.unit.pages.sample import STORY, page
from worker.pages import SiteProfile, account_for, extract_article, normalize_line
from worker.pages.account import OUTSIDE

URL = "https://news.example.org/a"
MOTTO = "Our house motto is older than the pier."


def lines(html: bytes, site: SiteProfile | None = None) -> list[tuple[str, str]]:
    found = extract_article(html, URL, site=site)
    accounted = account_for(html, found)
    kept = [line.line for line in accounted if not line.rule]
    assert kept == found.text.split("\n\n"), "what stays is the article, in its order"
    assert sorted(line.line for line in accounted if line.rule not in ("", OUTSIDE)) == sorted(
        line.line for line in found.removed
    )
    return [(line.rule, line.line) for line in accounted]


def test_every_line_stands_in_its_place_with_its_fate() -> None:
    html = page(f'<p class="promo-x">Harbour News is read on every boat.</p><p>{MOTTO}</p>')
    site = SiteProfile("news.example.org", boilerplate=frozenset({normalize_line(MOTTO)}), drop=("p.promo-x",))
    found = lines(html, site)
    assert ("site-drop", "Harbour News is read on every boat.") in found
    place = found.index(("learned", MOTTO))
    assert found[place - 1] == ("site-drop", "Harbour News is read on every boat.")
    assert any(rule == OUTSIDE for rule, _ in found)


def test_of_two_equal_lines_the_one_within_the_story_is_meant() -> None:
    html = page().replace(b"<body>", f"<body><div class='top'><div>{STORY[1]}</div></div>".encode())
    found = lines(html)
    told = [place for place, (rule, _) in enumerate(found) if not rule]
    assert told == list(range(told[0], told[0] + len(told))), "the story is one run"


def test_what_is_no_page_has_no_lines() -> None:
    assert account_for(b"", extract_article(b"", URL)) == ()


def test_thousands_of_equal_lines_are_listed_in_linear_time() -> None:
    html = page("<p>A line that comes again.</p><p>Another one.</p>" * 6_000)
    found = extract_article(html, URL)
    begun = process_time()
    accounted = account_for(html, found)
    assert process_time() - begun < 3
    assert [line.line for line in accounted if not line.rule] == found.text.split("\n\n")


def test_a_page_is_accounted_for_as_far_as_it_is_read() -> None:
    html = page("<b" * 700_000)
    begun = process_time()
    account_for(html, extract_article(html, URL))
    assert process_time() - begun < 3
