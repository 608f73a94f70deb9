"""The search page: what it finds, what it says of what it cannot read, and what is given out."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import quote, urlencode

from sqlalchemy import update
from sqlalchemy.orm import Session

from models import Article
from tests.conftest import NOW
from tests.integration.desk.desk_client import DeskClient
from tests.integration.desk.hostile import SCRIPTS, Harm
from tests.integration.stored import analyze, match, tell
from worker.setup.deps import Deps


def store(session: Session, number: int, title: str, text: str, **facts: object) -> int:
    article = analyze(session, f"https://news.example/{number}", text=text)
    session.execute(update(Article).where(Article.id == article).values(title=title, **facts))
    return article


def test_articles_are_found_by_their_words_and_shown_with_them(deps: Deps, editor: DeskClient) -> None:
    with deps.transaction() as session:
        first = store(session, 1, "Ferry sinks off Veracruz", "The ferry sank on Monday.", outlet="Harbour Times")
        second = store(session, 2, "El transbordador", "Núñez habló del ferry.", outlet="La Voz", language="es")
        store(session, 3, "Nothing of it", "A wall fell.")
        story = tell(session, first, "ferry")
        match(session, first)
    asked = editor.get("/desk/search").text
    assert "beginnings* of what was read" in asked
    assert 'aria-current="page"' in asked.split("Search</a>")[0].rsplit("<li>", 1)[1], "it stands in the menu"
    page = editor.get("/desk/search?q=ferry").text
    assert f'href="/desk/articles/{first}"' in page
    assert f'href="/desk/articles/{second}"' in page
    assert "<mark>Ferry</mark> sinks" in page
    assert f'href="/desk/stories/{story}"' in page
    assert "Nothing of it" not in page
    assert "El transbordador" not in editor.get("/desk/search?q=ferry&language=en").text
    narrowed = editor.get("/desk/search?q=ferry&outlet=voz").text
    assert "El transbordador" in narrowed
    assert "sinks" not in narrowed
    assert 'class="filter" open' in narrowed, "what narrows the search is shown"
    assert "El transbordador" in editor.get("/desk/search?q=nunez").text, "accents make no difference"
    assert "Nothing was found." in editor.get("/desk/search?q=tram").text
    assert "sinks" in editor.get(f"/desk/search?after={NOW:%Y}-01-01").text, "days alone are enough"


def test_what_is_no_query_is_told_with_its_place(editor: DeskClient) -> None:
    for query, said in {
        "ferry AND": "line 1, column", '"ferry': "line 1, column", "topic:NO!": "the name of a topic",
        "after:yesterday": "a day such as 2026-03-01", "ferry " * 4_000: "more than 20 KB",
    }.items():  # fmt: skip
        answer = editor.get(f"/desk/search?q={quote(query)}")
        assert answer.status == 400
        assert said in answer.text, query[:20]
        assert 'role="alert"' in answer.text
        assert json.loads(editor.get(f"/desk/search.json?q={quote(query)}").text)["error"]
        assert editor.get(f"/desk/search.csv?q={quote(query)}").status == 400
    assert editor.get("/desk/search?after=0000-99-99&before=x&older=-1&page=a&language=" + "x" * 9_000).status == 200
    assert json.loads(editor.get("/desk/search.json").text)["error"] == "nothing is asked for: say q=… in the address"


def test_what_is_found_is_given_out(deps: Deps, editor: DeskClient) -> None:
    with deps.transaction() as session:
        ids = [store(session, n, f"=Ferry {n}", f"The ferry {n} sank.") for n in range(25)]
    first = editor.get("/desk/search?q=ferry").text
    assert first.count("<li><div") == 20
    assert "further →" in first
    assert editor.get("/desk/search?q=ferry&page=2").text.count("<li><div") == 5
    found = json.loads(editor.get("/desk/search.json?q=ferry").text)
    assert sorted(one["id"] for one in found["articles"]) == ids
    answer = editor.get("/desk/search.csv?q=ferry")
    assert answer.headers["content-disposition"] == 'attachment; filename="articles.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 25
    assert all(row["title"].startswith("'=Ferry") for row in rows), "a spreadsheet runs none of it"


def test_hostile_words_are_words(deps: Deps, editor: DeskClient) -> None:
    with deps.transaction() as session:
        for number, script in enumerate(SCRIPTS):
            store(session, number, script, f"{script} ferry", outlet=script)
    assert Harm(editor.get("/desk/search?q=ferry").text).found == []
    for script in SCRIPTS:
        asked = urlencode(dict.fromkeys(("q", "topic", "outlet", "language", "after", "before", "copies"), script))
        answer = editor.get(f"/desk/search?{asked}")
        assert answer.status in (200, 400)
        assert Harm(answer.text).found == []
