"""What became of the prints of one text: shown apart, or taken for copies of another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from benchmarks.world.articles import World
from benchmarks.world.facts import Fact
from benchmarks.world.mails import Mail
from benchmarks.world.site import Site
from benchmarks.world.truth import Answer, Report


def linked(site: Site, links: Iterable[str]) -> list[Report]:
    """Return the reports that the links lead to."""
    found = (site.report_at(link) for link in links)
    return [report for report in found if report is not None]


def find_apart(site: Site, mails: Iterable[Mail], facts: Mapping[str, Sequence[Fact]]) -> list[list[Report]]:
    """Return the texts of which more than one print was shown as an item of its own, in one mail or over several.

    A story that goes on may be shown by another print than before, which has since been found to be its original: over
    several mails, prints that are known as copies by then do not count.
    """
    together: dict[str, list[Report]] = {}
    shown: dict[str, dict[str, Report]] = {}
    for mail in mails:
        in_mail: dict[str, dict[str, Report]] = {}
        for report in (one for story in mail.stories for one in linked(site, story.links)):
            if report.answer is Answer.PAGE:
                in_mail.setdefault(report.unit, {})[report.id] = report
                if all(fact.copy_of is None for fact in facts.get(report.id, ())):
                    shown.setdefault(report.unit, {})[report.id] = report
        together |= {unit: list(prints.values()) for unit, prints in in_mail.items() if len(prints) > 1}
    over_mails = {unit: list(prints.values()) for unit, prints in shown.items() if len(prints) > 1}
    return list((over_mails | together).values())


def find_false(world: World, facts: Mapping[str, Sequence[Fact]]) -> Iterable[str]:
    """Yield the articles that were taken for copies of another text."""
    names = {fact.number: name for name, many in facts.items() for fact in many}
    for name, many in facts.items():
        for fact in many:
            if fact.copy_of is None or fact.copy_of not in names:
                continue
            report, other = world.truth.reports[name], world.truth.reports[names[fact.copy_of]]
            if report.unit != other.unit and not continues(report, other):
                yield f"{report.id} {report.title[:50]!r} ({report.answer}) for {other.id} {other.title[:50]!r}"


def continues(report: Report, other: Report) -> bool:
    """Whether one of them goes on with the other's text."""
    return report.update_of == other.unit or other.update_of == report.unit


def name_prints(told: Sequence[Report]) -> str:
    """Return the prints of a text in a line."""
    return " = ".join(f"{one.id} ({one.outlet})" for one in told) + f" {told[0].title[:60]!r}"
