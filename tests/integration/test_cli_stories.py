"""A story as people look at it: `storywatch stories` and `explain`, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from models import Article, Story
from tests.conftest import NOW
from tests.integration.cli_site import json_of
from tests.integration.stored import TOPIC, discover, look_at, match, subscribe
from worker import pages, topics
from worker.analysis.judgement import judge
from worker.analysis.placing import place
from worker.analysis.recluster_stories import recluster_next
from worker.cli.main import main
from worker.storage.db.database import Database
from worker.storage.stories.story_lives import list_stories, read_story

HOUR = timedelta(hours=1)
OPENS = (
    "The governments of Mexico and the United States opened a joint office in Ciudad Juárez on Monday. It is to hear "
    "the asylum claims of migrants who wait at the border. Officials said 80 people had been registered on the first "
    "morning, most of them families from Honduras and Venezuela."
)
ADDS = (
    "Families from Honduras and Venezuela were among the first 80 people registered at the asylum office that Mexico "
    "and the United States opened in Ciudad Juárez. The mayor asked both governments for blankets and doctors before "
    "the nights grow cold in the shelters along the river."
)
REPEATS = (
    "Mexico and the United States opened a joint office in Ciudad Juárez. On the first morning 80 people were "
    "registered, officials said, most of them families from Honduras and Venezuela who wait at the border."
)
SPANISH = (
    "Los gobiernos de México y Estados Unidos abrieron una oficina conjunta en Ciudad Juárez. La oficina registró a "
    "80 migrantes de Honduras y Venezuela, en su mayoría familias que esperan asilo en la frontera."
)
OTHER = (
    "The harbour ferry will be out of service for a week while its engine is repaired, the port authority said. "
    "Passengers can take the bus across the old bridge, which runs until midnight."
)


def read(database: Database, hour: int, outlet: str, title: str, text: str, language: str = "en") -> int:
    now = NOW + hour * HOUR
    with database.transaction() as session:
        article_id = discover(session, f"https://{outlet}.example/{hour}", published=now)
        session.execute(update(Article).where(Article.id == article_id).values(outlet=outlet, discovered_at=now))
    article = pages.ExtractedArticle(pages.PageKind.ARTICLE, title, text, language=language)
    judged = judge(article, published=now, outlet=outlet, topic_set=topics.TopicSet(()))
    with database.transaction() as session:
        place(session, article_id, judged, now=now)
        match(session, article_id)
    return article_id


@pytest.fixture
def told(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, int]]:
    """By outlet: the article that it tells the story with."""
    monkeypatch.setenv("DATABASE_URL", database.url)
    ids = {
        "herald": read(database, 0, "herald", "Asylum office opens in Ciudad Juárez", OPENS),
        "copyist": read(database, 1, "copyist", "An asylum office opens", OPENS),
        "tribune": read(database, 2, "tribune", "Mexico and US open asylum office in Ciudad Juárez", REPEATS),
        "chronicle": read(database, 3, "chronicle", "First 80 families registered at asylum office", ADDS),
        "diario": read(database, 4, "diario", "Abren oficina de asilo en Ciudad Juárez", SPANISH, "es"),
        "gazette": read(database, 5, "gazette", "Ferry out of service", OTHER),
    }
    while recluster_next(database, now=NOW + 6 * HOUR).waiting:
        pass
    yield ids
    database.close()


def story_of(database: Database, article_id: int) -> int:
    with database.reading() as session:
        return session.get_one(Article, article_id).story_id or 0


def test_a_life_is_read_from_either_database(told: dict[str, int], database: Database) -> None:
    story_id = story_of(database, told["herald"])
    with database.reading() as session:
        found = read_story(session, story_id, language="es", since=NOW + HOUR)
        assert read_story(session, 999) is None
    assert found
    assert found.life
    life = found.life
    assert (life.headline, life.size, life.languages) == ("Abren oficina de asilo en Ciudad Juárez", 4, ("en", "es"))
    assert life.outlets == ("herald", "copyist", "tribune", "chronicle", "diario")
    assert (life.first_seen, life.last_developed) == (NOW, NOW + 4 * HOUR)
    assert [report.article_id for report in life.development] == [told["chronicle"], told["diario"]]
    assert [event.kind for event in found.history] == ["opened", "joined", "joined", "joined"]
    assert found.topics == (TOPIC,)


def test_a_digest_goes_by_the_same_life(told: dict[str, int], database: Database) -> None:
    with database.transaction() as session:
        subscription = subscribe(session)
    story_id = story_of(database, told["herald"])
    with database.reading() as session:
        stories = look_at(session, subscription)
        record = read_story(session, story_id)
    (story,) = (one for one in stories if one.story_id == story_id)
    assert record
    assert record.life
    reports = {one.article_id: one for one in story.reports}
    for in_story in record.life.reports:
        report = reports.pop(in_story.article_id)
        assert report.central == in_story.central
    (copy,) = reports.values()
    assert copy.central == max(one.central for one in record.life.reports if one.article_id == copy.copy_of)


def test_stories_are_listed_the_latest_first(
    told: dict[str, int], database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with database.reading() as session:
        assert [one.life.headline for one in list_stories(session, topic=TOPIC, limit=1) if one.life] == [
            "Ferry out of service"
        ]
        assert list_stories(session, topic="another") == list_stories(session, since=NOW + 9 * HOUR) == []
    assert main(["stories", "list", "--language", "es"]) == 0
    head, first, second = capsys.readouterr().out.splitlines()
    assert head.split("\t") == ["story", "developed", "reports", "outlets", "languages", "topics", "headline"]
    assert first.split("\t")[2:5] == ["1", "1", "en"]
    assert second.split("\t")[2:] == ["4", "5", "en, es", TOPIC, "Abren oficina de asilo en Ciudad Juárez"]
    assert [one["life"]["size"] for one in json_of(capsys, "stories", "list")] == [1, 4]


def test_a_story_is_shown(told: dict[str, int], database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    story_id = story_of(database, told["herald"])
    assert main(["stories", "show", str(story_id), "--since", (NOW + 2 * HOUR).isoformat()]) == 0
    said = capsys.readouterr().out
    assert "4 reports in 5 outlets, en and es: herald, copyist, tribune, chronicle, diario" in said
    assert "“Abren oficina de asilo en Ciudad Juárez”" in said.partition("Reports")[0], "nothing can be quoted of it"
    assert "“The mayor asked both governments for blankets and doctors" in said
    assert f"article {told['tribune']}" not in said.partition("Reports")[0]
    assert "tribune, 2026-03-02 14:00 UTC" in said
    assert "adds nothing" in said
    assert f"opened by article {told['herald']}" in said
    assert main(["stories", "show", str(story_id), "--since", (NOW + 9 * HOUR).isoformat()]) == 0
    assert "  nothing\n" in capsys.readouterr().out
    assert main(["stories", "show", "999"]) == 2
    assert "there is no story 999" in capsys.readouterr().err


def test_a_merged_story_says_where_it_went(
    told: dict[str, int], database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, gone = story_of(database, told["herald"]), story_of(database, told["gazette"])
    with database.transaction() as session:
        session.execute(update(Story).where(Story.id == gone).values(merged_into=kept, size=0))
        session.execute(update(Article).where(Article.id == told["gazette"]).values(story_id=kept, story_revision=9))
    assert main(["stories", "show", str(gone)]) == 0
    assert f"merged into story {kept}" in capsys.readouterr().out
    assert json_of(capsys, "stories", "show", str(gone))["life"] is None


def test_articles_say_what_they_brought(told: dict[str, int], capsys: pytest.CaptureFixture[str]) -> None:
    said = {}
    for outlet, article_id in told.items():
        assert main(["explain", str(article_id)]) == 0
        said[outlet] = capsys.readouterr().out
    assert "4 reports in 5 outlets" in said["copyist"]
    assert "it is there with its original" in said["copyist"]
    assert f"judged by its original: 'storywatch explain {told['herald']}'" in said["copyist"]
    assert "it opened the story" in said["herald"]
    assert "it added" not in said["herald"]
    assert "it added nothing that was not told before" in said["tribune"]
    assert "it added something\n    “The mayor asked both" in said["chronicle"]
    assert "joined with a score of" in said["chronicle"]
    assert "added" not in said["gazette"]
    assert json_of(capsys, "explain", str(told["chronicle"]))["story"]["life"]["size"] == 4
