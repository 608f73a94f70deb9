"""The reports of a world: every text dealt to an outlet and a moment, reprinted, continued, and hidden behind walls."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.world import pieces
from benchmarks.world.hands import Hand
from benchmarks.world.outlets import FIRST, Outlet, draw_outlets
from benchmarks.world.truth import Answer, Label, Later, Piece, Report, Truth, in_order

START = datetime(2026, 11, 16, tzinfo=UTC)  # a Monday; the texts bring days of their own
_HOUR = timedelta(hours=1)
_REPRINTED = {Label.YES: 0.3, Label.BORDERLINE: 0.1, Label.NO: 0.06}
_BEHIND_A_WALL = 130  # words: what is longer may hide there what it is about, unless it opens with it
_SHORT = 60
_POSTED, _TOUCHED, _IN_PLACE = 0.15, 0.05, 0.4  # of briefs, of all pages, of updates


@dataclass(frozen=True, slots=True)
class Size:
    """How much of each source a world has; `topics` and `invented` are shares, the others counts."""

    days: int = 7
    topics: float = 0.75
    stories: int = 130
    singles: int = 80
    invented: float = 1.0


FULL, QUICK = Size(), Size(days=3, topics=0.15, stories=20, singles=10, invented=0.4)
SERVICE = Size(days=2, topics=0.15, stories=20, singles=10, invented=0.4)
INVENTED = Size(days=2, topics=0, stories=0, singles=0, invented=0.5)
"""What `storywatch run` reads at once; and nothing but invented texts, for a test where the benches are not there."""


@dataclass(frozen=True, slots=True)
class World:
    """Outlets by key, and all that they publish; `is_shared`: somebody's feed lists some of it again."""

    seed: int
    days: int
    outlets: dict[str, Outlet]
    truth: Truth
    is_shared: bool = True
    start: datetime = START

    @property
    def end(self) -> datetime:
        """Return when all of it has been published and could stand in a morning's mail."""
        return self.start + timedelta(days=self.days, hours=14)


def build_world(seed: int, data: Path | None, size: Size = FULL, start: datetime = START, hand: Hand = FIRST) -> World:
    """Return that hand's world of that seed; without `data` of invented texts alone.

    Raises `pieces.MissingDataError`.
    """
    rng = random.Random(seed)
    outlets = draw_outlets(rng, hand)
    # The last day is for what was published late on the one before.
    texts = _texts(rng, data, size, pieces.days_from(start, size.days - 1))
    rng.shuffle(texts)
    reports = list(_Casting(rng, outlets).cast(texts))
    by_key = {outlet.key: outlet for outlet in outlets}
    return World(seed, size.days, by_key, in_order(_numbered(reports)), start=start)


def _texts(rng: random.Random, data: Path | None, size: Size, days: Sequence[datetime]) -> list[tuple[datetime, Piece]]:
    found = pieces.invented_events(rng, days, share=size.invented)
    found += pieces.invented_briefs(rng, days, share=size.invented)
    if data is None:
        return found
    pieces.check_data(data)
    labelled = [piece for piece in pieces.topic_pieces(data) if rng.random() < size.topics]
    others = pieces.single_pieces(data, rng, size.singles)
    told = pieces.story_pieces(data, rng, size.stories)
    chosen = set(pieces.without_repeats((*labelled, *told, *others)))
    found += [(rng.choice(days), piece) for piece in (*labelled, *others) if piece in chosen]
    day_of: dict[str | None, datetime] = {}
    found += [(day_of.setdefault(piece.event, rng.choice(days)), piece) for piece in told if piece in chosen]
    return found


def _numbered(reports: Sequence[Report]) -> list[Report]:
    ordered = sorted(reports, key=lambda one: (one.published, one.piece.id, one.outlet))
    return [replace(report, id=f"r{number:04}") for number, report in enumerate(ordered)]


