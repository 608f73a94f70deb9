"""Whatever a story holds, making it ready for a reader loses no report and leaves nothing muted in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from worker.digests import (
    DigestArticle,
    DigestStory,
    Muted,
    PendingStory,
    Report,
    brief,
    distinct,
    excerpt,
    reason_words,
    without_muted,
)

NOW = datetime(2026, 11, 21, tzinfo=UTC)
WORDS = st.sampled_from(["", "Opinion: x", "Plan is signed", "Firman el plan", "Opinión | y"])
LANGUAGES = st.sampled_from(["en", "es", None, "es-MX"])
OUTLETS = st.sampled_from(["Prairie Post", "La Voz", "Valley Star"])


@st.composite
def stories(draw: st.DrawFn) -> DigestStory:
    articles = [
        DigestArticle(draw(WORDS), f"https://o.example/{n}", draw(OUTLETS), draw(LANGUAGES), NOW, "", article_id=n,
                      new=draw(st.booleans()), updated=draw(st.booleans()))
        for n in range(draw(st.integers(1, 6)))
    ]  # fmt: skip
    return DigestStory(1, 1, "t", 0.5, tuple(articles), news=draw(st.integers(0, 3)))


@given(stories(), st.sampled_from(["en", "es"]), WORDS)
def test_no_report_is_lost_and_opinion_leads_only_opinion(story: DigestStory, language: str, told: str) -> None:
    found = brief(story, language, told)
    assert sorted(one.article_id for one in found.articles) == [one.article_id for one in story.articles]
    lead = found.articles[0]
    settled = [one for one in found.articles if one.new == lead.new]
    assert not lead.opinion or all(one.opinion for one in settled)
    assert not lead.new or all(one.new for one in found.articles)
    if story.news and told and any(one.title == told and not one.new and not one.opinion for one in found.articles):
        assert lead.title == told
    assert found.told_as in {"", told}
    again = brief(found, language, told)
    assert again.articles[0].title == lead.title


@st.composite
def pending(draw: st.DrawFn) -> PendingStory:
    count = draw(st.integers(1, 7))
    copies = [draw(st.none() | st.integers(0, max(n - 1, 0))) if n else None for n in range(count)]
    flat = [None if of is None or copies[of] is not None else of for of in copies]  # a copy is of an original
    reports = [
        Report(n, f"T{n}", "", draw(OUTLETS), "en", NOW + timedelta(hours=n), "", copy_of=of)
        for n, of in enumerate(flat)
    ]
    return PendingStory(1, 1, tuple(reports))


@given(pending(), st.lists(OUTLETS, max_size=3))
def test_nothing_muted_is_left_and_every_copy_has_its_original(story: PendingStory, outlets: list[str]) -> None:
    kept = without_muted(story, Muted(tuple(name.upper() for name in outlets)))
    wanted = [one.article_id for one in story.reports if one.outlet not in outlets]
    assert ([one.article_id for one in kept.reports] if kept else []) == wanted
    if kept:
        originals = {one.article_id for one in kept.reports if one.copy_of is None}
        assert all(one.copy_of is None or one.copy_of in originals for one in kept.reports)
        groups_before = {
            one.copy_of if one.copy_of is not None else one.article_id
            for one in story.reports
            if one.article_id in wanted
        }
        assert len(originals) == len(groups_before), "neither more originals than groups nor fewer"


@given(st.text(), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30))))
def test_reasons_never_fail_and_are_distinct(text: str, spans: list[tuple[int, int]]) -> None:
    found = reason_words(text, spans)
    assert distinct(found) == found
    assert all(word and "\n" not in word for word in found)


@given(st.text(max_size=300))
def test_an_excerpt_is_part_of_its_text(text: str) -> None:
    found = excerpt(text)
    assert len(found) <= 280
    assert found.rstrip("…") in " ".join(text.split())
