"""The report: a run's figures, its losses by cause, its biggest stories by eye, and every wrong or missed item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from benchmarks.world.articles import World
from benchmarks.world.facts import Fact
from benchmarks.world.score import Finding, Score, causes
from benchmarks.world.truth import Label, Truth

_CUT = 8


def figures(score: Score, world: str) -> dict[str, float]:
    """Return what floors are set on, by name; `world` is what the run's world is called in them."""
    counts = {
        "copies_apart": score.copies_apart, "told_twice": score.told_twice, "leaked": score.leaked,
        "garbled": score.garbled, "denied": score.denied, "claimed": score.claimed, "false_copies": score.false_copies,
    }  # fmt: skip
    mixed = causes(score.wrong)["mixed story"] + causes(score.wrong)["false copy"]
    named = {"precision": score.precision, "recall": score.recall, "mixed_items": float(mixed)}
    return {
        f"world.{world}.{name}": value
        for name, value in (*named.items(), *((n, float(len(f))) for n, f in counts.items()))
    }


def print_score(world: World, score: Score) -> None:
    """Print the figures of a run."""
    told = score.told
    print(
        f"seed {world.seed}: {len(world.truth.reports)} reports of {len(world.outlets)} outlets in {world.days} days; "
        f"told {told[Label.YES]} right, {told[Label.NO]} wrong, {told[Label.BORDERLINE]} borderline\n"
        f"  precision {score.precision:.3f}, recall {score.recall:.3f} ({score.found} of {score.units} texts)"
    )
    for language, (found, all_of_them, right, shown) in score.by_language.items():
        print(f"  {language}: recall {_share(found, all_of_them)}, precision {_share(right, shown)}")
    print(f"  wrong by cause: {_counted(causes(score.wrong))}")
    print(f"  missed by cause: {_counted(causes(score.missed))}")
    print(f"  missed by answer: {_counted(Counter(str(one.report.answer) for one in score.missed))}")
    print(f"  missed by length: {_counted(Counter(_length(one) for one in score.missed))}")
    for name, lines in _lists(score).items():
        print(f"  {name}: {len(lines)}" + "".join(f"\n      {line}" for line in lines[:_CUT]))
    print(f"  stored texts with lines that belong to no story: {score.leaks_in_texts}")


def print_findings(findings: Iterable[Finding]) -> None:
    """Print every item with its cause, grouped by it."""
    for one in sorted(findings, key=lambda finding: (finding.cause, finding.report.language, finding.report.id)):
        report = one.report
        print(
            f"  [{one.cause}] {report.id} {report.language} {report.piece.words}w {report.piece.id}: "
            f"{report.title or report.text[:60]!r}\n        {one.note}"
        )


def print_stories(truth: Truth, facts: Mapping[str, Sequence[Fact]], count: int = 20) -> None:
    """Print the biggest stories, a line for each report, with its label and its event."""
    stories: dict[int, list[str]] = {}
    for name, many in facts.items():
        for fact in many:
            if fact.story is not None:
                stories.setdefault(fact.story, []).append(name)
    for story, names in sorted(stories.items(), key=lambda pair: -len(pair[1]))[:count]:
        texts = {truth.reports[name].piece.event or truth.reports[name].piece.id for name in names}
        print(f"  story {story}: {len(names)} reports of {len(texts)} events")
        for name in names[:12]:
            report, fact = truth.reports[name], facts[name][0]
            mark = "=" if fact.copy_of is not None else "+" if fact.matched else " "
            print(
                f"    {mark} {name} {report.label:10} {report.piece.event or report.piece.id:32.32} {report.title[:60]}"
            )


def story_scores(truth: Truth, facts: Mapping[str, Sequence[Fact]]) -> tuple[float, float]:
    """Return BCubed precision and recall of the stories over the reports whose event is known."""
    story = {name: facts[name][0].story for name in facts}
    event = {one.id: one.piece.event for one in truth.reports.values() if one.piece.event and story.get(one.id)}
    precision = recall = 0.0
    for name in event:
        together = [other for other in event if story[other] == story[name]]
        of_one = [other for other in event if event[other] == event[name]]
        both = sum(event[other] == event[name] for other in together)
        precision += both / len(together)
        recall += both / len(of_one)
    return (precision / len(event), recall / len(event)) if event else (1.0, 1.0)


def _lists(score: Score) -> dict[str, list[str]]:
    return {
        "copies apart": score.copies_apart,
        "taken for several articles": score.split,
        "false copies": score.false_copies,
        "told twice without news": score.told_twice,
        "updates that no mail told": score.silent_updates,
        "leaked lines": score.leaked,
        "wrong characters": score.garbled,
        "mailed, but explain denies it": score.denied,
        "explain says told, no mail shows it": score.claimed,
    }


def _length(finding: Finding) -> str:
    words = finding.report.piece.words
    return "up to 60 words" if words <= 60 else "up to 200" if words <= 200 else "longer"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f} ({part} of {whole})" if whole else "–"


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common()) or "none"
