"""What was decided of an article's place, written: its text, its group of copies, its index, its story, its topics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from worker.duplicates import GroupChange
from worker.pages import ExtractedArticle
from worker.storage.articles import article_rows, sample_pages
from worker.storage.articles.copies import update_articles
from worker.storage.articles.fingerprints import SampleEntry, save_samples
from worker.storage.articles.sample_months import month_of
from worker.storage.stories.membership import develop_story, write_membership
from worker.storage.topics import topic_rows
from worker.stories import MembershipChange
from worker.topics import TopicMatch

_ORIGINAL = {
    "duplicate_of": None, "copied_from": None, "duplicate_kind": "unique", "similarity": None, "shared_passage": None,
    "updates_original": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlacementDecision:
    """Everything that changes when an article gets its place; `matches` are also those of all that come over to it.

    `updates` are those of the article and of its followers that say something their group had not. The story develops
    by the article: what a follower says has stood in it already.
    """

    article: ExtractedArticle
    published: datetime
    agency: str | None
    text_hash: str
    group: GroupChange
    samples: tuple[SampleEntry, ...]
    membership: MembershipChange
    matches: tuple[TopicMatch, ...]
    updates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class UpdateDecision:
    """Everything that changes when a placed article says something else.

    The index forgets the samples `forgotten` and gets those of `samples`. A copy is `freed` when it is none any more;
    `copies` come along with the article to its story. `updates_original` says of one that stays a copy whether it says
    something its group had not. Where `updates_original`, `membership` or `matches` is None, that stays as it is.
    """

    article_id: int
    article: ExtractedArticle
    agency: str | None
    text_hash: str
    forgotten: tuple[int, ...]
    samples: SampleEntry
    freed: bool = False
    copies: tuple[int, ...] = ()
    updates_original: bool | None = None
    membership: MembershipChange | None = None
    matches: tuple[TopicMatch, ...] | None = None


def apply_placement(session: Session, decision: PlacementDecision, *, now: datetime) -> int | None:
    """Write the decision; return the story that the article is in. The caller holds the lock (`serialize_stories`)."""
    group = decision.group
    article_rows.save_analysis(
        session, group.article_id, decision.article, published=decision.published, agency=decision.agency,
        text_hash=decision.text_hash, duplicate=group.decision, copied_from=group.copied_from, now=now,
    )  # fmt: skip
    for follower in group.followers:
        found = follower.decision
        update_articles(
            session, [follower.article_id], copied_from=group.article_id, duplicate_kind=found.kind.value,
            similarity=found.similarity, shared_passage=found.evidence or None,
        )  # fmt: skip
    _index(session, *decision.samples)
    story_id = write_membership(session, decision.membership, now=now)
    update_articles(session, group.moved, duplicate_of=group.original_id, story_id=story_id)
    for one in (group.article_id, *group.moved):
        topic_rows.save_matches(session, one, decision.matches, now=now)
    update_articles(session, decision.updates, updates_original=True)
    if group.article_id in decision.updates and story_id is not None:
        develop_story(session, story_id, group.article_id, now=now)
    return story_id


def apply_update(session: Session, decision: UpdateDecision, *, now: datetime) -> None:
    """Write the decision. The caller holds the lock (`serialize_stories`)."""
    article_id, month = decision.article_id, month_of(decision.samples.seen)
    article_rows.revise_analysis(
        session, article_id, decision.article, agency=decision.agency, text_hash=decision.text_hash
    )
    sample_pages.remove_entries(session, article_id, decision.forgotten, month=month)
    _index(session, decision.samples)
    if decision.freed:
        update_articles(session, [article_id], **_ORIGINAL)
        update_articles(session, decision.copies, duplicate_of=article_id)
    if decision.updates_original is not None:
        update_articles(session, [article_id], updates_original=decision.updates_original)
    if decision.membership is not None:
        story_id = write_membership(session, decision.membership, now=now)
        update_articles(session, decision.copies, story_id=story_id)
    if decision.matches is not None:
        topic_rows.revise_matches(session, article_id, decision.matches, now=now)


def _index(session: Session, *entries: SampleEntry) -> None:
    for one in entries:
        save_samples(session, one.article_id, one.fingerprint, seen=one.seen, known=one.known)
