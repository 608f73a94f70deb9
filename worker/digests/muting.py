"""What a subscriber does not want to hear of: an outlet, or a story as it goes on. It is no word on relevance."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from worker.digests.selection import PendingStory, Report
from worker.text.folding import fold


@dataclass(frozen=True, slots=True)
class Muted:
    """`outlets` by name, `stories` each by an article in it: a story may be merged or split, an article may not."""

    outlets: tuple[str, ...] = ()
    stories: tuple[int, ...] = ()

    def covers(self, outlet: str) -> bool:
        """Whether that outlet is muted, however its name is written."""
        return any(outlet_key(outlet) == outlet_key(name) for name in self.outlets)

    def stories_among(self, articles: Collection[int]) -> tuple[int, ...]:
        """Those of the articles by which their story is muted."""
        return tuple(article for article in self.stories if article in articles)


NOTHING_MUTED = Muted()


def outlet_key(name: str) -> str:
    """What two spellings of an outlet's name have in common."""
    return " ".join(fold(name).split())


def without_muted(story: PendingStory, muted: Muted) -> PendingStory | None:
    """What is left of the story for this subscriber, or None. A copy elsewhere takes the place of a muted original."""
    if not muted.outlets and not muted.stories:
        return story
    if muted.stories_among({report.article_id for report in story.reports}):
        return None
    silent = {outlet_key(name) for name in muted.outlets}
    kept = [report for report in story.reports if outlet_key(report.outlet) not in silent]
    if not any(report.mailable for report in kept):
        return None
    originals = {report.article_id: report for report in story.reports}
    lost = {r.copy_of for r in kept if r.copy_of is not None} - {r.article_id for r in kept}
    heirs = {original: _first_copy(kept, original) for original in lost}
    had = {heir: story.had[original] for original, heir in heirs.items() if original in story.had}
    return replace(story, reports=tuple(_inherit(one, heirs, originals) for one in kept), had={**had, **story.had})


def _first_copy(reports: list[Report], original: int) -> int:
    copies = [report for report in reports if report.copy_of == original]
    return min(copies, key=lambda one: (not one.mailable, one.published, one.article_id)).article_id


def _inherit(report: Report, heirs: dict[int, int], originals: dict[int, Report]) -> Report:
    """The report, in its original's place where it is the heir, else as the heir's copy."""
    if report.copy_of not in heirs:
        return report
    heir, original = heirs[report.copy_of], originals.get(report.copy_of)
    if report.article_id != heir:
        return replace(report, copy_of=heir)
    if original is None:
        return replace(report, copy_of=None)
    return replace(
        report, copy_of=None, excerpt=report.excerpt or original.excerpt, matches=original.matches or report.matches,
        adds=original.adds, central=original.central, agency=report.agency or original.agency,
        joined=original.joined, news_number=max(report.news_number, original.news_number),
        text=report.text or original.text,
    )  # fmt: skip
