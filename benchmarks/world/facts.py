"""What the installation made of each report, as its database and its `explain` say."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from unittest.mock import patch

from sqlalchemy import select

from benchmarks.world.mails import Mail, mailed_stories, read_outbox, with_pages
from benchmarks.world.run import READER, TOPIC, Installation
from benchmarks.world.truth import Report
from models import Article, Delivery, Digest, DigestPage, DigestStory
from worker import topics
from worker.cli.main import main
from worker.storage.db.packing import unpack
from worker.storage.reports.placements import read_placements


@dataclass(frozen=True, slots=True)
class Fact:
    """A report as it is stored; `copy_of` is the number of the article it was taken for a copy of."""

    number: int
    state: str
    reason: str
    feed_only: bool
    title: str
    text: str
    matched: bool = False
    copy_of: int | None = None
    story: int | None = None
    in_digest: bool = False


def read_facts(installation: Installation) -> dict[str, list[Fact]]:
    """Return what is stored by report: more than one where it was taken for several articles."""
    with installation.deps.reading() as session:
        columns = (
            Article.id,
            Article.url,
            Article.state,
            Article.reason,
            Article.feed_only,
            Article.title,
            Article.text,
        )
        rows = session.execute(select(*columns)).all()
        placed = read_placements(session, [row.id for row in rows])
        told = {number for (numbers,) in session.execute(select(DigestStory.article_ids)) for number in numbers}
    found: dict[str, list[Fact]] = {}
    for row in rows:
        report = installation.site.report_at(row.url)
        if report is None:
            continue
        fact = Fact(row.id, row.state, row.reason or "", row.feed_only, row.title, row.text, in_digest=row.id in told)
        if row.id in placed:
            place = placed[row.id]
            sure = any(match.topic == TOPIC and match.band in topics.DEFAULT_BAND.included for match in place.matches)
            fact = Fact(
                row.id, row.state, row.reason or "", row.feed_only, row.title, row.text, sure,
                place.duplicate.duplicate_of, place.story_id, row.id in told,
            )  # fmt: skip
        found.setdefault(report.id, []).append(fact)
    return found


def further_pages(installation: Installation) -> list[Mail]:
    """Return what the archive shows of the digests that reached the reader, as mails of the same date.

    A mail that would be too long is cut, and leads there.
    """
    reached = Digest.id.in_(select(Delivery.digest_id).where(Delivery.state == "sent"))
    further = select(DigestPage.html, Digest.window_end).join(Digest, Digest.id == DigestPage.digest_id).where(reached)
    with installation.deps.reading() as session:
        whole = session.execute(select(Digest.html, Digest.window_end).where(reached)).all()
        rows = [*whole, *session.execute(further).all()]
    return [Mail(end, "", tuple(mailed_stories(unpack(page).decode())), "") for page, end in rows]


def told_to_reader(installation: Installation) -> list[Mail]:
    """Return the mails in the outbox folder, each with what was left out of it for length, in order."""
    return with_pages(read_outbox(installation.folder / "outbox"), further_pages(installation))


def ask_explain(installation: Installation, numbers: Iterable[int]) -> dict[int, tuple[bool, str]]:
    """Return what `storywatch explain` says of these articles: whether the reader was told, and the reason."""
    said: dict[int, tuple[bool, str]] = {}
    # One database for all questions: opening it anew costs more than asking.
    with patch("worker.cli.explain.open_installation", return_value=installation.deps):
        for number in numbers:
            out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
            with redirect_stdout(out):
                code = main(["explain", str(number), "--json"])
            out.flush()
            if code:
                said[number] = (False, f"explain ended with {code}")
                continue
            fates: list[Mapping[str, str]] = json.loads(out.buffer.getvalue())["subscribers"]
            fate = next(one for one in fates if one["address"] == READER)
            said[number] = (bool(fate["told"]), fate["reason"])
    return said


def matcher(installation: Installation) -> Callable[[Report, str, str], bool]:
    """Return what says whether a headline and a text match the topic, whatever became of the page."""
    known = topics.TopicSet(installation.deps.topics.topics)

    def matches(report: Report, title: str, text: str) -> bool:
        found = known.match(topics.TopicArticle(title, text, report.language, report.outlet))
        return any(match.topic == TOPIC and match.band in topics.DEFAULT_BAND.included for match in found)

    return matches
