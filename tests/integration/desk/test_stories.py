"""A story's page and an article's: who was first, what each added, and why."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.integration.desk.desk_client import DeskClient
from tests.integration.desk.hostile import SCRIPTS, Harm
from tests.integration.stored import DAY, TOPIC, analyze, follow, match, send, subscribe, tell
from worker.duplicates import DuplicateDecision, DuplicateKind
from worker.setup.deps import Deps
from worker.storage.db.database import Database
from worker.storage.digests import outbox, told
from worker.storage.stories.story_articles import list_articles

FERRY = "The ferry sank off Harbour Town on Monday. Three people were saved from the cold water."
LATER = "The ferry was raised on Friday. The owner of the ferry, Anna Berg, was charged with neglect."


def fill(session: Session) -> tuple[int, int, int, int]:
    """A story of two reports and a copy: its number, and theirs."""
    first = analyze(session, "https://news.example/ferry", text=FERRY, published=NOW - DAY)
    story = tell(session, first, "ferry", published=NOW - DAY)
    second = analyze(session, "https://other.example/raised", text=LATER)
    tell(session, second, "ferry", story_id=story)
    copied = DuplicateDecision(DuplicateKind.NEAR, first, 0.91)
    copy = analyze(session, "https://copy.example/ferry", text=FERRY, duplicate=copied)
    follow(session, copy, first)
    match(session, first)
    return story, first, second, copy


def test_a_story_tells_who_was_first_what_was_added_and_folds_copies(deps: Deps, editor: DeskClient) -> None:
    with deps.transaction() as session:
        story, first, second, copy = fill(session)
        reader = subscribe(session)
        sent = outbox.SentStory(story, 1, TOPIC, (first,), "Ferry", revisions={first: 1})
        send(session, reader, sent)
    page = editor.get(f"/desk/stories/{story}").text
    assert "2 reports · 1 copy · 1 outlet · told to 1 reader" in page
    assert "First told by Example, yesterday, 12:00" in page
    assert page.index(f'id="article-{first}"') < page.index(f'id="article-{second}"')
    assert "Anna Berg, was charged" in page
    assert f'id="article-{copy}"' not in page
    assert f'href="/desk/articles/{copy}"' in page
    said = editor.send(
        f"/desk/stories/{story}", "/desk/label", article=first, topic=TOPIC, word="yes", back=f"/desk/stories/{story}"
    )
    assert said.headers["location"] == f"/desk/stories/{story}?said=labelled"


def test_an_article_is_explained(deps: Deps, editor: DeskClient) -> None:
    with deps.transaction() as session:
        story, first, _, copy = fill(session)
        reader = subscribe(session)
        sent = outbox.SentStory(story, 1, TOPIC, (first,), "Ferry", revisions={first: 1})
        send(session, reader, sent)
        told.save_passed_over(session, {reader: {copy: "muted"}}, now=NOW)
    page = editor.get(f"/desk/articles/{first}").text
    for said in ("16 words kept", "said in the title", "reader@news.example", "strict", f"/desk/articles/{copy}"):
        assert said in page
    page = editor.get(f"/desk/articles/{copy}").text
    for said in ("91% alike", f"/desk/articles/{first}", "It is there with its original.", "they muted it"):
        assert said in page


@pytest.mark.parametrize("number", ["999", "0", "x", "9" * 5_000, "-1", "1e3", "%00", "9007199254740993"])
def test_what_is_not_there_is_said(editor: DeskClient, number: str) -> None:
    for path in ("stories", "articles"):
        answer = editor.get(f"/desk/{path}/{number}")
        assert answer.status == 404
        assert "Storywatch" in answer.text


def test_hostile_headlines_run_nowhere(deps: Deps, editor: DeskClient) -> None:
    with deps.transaction() as session:
        for number, script in enumerate(SCRIPTS):
            url = f"https://news.example/{number}"
            article = analyze(session, url, text=f"{script} {FERRY}", title=script, entry_id=script)
            story = tell(session, article, f"key{number}")
            match(session, article)
            session.connection().exec_driver_sql(
                f"UPDATE articles SET title = entry_title, outlet = entry_title WHERE id = {article}"
            )
    for path in (
        "/desk",
        "/desk?band=wide",
        *(f"/desk/stories/{one}" for one in range(1, story + 1)),
        *(f"/desk/articles/{one}" for one in range(1, article + 1)),
    ):
        answer = editor.get(path)
        assert (answer.status, Harm(answer.text).found) == (200, []), path
        assert len(answer.text) < 100_000


def test_a_storys_articles_are_listed_in_their_order(database: Database) -> None:
    with database.transaction() as session:
        story, first, second, copy = fill(session)
        found = list_articles(session, story, limit=9)
        assert [one.id for one in found] == [first, second, copy]
        assert (found[2].copy_of, found[2].similarity, found[0].copy_of) == (first, 0.91, None)
        assert len(list_articles(session, story, limit=2)) == 2
        assert list_articles(session, 999, limit=9) == []


def test_of_an_archive_half_deleted_what_is_left_is_shown(deps: Deps, editor: DeskClient) -> None:
    with deps.transaction() as session:
        story, first, second, copy = fill(session)
        session.flush()
        connection = session.connection()
        connection.exec_driver_sql(
            "UPDATE articles SET text = '', removed = NULL, text_gone_at = '2026-03-01 00:00:00'"
        )
        connection.exec_driver_sql(f"DELETE FROM articles WHERE id = {first}")
    page = editor.get(f"/desk/stories/{story}")
    assert (page.status, f'id="article-{second}"' in page.text) == (200, True)
    assert "Its words are kept no longer." in editor.get(f"/desk/articles/{second}").text
    assert editor.get(f"/desk/articles/{copy}").status == 200
    assert editor.get(f"/desk/articles/{first}").status == 404
    assert editor.get("/desk").status == 200
    with deps.transaction() as session:
        session.connection().exec_driver_sql("DELETE FROM articles")
    assert editor.get(f"/desk/stories/{story}").status == 404
    assert editor.get("/desk").status == 200
