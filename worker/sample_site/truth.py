"""What a digest of the sample site must say, and what must not be in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worker.sample_site.article import CopyKind, Relevance, SampleAnswer, SampleArticle
from worker.sample_site.outlet import SampleOutlet

EVENT = "laredo-talks"
WIRE = "freight-trains"


@dataclass(frozen=True, slots=True)
class SampleTruth:
    """The right answers, as article ids.

    `event` is told by three outlets in their own words; `wire` is carried by four, the original first.
    `exact_copies` and `corrections` pair (original, copy); `tracked` are listed by their feed twice, once
    with tracking parameters. `stories` are the on-topic articles by story, copies included.
    `feed_only` are on topic, but their text can only be had from the feed; `without_page` lists every article
    whose URL gives no article page. `broken_entry` is the one that makes its feed ill-formed.
    `boilerplate` are phrases of pages and feeds that stand in no article.
    """

    event: tuple[str, ...]
    wire: tuple[str, ...]
    exact_copies: tuple[tuple[str, str], ...]
    corrections: tuple[tuple[str, str], ...]
    tracked: tuple[str, ...]
    stories: tuple[tuple[str, ...], ...]
    on_topic: frozenset[str]
    near_misses: frozenset[str]
    unrelated: frozenset[str]
    feed_only: frozenset[str]
    without_page: frozenset[str]
    broken_entry: str
    boilerplate: tuple[str, ...]


def state_truth(outlets: Sequence[SampleOutlet], articles: Sequence[SampleArticle]) -> SampleTruth:
    """Gathers the truth from what each article's file says of itself."""
    names = dict.fromkeys(article.story for article in articles if article.story)
    stories = {name: tuple(article.id for article in articles if article.story == name) for name in names}
    without_page = frozenset(article.id for article in articles if article.answer is not SampleAnswer.PAGE)
    on_topic = _ids(articles, Relevance.YES)
    return SampleTruth(
        event=stories[EVENT],
        wire=stories[WIRE],
        exact_copies=_copies(articles, CopyKind.EXACT),
        corrections=_copies(articles, CopyKind.CORRECTED),
        tracked=tuple(article.id for article in articles if article.tracking),
        stories=tuple(stories.values()),
        on_topic=on_topic,
        near_misses=_ids(articles, Relevance.NEAR_MISS),
        unrelated=_ids(articles, Relevance.NO),
        feed_only=on_topic & without_page,
        without_page=without_page,
        broken_entry=next(article.id for article in articles if article.feed_error),
        boilerplate=tuple(dict.fromkeys(filter(_distinct, _phrases(outlets, articles)))),
    )


def _ids(articles: Sequence[SampleArticle], relevance: Relevance) -> frozenset[str]:
    return frozenset(article.id for article in articles if article.relevance is relevance)


def _copies(articles: Sequence[SampleArticle], kind: CopyKind) -> tuple[tuple[str, str], ...]:
    return tuple((article.copy_of, article.id) for article in articles if article.copy_kind is kind)


def _phrases(outlets: Sequence[SampleOutlet], articles: Sequence[SampleArticle]) -> Iterator[str]:
    """All lines of boilerplate; an outlet's name is none, since a digest names its sources."""
    names = {outlet.name for outlet in outlets}
    for outlet in outlets:
        yield " | ".join(outlet.say["nav"])
        for said in outlet.say.values():
            for line in [said] if isinstance(said, str) else said:
                parts = (part.strip() for part in line.split("{title}"))
                yield from (part for part in parts if part not in names)
    for article in articles:
        yield from article.boilerplate.phrases


def _distinct(line: str) -> bool:
    """Three words and more, or a label such as "Read also:".

    Shorter lines ("Share", "Related stories") may well stand in an article or be the digest's own words.
    """
    return len(line.split()) > 2 or line.endswith(":")
