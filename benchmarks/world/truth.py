"""What is true of each report of the world: its label, whose copy it is, its event, how much of it can be had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Label(StrEnum):
    """What the guideline of the topic says; borderline reports are not scored."""

    YES = "yes"
    NO = "no"
    BORDERLINE = "borderline"


class Answer(StrEnum):
    """What an outlet's server answers where the page of a report is asked for."""

    PAGE = "page"
    PAYWALL = "paywall"  # the beginning, then a wall
    CONSENT = "consent"  # a consent layer and nothing else, with 200
    ROBOT = "robot"  # a check for robots, with 200
    REGION = "region"  # turned away for where the visitor comes from, with 200
    ADBLOCK = "adblock"  # the headline, and a request to let advertisements in
    FRONT = "front"  # the front page, with 200
    MISSING = "missing"  # 404


@dataclass(frozen=True, slots=True)
class Piece:
    """A text before any outlet has it. `event` names what it tells; None where nobody has said.

    `update` is what its agency sends a day later over much of the same words.
    """

    id: str
    title: str
    paragraphs: tuple[str, ...]
    language: str
    label: Label
    event: str | None = None
    update: Piece | None = None

    @property
    def words(self) -> int:
        return sum(len(paragraph.split()) for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class Report:
    """A text as one outlet publishes it.

    `unit` is shared by all who print the same text. `update_of` names the unit a text continues that says something
    new over the words of the old one. `later` is what its page says from a moment on, and whether that is news.
    """

    id: str
    piece: Piece
    outlet: str
    published: datetime
    title: str
    paragraphs: tuple[str, ...]
    unit: str
    dateline: str = ""
    answer: Answer = Answer.PAGE
    update_of: str | None = None
    later: Later | None = None

    @property
    def label(self) -> Label:
        return self.piece.label

    @property
    def language(self) -> str:
        return self.piece.language

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class Later:
    """How a page and its entry change: from when on, with what; `is_news` where it says something new."""

    at: datetime
    title: str
    paragraphs: tuple[str, ...]
    is_news: bool


@dataclass(frozen=True, slots=True)
class Truth:
    """All reports by their ids, in order of publication."""

    reports: Mapping[str, Report]

    def units(self, label: Label) -> dict[str, list[Report]]:
        """Return the reports of that label by the text they share."""
        found: dict[str, list[Report]] = {}
        for report in self.reports.values():
            if report.label is label:
                found.setdefault(report.unit, []).append(report)
        return found

    def events(self) -> dict[str, list[Report]]:
        """Return the reports whose event is known, by event."""
        found: dict[str, list[Report]] = {}
        for report in self.reports.values():
            if report.piece.event:
                found.setdefault(report.piece.event, []).append(report)
        return found


def in_order(reports: Sequence[Report]) -> Truth:
    """Return the truth of these reports."""
    return Truth({report.id: report for report in sorted(reports, key=lambda one: (one.published, one.id))})
