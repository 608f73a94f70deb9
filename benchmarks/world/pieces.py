"""The texts of the world: those of the benches, read in place, and invented ones (`events.toml`, `briefs.toml`)."""

from __future__ import annotations

import json
import random
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from benchmarks.world.truth import Label, Piece

INPUTS = ("topics", "stories", "duplicates/base_dev.jsonl")
"""What is read below the folder of benchmark data."""

SUMMARY = 34
"""Words of a text that a feed gives away."""

_OPENING = 25  # words by which two are the same text

_WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
_SPREAD = {"k": (2, 9), "m": (3, 29), "n": (31, 87), "big": (1, 9)}
# Texts of the other benches have no label for the topic: with none of its words they are a plain no, else left out.
_TOPICAL = re.compile(
    r"migra|migrant|asyl|asilo|deport|refuge|refugi|border|fronter|mexic|méxic|caravan|visa|undocumented|daca|dreamer"
    r"|guatemal|hondur|salvador|rio grande|smuggl|indocumentad|aliens?\b|guantanamo",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?”\"])\s+(?=[A-ZÁÉÍÓÚÑ¿¡“\"])")


class MissingDataError(Exception):
    """The benches that the world is made of are not there."""


def topic_pieces(data: Path) -> list[Piece]:
    """Return the labelled articles of both topic sets."""
    return [
        _piece(row, f"{name}:{row['id']}", Label(labels[row["id"]]), None)
        for name in ("topics", "topics/short")
        for labels in [{row["id"]: row["label"] for row in _rows(data / name / "GOLD.jsonl")}]
        for row in _rows(data / name / "IN.jsonl")
    ]


def story_pieces(data: Path, rng: random.Random, count: int) -> list[Piece]:
    """Return reports of whole stories, `count` or a few more, that have nothing of the topic in them."""
    stories: dict[str, list[Piece]] = {}
    for name in ("basil", "meantime", "neus"):
        folder = data / "stories" / name
        events = {row["id"]: row["story"] for row in _rows(folder / "GOLD.jsonl")}
        for row in _rows(folder / "IN.jsonl"):
            event = f"{name}:{events[row['id']]}"
            stories.setdefault(event, []).append(_piece(row, f"{name}:{row['id']}", Label.NO, event))
    whole = [told for told in stories.values() if len(told) > 1 and not any(map(is_topical, told))]
    rng.shuffle(whole)
    found: list[Piece] = []
    while whole and len(found) < count:
        found += whole.pop()
    return found


def single_pieces(data: Path, rng: random.Random, count: int) -> list[Piece]:
    """Return that many titled articles that have nothing of the topic in them."""
    rows = [row for row in _rows(data / "duplicates" / "base_dev.jsonl") if row["title"]]
    pieces = [_piece(row, f"base:{row['id']}", Label.NO, f"base:{row['id']}") for row in rows]
    plain = [piece for piece in pieces if not is_topical(piece)]
    return rng.sample(plain, min(count, len(plain)))


def without_repeats(found: Iterable[Piece]) -> Iterator[Piece]:
    """Yield each text once: the benches overlap, and the same words under two names are no two texts."""
    known: set[tuple[str, ...]] = set()
    for piece in found:
        opening = tuple(" ".join(piece.paragraphs).lower().split()[:_OPENING])
        if opening not in known:
            known.add(opening)
            yield piece


def invented_events(
    rng: random.Random, days: Sequence[datetime], *, share: float = 1.0
) -> list[tuple[datetime, Piece]]:
    """Return the tellings of invented events with the day each event falls on; most frames give two events."""
    found: list[tuple[datetime, Piece]] = []
    for frame in _load("events.toml")["frame"]:
        for number in range(2 if rng.random() < 0.8 else 1):
            if rng.random() >= share:
                continue
            day = rng.choice(days)
            event, values = f"{frame['key']}-{number}", _values(rng, day)
            for place, telling in enumerate(frame["tellings"]):
                told = _filled(telling, values, f"{event}-{place}", Label(frame["label"]), event)
                then = telling.get("update") and {**telling["update"], "language": telling["language"]}
                update = _filled(then, values, f"{told.id}-update", told.label, event) if then else None
                found.append((day, replace(told, update=update)))
    return found


def invented_briefs(
    rng: random.Random, days: Sequence[datetime], *, share: float = 1.0
) -> list[tuple[datetime, Piece]]:
    """Return short items, each told once, with their days."""
    found: list[tuple[datetime, Piece]] = []
    for label in (Label.YES, Label.NO):
        for number, brief in enumerate(_load("briefs.toml")[label]):
            if rng.random() >= share:
                continue
            day, key = rng.choice(days), f"brief-{label}-{number}"
            found.append((day, _filled(brief, _values(rng, day), key, label, key)))
    return found


def is_topical(piece: Piece) -> bool:
    """Whether any word of the topic stands in it."""
    return bool(_TOPICAL.search(" ".join((piece.title, *piece.paragraphs))))


def opens_topical(piece: Piece) -> bool:
    """Whether such a word stands in its headline or in what a feed says of it: behind that a wall may come."""
    opening = " ".join(" ".join(piece.paragraphs).split()[:SUMMARY])
    return bool(_TOPICAL.search(f"{piece.title} {opening}"))


def _piece(row: Mapping[str, Any], key: str, label: Label, event: str | None) -> Piece:
    return Piece(key, " ".join(row["title"].split()), tuple(_paragraphs(row["text"])), row["language"], label, event)


def _paragraphs(text: str) -> Iterator[str]:
    """Yield the text's paragraphs; one of more than ninety words is broken at the ends of its sentences."""
    for block in filter(str.strip, text.splitlines()):
        sentences, part = _SENTENCE.split(" ".join(block.split())), ""
        for sentence in sentences:
            part = f"{part} {sentence}".strip()
            if len(part.split()) > 60:
                yield part
                part = ""
        if part:
            yield part


def _filled(telling: Mapping[str, str], values: Mapping[str, str], key: str, label: Label, event: str) -> Piece:
    text = telling["text"].strip().format_map(values)
    return Piece(key, telling["title"].format_map(values), tuple(text.split("\n")), telling["language"], label, event)


def _values(rng: random.Random, day: datetime) -> dict[str, str]:
    places = {name: rng.choice(choices) for name, choices in _load("slots.toml").items()}
    numbers = {name: rng.randint(*bounds) for name, bounds in _SPREAD.items()}
    told = day.weekday()
    return {
        **places, **{name: str(number) for name, number in numbers.items()},
        "M": str(numbers["m"]), "N": str(numbers["n"]),
        "man2": rng.choice([name for name in _load("slots.toml")["man"] if name != places["man"]]),
        "big": f"{numbers['big']},{rng.randint(1, 99) * 10:03}",
        "day": _WEEKDAYS["en"][told], "dia": _WEEKDAYS["es"][told],
    }  # fmt: skip


def check_data(data: Path) -> None:
    """Raise `MissingDataError` where a bench that the world is made of is not there."""
    absent = [name for name in INPUTS if not (data / name).exists()]
    if absent:
        raise MissingDataError(f"{data} has no {', '.join(absent)}: the world's articles are read from there (--data)")


def days_from(start: datetime, count: int) -> list[datetime]:
    """Return that many midnights."""
    return [start + timedelta(days=number) for number in range(count)]


def _rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))
