"""The score of a run: what the mails told of what belongs, what else they told, and why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.world.articles import World
from benchmarks.world.facts import Fact
from benchmarks.world.mails import Mail
from benchmarks.world.outlets import Outlet
from benchmarks.world.prints import continues, find_apart, find_false, linked, name_prints
from benchmarks.world.said import said_at
from benchmarks.world.site import Site
from benchmarks.world.truth import Answer, Label, Report

Matches = Callable[[Report, str, str], bool]
"""Says whether a headline and a text match the topic."""

_MOJIBAKE = re.compile(
    r"Ã[\x80-\xbf©­¡³±º]|Â[\x80-\xbf«»¿¡ ]|â€|�|[\x80-\x9f]|&(?:amp|quot|lt|gt|nbsp|#\d+|#x[0-9a-f]+);|\\u00"
)
_WALLED = frozenset(Answer) - {Answer.PAGE, Answer.PAYWALL}


@dataclass(frozen=True, slots=True)
class Finding:
    """A report that was missed or is wrong, with its cause and what may help to see why."""

    report: Report
    cause: str
    note: str


@dataclass
class Score:
    """Figures of one run. `items` are the reports that mails link to; missed ones are one for each shared text."""

    told: dict[Label, int] = field(default_factory=dict)
    units: int = 0
    found: int = 0
    by_language: dict[str, tuple[int, int, int, int]] = field(default_factory=dict)
    missed: list[Finding] = field(default_factory=list)
    wrong: list[Finding] = field(default_factory=list)
    copies_apart: list[str] = field(default_factory=list)
    false_copies: list[str] = field(default_factory=list)
    told_twice: list[str] = field(default_factory=list)
    leaked: list[str] = field(default_factory=list)
    garbled: list[str] = field(default_factory=list)
    denied: list[str] = field(default_factory=list)
    claimed: list[str] = field(default_factory=list)
    silent_updates: list[str] = field(default_factory=list)
    split: list[str] = field(default_factory=list)
    leaks_in_texts: int = 0

    @property
    def precision(self) -> float:
        right, wrong = self.told.get(Label.YES, 0), self.told.get(Label.NO, 0)
        return right / (right + wrong) if right + wrong else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.units if self.units else 1.0


def score_run(
    site: Site,
    mails: Sequence[Mail],
    facts: Mapping[str, Sequence[Fact]],
    explained: Mapping[int, tuple[bool, str]],
    matches: Matches,
) -> Score:
    """Return the score of these mails."""
    world, score = site.world, Score()
    items = items_of(site, mails)
    judge = _Judge(world, facts, matches, items)
    for label in Label:
        score.told[label] = sum(world.truth.reports[name].label is label for name in items)
    units = world.truth.units(Label.YES)
    score.units, score.found = len(units), sum(any(one.id in items for one in told) for told in units.values())
    score.missed = [judge.missed(told) for told in units.values() if not any(one.id in items for one in told)]
    score.wrong = [
        judge.wrong(world.truth.reports[name]) for name in items if world.truth.reports[name].label is Label.NO
    ]
    score.by_language = {language: _in_language(language, units, items, world) for language in ("en", "es")}
    score.split = [f"{name} as {len(many)} articles" for name, many in facts.items() if len(many) > 1]
    score.copies_apart = [name_prints(told) for told in find_apart(site, mails, facts)]
    score.false_copies = list(find_false(world, facts))
    score.told_twice = list(_told_twice(site, mails))
    score.silent_updates = list(_silent_updates(site, mails))
    score.leaked = [f"{mail.sent:%d} {line}" for mail in mails for line in _leaks(world.outlets.values(), mail.text)]
    written = " ".join(f"{report.title} {report.text}" for report in world.truth.reports.values())
    score.garbled = [found for mail in mails for found in _garbled(mail, written)]
    stored = [(world.outlets[world.truth.reports[name].outlet], fact) for name, many in facts.items() for fact in many]
    score.leaks_in_texts = sum(bool(_leaks([outlet], " ".join(fact.text.split()))) for outlet, fact in stored)
    _compare_explained(score, world, items, facts, explained, mails)
    return score


def items_of(site: Site, mails: Iterable[Mail]) -> dict[str, int]:
    """Return the reports that the mails link to, each with the number of the first mail that does."""
    found: dict[str, int] = {}
    for number, mail in enumerate(mails):
        for story in mail.stories:
            for report in linked(site, story.links):
                found.setdefault(report.id, number)
    return found


def _in_language(
    language: str, units: Mapping[str, Sequence[Report]], items: Mapping[str, int], world: World
) -> tuple[int, int, int, int]:
    """Return found and all texts that belong, and right and all items told, in that language."""
    own = [told for told in units.values() if told[0].language == language]
    shown = [report for name in items if (report := world.truth.reports[name]).language == language]
    right = sum(one.label is Label.YES for one in shown)
    return (
        sum(any(one.id in items for one in told) for told in own), len(own),
        right, right + sum(one.label is Label.NO for one in shown),
    )  # fmt: skip


class _Judge:
    """Says why a report was missed, or told though it does not belong."""

    def __init__(
        self, world: World, facts: Mapping[str, Sequence[Fact]], matches: Matches, items: Mapping[str, int]
    ) -> None:
        self._world, self._facts, self._matches, self._items = world, facts, matches, items
        self._by_number = {fact.number: name for name, many in facts.items() for fact in many}

    def missed(self, told: Sequence[Report]) -> Finding:
        """Return the cause for the report of the text that came furthest."""
        causes = [(*self._why_missed(report), report) for report in told]
        _, cause, note, report = max(causes, key=lambda one: one[0])
        return Finding(report, cause, note)

    def _why_missed(self, report: Report) -> tuple[int, str, str]:
        if report.id not in self._facts:
            return 0, "never seen", self._where(report)
        fact = self._facts[report.id][0]
        if fact.state != "analyzed":
            return 1, "not read", f"{fact.state} {fact.reason}"
        other = self._taken_for(report, fact)
        if other is not None:
            return 4, "false copy", f"taken for a copy of {other.id} {other.title[:60]!r}"
        if fact.matched:
            story = "its story was told without it" if fact.in_digest else "its story was never told"
            return 5, "hidden in its story" if fact.in_digest else "story silenced", story
        title, text = _obtainable(self._world, report)
        if self._matches(report, title, text):
            return 2, "text lost", f"{self._where(report)}; has {_begin(fact.text)}"
        return 3, "topic", self._where(report)

    def wrong(self, report: Report) -> Finding:
        """Return why an item stands in a mail that does not belong there."""
        fact = self._facts[report.id][0]
        other = self._taken_for(report, fact)
        if other is not None and fact.copy_of is not None:
            return Finding(report, "false copy", f"taken for a copy of {other.id} {other.title[:60]!r}")
        if not fact.matched:
            return Finding(report, "mixed story", f"story {fact.story}, {self._where(report)}")
        if self._matches(report, *_obtainable(self._world, report)):
            return Finding(report, "topic", self._where(report))
        return Finding(report, "foreign text", f"{self._where(report)}; has {_begin(fact.text)}")

    def _taken_for(self, report: Report, fact: Fact) -> Report | None:
        """Return the report of another text that it was taken for a copy of."""
        name = self._by_number.get(fact.copy_of) if fact.copy_of is not None else None
        other = self._world.truth.reports[name] if name else None
        return other if other and other.unit != report.unit and not continues(report, other) else None

    def _where(self, report: Report) -> str:
        outlet = self._world.outlets[report.outlet]
        return f"{outlet.layout}/{outlet.feed}/{report.answer}{'/' + outlet.habit if outlet.habit else ''}"


def _obtainable(world: World, report: Report) -> tuple[str, str]:
    """Return headline and text as they could be had: behind a wall, what the feed says."""
    said = said_at(report, world.end)
    outlet = world.outlets[report.outlet]
    whole = outlet.feed in outlet.hand.full or report.answer not in (*_WALLED, Answer.PAYWALL)
    return said.title, "\n\n".join(said.paragraphs) if whole else said.summary


def _told_twice(site: Site, mails: Sequence[Mail]) -> Iterable[str]:
    """Yield stories of a mail all whose texts had been told in one before it and have not changed since.

    A page's news may be told a mail late: the service has to look at it first.
    """
    told: set[str] = set()
    renewed: set[str] = set()
    for mail in mails:
        shown = [(story, linked(site, story.links)) for story in mail.stories]
        changed = {one.id for _, reports in shown for one in reports if _has_news(one, mail)} - renewed
        for story, reports in shown:
            if reports and not any(one.unit not in told or one.id in changed for one in reports):
                yield f"{mail.sent:%d %H:%M} {story.headline[:70]!r}"
            renewed |= {one.id for one in reports if one.unit in told and one.id in changed}
        told |= {one.unit for _, reports in shown for one in reports}


def _silent_updates(site: Site, mails: Sequence[Mail]) -> Iterable[str]:
    """Yield what said something new over the words of an earlier report, and no mail told."""
    for report in site.world.truth.reports.values():
        later = report.later.at if report.later and report.later.is_news else None
        at = report.published if report.update_of else later
        if report.label is not Label.YES or at is None:
            continue
        since = (story for mail in mails if mail.sent > at for story in mail.stories)
        if not any(report in linked(site, story.links) for story in since):
            yield f"{report.id} {report.title[:70]!r}, {'elsewhere' if report.update_of else 'in place'}"


def _has_news(report: Report, mail: Mail) -> bool:
    later = report.later
    return bool(later and later.is_news and later.at <= mail.sent)


def _leaks(outlets: Iterable[Outlet], text: str) -> list[str]:
    """Return the lines in the text that belong to no story."""
    return sorted({line for outlet in outlets for line in outlet.furniture if line in text})


def _garbled(mail: Mail, written: str) -> Iterable[str]:
    """Yield characters that look misread, where nobody wrote them so."""
    for found in _MOJIBAKE.finditer(f"{mail.subject} {mail.text}"):
        if found.string[max(0, found.start() - 4) : found.end() + 2] not in written:
            yield f"{found.group()!r} in {found.string[max(0, found.start() - 30) : found.end() + 30]!r}"


def _compare_explained(
    score: Score,
    world: World,
    items: Mapping[str, int],
    facts: Mapping[str, Sequence[Fact]],
    explained: Mapping[int, tuple[bool, str]],
    mails: Sequence[Mail],
) -> None:
    """Hold what `explain` says of each article against the mails.

    An article that it calls told must be linked, or be a copy of one that is.
    """
    shown = {fact.number for name in items for fact in facts.get(name, ())}
    units = {world.truth.reports[name].unit for name in items}
    for name, many in facts.items():
        report = world.truth.reports[name]
        for fact in many:
            told, reason = explained.get(fact.number, (name in items, ""))
            if name in items and not told and len(many) == 1:
                score.denied.append(f"{name} {report.title[:50]!r}: {reason}")
            is_shown = name in items or fact.copy_of in shown or report.unit in units
            if told and not is_shown:
                score.claimed.append(f"{name} {report.title[:50]!r}: {reason}")


def _begin(text: str) -> str:
    return repr(" ".join(text.split())[:110])


def causes(findings: Iterable[Finding]) -> Counter[str]:
    """Return how many have each cause."""
    return Counter(finding.cause for finding in findings)