class _Casting:
    """Deals texts to outlets: those of one event to different ones, within half a day of each other."""

    def __init__(self, rng: random.Random, outlets: Sequence[Outlet]) -> None:
        self._rng = rng
        self._outlets = outlets
        self._dawn: dict[str, datetime] = {}
        self._taken: dict[str, set[str]] = {}

    def cast(self, texts: Sequence[tuple[datetime, Piece]]) -> Iterator[Report]:
        for day, given in texts:
            brief = given.title and given.words < _SHORT
            piece = _as_post(given) if brief and self._rng.random() < _POSTED else given
            first = self._report(piece, self._outlet(piece), self._moment(day, piece), piece.id)
            update = piece.update
            if update and self._rng.random() < _IN_PLACE:
                first, update = self._rewritten(first, update), None
            yield self._changing(first)
            if piece.title and piece.words >= _SHORT and self._rng.random() < _REPRINTED[piece.label]:
                yield from self._reprints(first)
            if update:
                yield self._continued(first, update)

    def _moment(self, day: datetime, piece: Piece) -> datetime:
        dawn = self._dawn.setdefault(piece.event or piece.id, day + self._rng.randint(0, 14) * _HOUR)
        return dawn + timedelta(minutes=self._rng.randint(0, 9 * 60))

    def _outlet(self, piece: Piece) -> Outlet:
        taken = self._taken.setdefault(piece.event or piece.id, set())
        speaking = [one for one in self._outlets if one.language == piece.language]
        fitting = [one for one in speaking if one.posts == (not piece.title) and one.key not in taken]
        chosen = self._rng.choice(fitting or speaking)
        taken.add(chosen.key)
        return chosen

    def _report(self, piece: Piece, outlet: Outlet, published: datetime, unit: str) -> Report:
        return Report(
            id="", piece=piece, outlet=outlet.key, published=published, title=piece.title, paragraphs=piece.paragraphs,
            unit=unit, dateline=self._dateline(piece, outlet, published), answer=self._answer(piece, outlet),
        )  # fmt: skip

    def _dateline(self, piece: Piece, outlet: Outlet, at: datetime) -> str:
        if outlet.posts or self._rng.random() > 0.3:
            return ""
        shapes = {
            "en": ("WASHINGTON –", f"DALLAS, Nov. {at.day} (Border Wire) —", "(Staff) -", "AUSTIN, Texas:"),
            "es": ("CIUDAD DE MÉXICO.-", f"Monterrey, {at.day} nov (Notibravo).–", "(Agencias)", "MÉXICO, D.F.,"),
        }
        return self._rng.choice(shapes[piece.language])

    def _answer(self, piece: Piece, outlet: Outlet) -> Answer:
        for answer, share in outlet.answers.items():
            told = piece.words <= _BEHIND_A_WALL or piece.label is not Label.YES or pieces.opens_topical(piece)
            if told and self._rng.random() < share:
                return Answer(answer)
        return Answer.PAGE

    def _changing(self, report: Report) -> Report:
        """Let some pages be touched later without a word that is new."""
        if report.later or self._rng.random() > _TOUCHED:
            return report
        at = report.published + self._rng.randint(9, 30) * _HOUR
        return replace(report, later=Later(at, report.title, report.paragraphs, is_news=False))

    def _rewritten(self, report: Report, update: Piece) -> Report:
        """Return the report with a page that says more the next day."""
        at = report.published + timedelta(hours=22, minutes=self._rng.randint(0, 240))
        return replace(report, later=Later(at, update.title, update.paragraphs, is_news=True))

    def _reprints(self, first: Report) -> Iterator[Report]:
        for _ in range(self._rng.randint(1, 3)):
            outlet = self._outlet(first.piece)
            if outlet.key == first.outlet or outlet.posts:
                continue
            at = first.published + timedelta(minutes=self._rng.randint(20, 400))
            copy = self._report(first.piece, outlet, at, first.unit)
            title, paragraphs = _edited(self._rng, first)
            yield replace(copy, title=title, paragraphs=paragraphs, answer=Answer.PAGE)

    def _continued(self, first: Report, update: Piece) -> Report:
        """Return what the agency sends the next day, as another outlet prints it."""
        at = first.published + timedelta(hours=22, minutes=self._rng.randint(0, 240))
        report = self._report(update, self._outlet(first.piece), at, update.id)
        return replace(report, update_of=first.unit, answer=Answer.PAGE)


def _as_post(piece: Piece) -> Piece:
    """Return a brief as who has no headlines says it."""
    first, *rest = piece.paragraphs
    return replace(piece, title="", paragraphs=(f"{piece.title.rstrip('.')}. {first}", *rest))


def _edited(rng: random.Random, first: Report) -> tuple[str, tuple[str, ...]]:
    """Return headline and text as a desk prints an agency's: cut, opened locally, under another headline."""
    paragraphs = first.paragraphs
    if len(paragraphs) > 4 and rng.random() < 0.4:
        paragraphs = paragraphs[: -(len(paragraphs) // 3)]
    title = first.title
    if rng.random() < 0.4:
        shorter = re.split(r"[;,:] ", title)[-1]
        title = shorter[:1].upper() + shorter[1:] if len(shorter.split()) > 3 else title
    return title, paragraphs
