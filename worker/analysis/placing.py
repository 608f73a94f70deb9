"""From a read article to its place: copy or original, story, topics.

The pipeline and `storywatch replay` both go through here, so a rule that is tried on an archive is the
rule that runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from worker import duplicates, stories, topics
from worker.analysis.copy_candidates import Resemblance, Surroundings, compare, survey
from worker.duplicates import MEASURED, DuplicateRules
from worker.pages import ExtractedArticle
from worker.storage.articles import article_rows, copies, fingerprints
from worker.storage.stories import membership, story_rows
from worker.storage.topics import topic_rows

Embed = Callable[[str], stories.Embedding | None]
"""What a configured model makes of a text; None where it knows none of it."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything about an article that can be computed without looking at another one."""

    article: ExtractedArticle
    published: datetime
    agency: str | None
    fingerprint: duplicates.Fingerprint
    features: stories.StoryFeatures
    matches: tuple[topics.TopicMatch, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an article ended up among the others."""

    duplicate: duplicates.DuplicateDecision
    story_id: int | None
    matches: tuple[topics.TopicMatch, ...]


def judge(
    article: ExtractedArticle, *, published: datetime, outlet: str, topic_set: topics.TopicSet,
    embed: Embed | None = None,
) -> Judgement:  # fmt: skip
    """Compute what the article is by itself; the expensive part, done outside any transaction."""
    about = topics.TopicArticle(article.title, article.text, article.language, outlet)
    told = stories.StoryArticle(article.title, article.text, article.language, published)
    return Judgement(
        article=article,
        published=published,
        agency=duplicates.find_agency(article.text, article.authors),
        fingerprint=duplicates.fingerprint(article.text),
        features=stories.features(told, embedding=embed(stories.gist(told)) if embed else None),
        matches=topics.match_all(about, topic_set),
    )


def look_around(
    session: Session, article_id: int, judgement: Judgement, *, rules: DuplicateRules, before: Resemblance | None = None
) -> Surroundings:
    """Look up which stored articles may be copies or originals of this one."""
    return survey(
        session,
        article_id,
        judgement.article,
        judgement.fingerprint,
        published=judgement.published,
        window=rules.window,
        before=before,
    )


def place(
    session: Session, article_id: int, judgement: Judgement, *, now: datetime, rules: DuplicateRules = MEASURED,
    story_rules: stories.StorySettings = stories.MEASURED, before: Resemblance | None = None,
) -> Placement:  # fmt: skip
    """Decide what the article is among the stored ones, and save all of it in this transaction.

    A copy carries its original's story and topics; the original of a group is its earliest article. The
    caller sees to it that no other worker decides at the same time (`serialize_stories`), and hands in what
    was found `before` that, so that under the lock only what is new since is compared.
    """
    around = look_around(session, article_id, judgement, rules=rules, before=before)
    found = compare(around, settings=rules.thresholds, before=before)
    relation = found.relation
    parent_id = relation.decision.duplicate_of
    original_id = copies.original_of(session, parent_id) if parent_id is not None else None
    duplicate = replace(relation.decision, duplicate_of=original_id)
    article_rows.save_analysis(
        session, article_id, judgement.article, published=judgement.published, agency=judgement.agency,
        text_hash=judgement.fingerprint.text_hash, duplicate=duplicate, copied_from=parent_id, now=now,
    )  # fmt: skip
    _index(session, found, article_id, judgement.fingerprint)
    moved = copies.bring_over(session, relation.followers, article_id, original_id or article_id)
    story_id = _settle(session, article_id, original_id, judgement, moved, rules=story_rules, now=now)
    matches = judgement.matches if original_id is None else topic_rows.matches_of(session, original_id)
    for one in (article_id, *moved.articles):
        topic_rows.save_matches(session, one, matches, now=now)
    return Placement(duplicate, story_id, matches)


def _index(session: Session, found: Resemblance, article_id: int, fingerprint: duplicates.Fingerprint) -> None:
    """Index what the article says beyond its original, and what those say beyond it that are its copies now."""
    parent_id = found.relation.decision.duplicate_of
    seen, known = found.surroundings.subject.seen, found.fingerprints
    copied = known[parent_id].samples if parent_id is not None else ()
    fingerprints.save_samples(session, article_id, fingerprint, seen=seen, known=copied)
    for one in found.surroundings.candidates:
        if any(follower.article_id == one.article_id for follower in found.relation.followers):
            beyond = known[one.article_id]
            fingerprints.save_samples(session, one.article_id, beyond, seen=one.seen, known=fingerprint.samples)


def _settle(
    session: Session, article_id: int, original_id: int | None, judgement: Judgement, moved: copies.Moved,
    *, rules: stories.StorySettings, now: datetime,
) -> int | None:  # fmt: skip
    """Find the story of the article and of the copies that came over to it; return the story's id.

    An article that is the original of what was told before it takes its place; it opens no story of its own.
    """
    leaders = list(moved.leaders)
    if original_id is None and leaders:
        copies.take_over(session, article_id, leaders.pop(0))
        membership.speak_for_itself(session, article_id, judgement.features, now=now)
    elif original_id is None:
        tell(session, article_id, judgement.features, rules, now)
    followers = [*moved.articles] if original_id is None else [article_id, *moved.articles]
    leading = original_id or article_id
    for leader_id in leaders:
        copies.vacate(session, leader_id, into=copies.story_of(session, leading), now=now)
    return copies.follow(session, followers, leading)


def tell(
    session: Session, article_id: int, features: stories.StoryFeatures, rules: stories.StorySettings, now: datetime
) -> int:
    """Put a report into the story it belongs to, or open one; return the story's id."""
    candidates = story_rows.find_stories(session, features, window=rules.window)
    assignment = stories.assign(features, candidates, now=now, settings=rules)
    joined = next((c for c in candidates if c.story_id == assignment.story_id), None)
    totals = stories.absorb(joined, features)
    return story_rows.join_story(session, article_id, features, assignment, totals, now=now)
