"""What must hold of learning whatever the evidence: more of it never unlearns, less of it never teaches."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import hypot

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import NOW
from worker.pages import (
    Carrier,
    PageRecord,
    Recurrence,
    SiteProfile,
    find_decay,
    judge_recurrence,
    normalize_line,
    strip_boilerplate,
)
from worker.pages.boilerplate.recurrence import count_apart


def unit(terms: dict[str, float]) -> dict[str, float]:
    length = hypot(*terms.values())
    return {term: weight / length for term, weight in terms.items()}


terms = st.dictionaries(st.sampled_from("abcdef"), st.floats(0.05, 1.0), max_size=4).map(unit)
carriers = st.lists(st.builds(Carrier, st.integers(0, 30).map(lambda n: NOW + timedelta(days=n)), terms), max_size=12)
lines = st.sampled_from(["Ask the desk", "We print what we have seen with our own eyes, every day.", "A line. " * 60])
found = st.builds(Recurrence, lines, st.floats(0, 1), st.floats(0, 1), st.integers(0, 4), carriers.map(tuple))
records = st.lists(st.builds(PageRecord, st.integers(0, 3000), st.booleans(), st.integers(0, 50)), max_size=60)


@given(found)
def test_nothing_is_learned_from_fewer_than_five_articles_or_three_subjects(case: Recurrence) -> None:
    if judge_recurrence(case).boilerplate:
        assert count_apart(case.carriers, 0.8) >= 5
        assert count_apart(case.carriers, 0.15) >= 3


@given(found)
def test_every_verdict_has_its_reason_and_order_of_share_and_sites_is_kept(case: Recurrence) -> None:
    verdict = judge_recurrence(case)
    assert verdict.reason
    if verdict.boilerplate:
        assert judge_recurrence(replace(case, share=1.0)).boilerplate
        assert judge_recurrence(replace(case, other_sites=0)).boilerplate


@given(found, st.integers(2, 5))
def test_repeating_an_article_teaches_nothing(case: Recurrence, times: int) -> None:
    doubled = replace(case, carriers=tuple(carrier for carrier in case.carriers for _ in range(times)))
    assert judge_recurrence(doubled).boilerplate == judge_recurrence(case).boilerplate


@given(st.lists(st.text("abcdefgh .", min_size=1, max_size=30), max_size=12), st.data())
def test_only_learned_lines_are_learned_away_and_each_is_accounted_for(text: list[str], data: st.DataObject) -> None:
    clean = strip_boilerplate("\n".join(text))
    kept = clean.text.split("\n\n")
    boilerplate = frozenset(map(normalize_line, data.draw(st.lists(st.sampled_from(kept))))) - {""}
    again = strip_boilerplate(clean.text, site=SiteProfile("example.org", boilerplate=boilerplate))
    learned = [line.line for line in again.removed if line.rule == "learned"]
    assert all(normalize_line(line) in boilerplate for line in learned)
    assert not any(normalize_line(line) in boilerplate for line in again.text.split("\n\n"))
    accounted = [*again.text.split("\n\n"), *(line.line for line in again.removed)]
    assert sorted(filter(None, accounted)) == sorted(filter(None, kept))


@given(records, st.lists(st.integers(0, 2000), min_size=6, max_size=6, unique=True))
def test_whole_pages_no_shorter_than_before_are_no_decay(before: list[PageRecord], more: list[int]) -> None:
    longest = max((record.words for record in before), default=0)
    assert find_decay(before, [PageRecord(longest + words, True, words + 100) for words in more]) == ""


@given(records, records)
def test_a_decay_is_said_only_of_enough_pages(before: list[PageRecord], recent: list[PageRecord]) -> None:
    if find_decay(before, recent):
        assert len(before) >= 12
        assert len(recent) >= 6
