from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import NOW
from worker.pages import Carrier, ExtractedArticle, PageKind, PageLayout, Recurrence, RemovedLine, normalize_line
from worker.pages.boilerplate.recurrence import decayed_share, judge_recurrence, line_key, seen_lines

DAY = timedelta(days=1)
LABEL, SENTENCE = "Ask the lighthouse desk", "Our crew answers to its readers alone and prints what it has seen."
PARAGRAPH = " ".join([SENTENCE] * 5)
WITNESS = "The men were arrested on the pier in March and have been in custody at Brennford since then."


def about(*subjects: str, days: int = 5) -> tuple[Carrier, ...]:
    """Articles, each about its own subject where the names differ."""
    return tuple(Carrier(NOW + (n % days) * DAY, {subject: 1.0}) for n, subject in enumerate(subjects))


FIVE = about("bread", "comets", "chess", "beavers", "coins")


def found(line: str, carriers: tuple[Carrier, ...] = FIVE, **values: float) -> Recurrence:
    return replace(Recurrence(line, 1.0, 0.0, 0, carriers), **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("line", [LABEL, SENTENCE, PARAGRAPH])
def test_what_stands_in_five_unrelated_articles_is_boilerplate(line: str) -> None:
    verdict = judge_recurrence(found(line))
    assert verdict.boilerplate, verdict.reason
    assert verdict.reason == "in articles on 5 subjects, on 100% of such pages"
    assert not judge_recurrence(found(line, FIVE[:4])).boilerplate


def test_a_running_storys_background_belongs_to_it() -> None:
    trial = tuple(Carrier(NOW + n * 20 * DAY, {"trial": 0.6, f"day{n}": 0.8}) for n in range(9))
    verdict = judge_recurrence(found(WITNESS, trial))
    assert not verdict.boilerplate
    assert verdict.reason == "its articles are about 1 subjects, fewer than 4: it belongs to them"
    assert not judge_recurrence(found("The background", trial)).boilerplate


def test_reprints_are_one_article_and_an_article_without_a_text_of_its_own_is_none() -> None:
    reprinted = (*FIVE[:4], replace(FIVE[3], terms={"beavers": 0.98, "today": 0.2}))
    assert judge_recurrence(found(LABEL, reprinted)).reason == "in only 4 different articles"
    assert judge_recurrence(found(LABEL, (*FIVE[:4], Carrier(NOW, {})))).reason == "in only 4 different articles"


def test_longer_lines_need_more_subjects() -> None:
    alike = tuple(Carrier(NOW + n * DAY, {"harbour": 0.5, f"word{n}": 0.86}) for n in range(3))
    three = (*alike, *about("bread", "comets"))
    assert judge_recurrence(found(LABEL, three)).boilerplate
    assert not judge_recurrence(found(SENTENCE, three)).boilerplate
    four = (*alike[:2], *about("bread", "comets", "chess"))
    assert judge_recurrence(found(SENTENCE, four)).boilerplate
    assert not judge_recurrence(found(PARAGRAPH, four)).boilerplate


def test_a_long_paragraph_of_one_day_may_still_be_news() -> None:
    today = tuple(replace(carrier, published=NOW) for carrier in FIVE)
    assert judge_recurrence(found(PARAGRAPH, today)).reason == "a long paragraph, on one day only"
    assert judge_recurrence(found(SENTENCE, today)).boilerplate


def test_what_other_sites_carry_too_is_syndicated() -> None:
    assert judge_recurrence(found(SENTENCE, other_sites=3)).reason == "syndicated: 3 other sites carry it too"
    assert not judge_recurrence(found(SENTENCE, other_sites=1)).boilerplate
    eight = about(*"abcdefgh")
    assert judge_recurrence(found(SENTENCE, eight, other_sites=1)).boilerplate
    assert judge_recurrence(found(LABEL, other_sites=3)).boilerplate, "labels are everybody's"


def test_a_set_phrase_in_few_of_many_stories_stays_unless_it_stands_beside_them() -> None:
    assert "a set phrase" in judge_recurrence(found("The trial continues.", share=0.05)).reason
    assert judge_recurrence(found("The trial continues.", share=0.05, apart=1.0)).boilerplate


@pytest.mark.parametrize(
    "line",
    [
        "Correction: the ferry left at nine.", "Clarification. Fares rise in May.", "Fe de erratas: era el martes.",
        "Rectificatif : le bac est parti à neuf heures.", "Berichtigung: Die Fähre fuhr um neun.",
    ],
)  # fmt: skip
def test_a_correction_belongs_to_its_article(line: str) -> None:
    assert judge_recurrence(found(line)).reason == "a correction belongs to its article"


def test_the_share_fades_with_age() -> None:
    pages = [NOW - n * DAY for n in range(40)]
    recent, old = decayed_share(pages[:10], pages, now=NOW), decayed_share(pages[-10:], pages, now=NOW)
    assert old < 0.15 < 0.4 < recent
    assert decayed_share(pages, pages, now=NOW) == 1.0
    assert decayed_share([], [], now=NOW) == 0.0


def test_what_is_counted_of_an_article() -> None:
    removed = (
        RemovedLine("Old learned line", "learned"),
        RemovedLine("Share this", "share"),
        RemovedLine("Box", "learned-box"),
    )
    beside = frozenset({normalize_line("A line beside it.")})
    text = "The story's line.\n\nA line beside it.\n\nThe  STORY'S line\n\nOK\n\n" + "x" * 1001
    article = ExtractedArticle(PageKind.ARTICLE, "", text, removed=removed, layout=PageLayout("div.a", beside))
    assert [(seen.line, seen.apart) for seen in seen_lines(article)] == [
        ("The story's line.", False), ("A line beside it.", True), ("Old learned line", False),
    ]  # fmt: skip
    long = ExtractedArticle(PageKind.ARTICLE, "", "\n\n".join(f"Line number {n}" for n in range(100)))
    assert [seen.line for seen in seen_lines(long)][29:31] == ["Line number 29", "Line number 70"]


def test_a_key_is_the_same_however_a_line_is_spaced_and_fits_the_column() -> None:
    assert line_key("Ask the – lighthouse DESK!") == line_key(LABEL)
    assert line_key(LABEL) != line_key(SENTENCE)
    assert all(0 <= line_key(str(n)) < 2**63 for n in range(1000))
