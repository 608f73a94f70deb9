"""The labelled articles that the built-in topic is fitted to and measured on."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from benchmarks.world.pieces import is_topical, single_pieces, story_pieces
from worker.topics import LabelledArticle, Topic, TopicArticle, TopicSet
from worker.topics.learning.quality import Label
from worker.topics.tokens import tokenise

NEWS = ("long", "short")
"""The sets that cuts are chosen on: news, in about the shares in which readers meet it."""

GOLDEN = Path(__file__).parents[2] / "tests" / "golden" / "topics"
OWN_ITEMS, KEPT_ITEMS = GOLDEN / "short_items.jsonl", GOLDEN / "kept_items.jsonl"
ALL = 10_000
EVENT_DAYS, EVENT_LIKENESS, EVENT_WORDS = 4, 0.12, 60


def read(path: Path) -> list[dict[str, object]]:
    with path.open(encoding="utf8") as lines:
        return [json.loads(line) for line in lines]


def labelled_articles(folder: Path) -> list[LabelledArticle]:
    """All development rows but the stream's: their ids begin with the name of their set."""
    sets = [("long", folder), ("short", folder / "short")]
    return [row for name, place in sets if place.is_dir() for row in rows_of(place, name)] + items(OWN_ITEMS, "own")


def rows_of(folder: Path, name: str) -> list[LabelledArticle]:
    rows = read(folder / "IN.jsonl")
    gold = {row["id"]: row for row in read(folder / "GOLD.jsonl")}
    labels = [Label(gold[row["id"]]["label"]) for row in rows]
    articles = [TopicArticle(str(row["title"]), str(row["text"]), str(row["language"])) for row in rows]
    days = [datetime.fromisoformat(str(row["published"])).date() if row["published"] else None for row in rows]
    groups = event_groups(articles, days)
    return [
        LabelledArticle(
            article, label, f"{name} {group}", hard=bool(gold[row["id"]]["hard_negative"]), id=f"{name} {row['id']}"
        )
        for row, article, label, group in zip(rows, articles, labels, groups, strict=True)
    ]


def items(path: Path, name: str) -> list[LabelledArticle]:
    """The project's own short items."""
    return [
        LabelledArticle(
            TopicArticle(str(row["title"]), str(row["text"]), str(row["language"])),
            Label(str(row["label"])),
            f"{name} {row['id']}",
            hard=row["label"] == "no",
            id=f"{name} {row['id']}",
        )
        for row in read(path)
    ]


def plain_stream(data: Path, topic: Topic) -> tuple[list[LabelledArticle], list[LabelledArticle]]:
    """Articles of the other benches that have none of the topic's words and are candidates all the same, by their
    hints alone: those of one half (by hash of the text) to be fitted to, those of the other to be counted."""
    rng = random.Random(0)
    pieces = [*story_pieces(data, rng, ALL), *single_pieces(data, rng, ALL)]
    compiled = TopicSet((topic,))
    halves: tuple[list[LabelledArticle], list[LabelledArticle]] = ([], [])
    for piece in pieces:
        article = TopicArticle(piece.title, "\n\n".join(piece.paragraphs), piece.language)
        if not is_topical(piece) and compiled.evidence(article):
            side = sha256(article.text.encode()).digest()[0] % 2
            halves[side].append(LabelledArticle(article, Label.NO, f"stream {piece.event}", id=f"stream {piece.id}"))
    return halves


def event_groups(articles: Sequence[TopicArticle], days: Sequence[date | None]) -> list[str]:
    """A name for each article, the same for reports of one event: chains of first words that are alike."""
    openings = [
        {word[:6] for word in (*tokenise(each.title).words, *tokenise(each.text).words[:EVENT_WORDS]) if len(word) > 3}
        for each in articles
    ]
    group = list(range(len(articles)))
    for one, first in enumerate(openings):
        for other in range(one):
            day, before = days[one], days[other]
            apart = abs((day - before).days) if day and before else 0
            second = openings[other]
            if apart <= EVENT_DAYS and len(first & second) > EVENT_LIKENESS * len(first | second):
                group = [group[other] if each == group[one] else each for each in group]
    return [str(each) for each in group]
