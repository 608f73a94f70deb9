"""What people say of articles, and how far a topic has come with them, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from models import TopicLabel
from tests.conftest import NOW
from tests.integration.stored import TOPIC, analyze, discover, tell
from worker.duplicates import DuplicateDecision, DuplicateKind
from worker.storage.db.database import Database
from worker.storage.topics import labels
from worker.topics import Label, LabelledArticle, TopicArticle

HOUR = timedelta(hours=1)


def test_a_persons_second_word_replaces_their_first_and_nobody_elses(database: Database) -> None:
    with database.transaction() as session:
        article = analyze(session, "https://news.example/a")
        labels.save_label(session, TOPIC, article, Label.NO, who="ana", via="command", now=NOW)
        labels.save_label(session, TOPIC, article, Label.YES, who="ben", via="digest", now=NOW + HOUR)
        labels.save_label(session, TOPIC, article, Label.YES, who="ana", via="command", now=NOW + 2 * HOUR)
        labels.save_label(session, "other", article, Label.NO, who="ana", via="command", now=NOW)
    with database.reading() as session:
        found = labels.labels_of(session, TOPIC)
        assert [(one.who, one.label, one.via, one.at) for one in found] == [
            ("ana", Label.YES, "command", NOW + 2 * HOUR), ("ben", Label.YES, "digest", NOW + HOUR),
        ]  # fmt: skip
        assert (found[0].article_id, found[0].title, found[0].url) == (
            article, "Read https://news.example/a", "https://news.example/a",
        )  # fmt: skip
        (labelled,) = labels.labelled_articles(session, TOPIC)
        read = TopicArticle("Read https://news.example/a", "Migrants crossed.", "en", "Example")
        assert labelled == LabelledArticle(read, Label.YES, id=str(article))
        assert labels.labels_of(session, "nothing") == []


def test_what_is_said_of_a_copy_counts_for_its_original(database: Database) -> None:
    with database.transaction() as session:
        original = analyze(session, "https://news.example/a")
        copied = DuplicateDecision(DuplicateKind.EXACT, original, 1.0)
        copy = analyze(session, "https://copy.example/a", duplicate=copied)
        unread = discover(session, "https://news.example/b")
        story = tell(session, original, "ferry")
        for article, label in ((original, Label.YES), (copy, Label.NO), (unread, Label.NO)):
            labels.save_label(session, TOPIC, article, label, who="ana", via="command", now=NOW)
        labels.save_label(session, TOPIC, copy, Label.BORDERLINE, who="ben", via="command", now=NOW)
    with database.reading() as session:
        (labelled,) = labels.labelled_articles(session, TOPIC)
        assert (labelled.id, labelled.label, labelled.group) == (str(original), Label.BORDERLINE, str(story))
        assert {one.title for one in labels.labels_of(session, TOPIC)} >= {"Title of https://news.example/b"}


def test_labels_go_with_their_article_and_long_names_are_cut(database: Database) -> None:
    with database.transaction() as session:
        article = analyze(session, "https://news.example/a")
        for _ in range(2):
            labels.save_label(session, TOPIC, article, Label.YES, who="x" * 900, via="command", now=NOW)
    with database.reading() as session:
        (row,) = session.scalars(select(TopicLabel))
        assert row.who == "x" * 320


@pytest.mark.parametrize(
    ("said", "together"),
    [
        ((Label.YES,), Label.YES),
        ((Label.NO, Label.NO), Label.NO),
        ((Label.YES, Label.NO, Label.YES), Label.BORDERLINE),
        ((Label.BORDERLINE, Label.YES), Label.BORDERLINE),
    ],
)
def test_where_people_differ_an_article_is_borderline(said: tuple[Label, ...], together: Label) -> None:
    assert labels.agreed(said) is together
