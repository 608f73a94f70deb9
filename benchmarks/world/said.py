"""A report as it reads at a moment, and as links to it show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from benchmarks.world.pieces import SUMMARY
from benchmarks.world.truth import Report


@dataclass(frozen=True, slots=True)
class Teaser:
    """A link to another story as boxes show it; pages that go on with that story have all of it."""

    title: str
    href: str
    text: str = ""
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A report as it reads at a moment: its page may have changed since."""

    report: Report
    title: str
    paragraphs: tuple[str, ...]
    changed: datetime

    @property
    def dated(self) -> tuple[str, ...]:
        """Return the paragraphs behind the dateline."""
        if not self.report.dateline:
            return self.paragraphs
        return (f"{self.report.dateline} {self.paragraphs[0]}", *self.paragraphs[1:])

    @property
    def summary(self) -> str:
        words = " ".join(self.paragraphs).split()
        return " ".join(words[:SUMMARY]) + ("…" if len(words) > SUMMARY else "")


def said_at(report: Report, now: datetime) -> Said:
    """Return what the report says at that moment."""
    later = report.later
    if later and later.at <= now:
        return Said(report, later.title, later.paragraphs, later.at)
    return Said(report, report.title, report.paragraphs, report.published)
