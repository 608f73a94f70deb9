"""`storywatch replay`, `topics test`, `extract` and `parse-feed` on files."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.integration.cli_site import json_of
from worker.cli.main import main
from worker.storage.db.database import Database
from worker.storage.stories.story_lives import list_stories

SHARED = Path(__file__).resolve().parents[2].parent / "shared"

EVENT = (
    "The governments of Mexico and the United States opened a joint office in Ciudad Juárez on Monday. "
    "It is to hear the asylum claims of migrants who wait at the border. Officials said 80 people had "
    "been registered on the first morning, most of them families from Honduras and Venezuela. Shelters "
    "along the river say that they are full, and the mayor asked both countries for blankets, doctors "
    "and buses before the nights grow cold."
)
OTHER = (
    "The harbour ferry will be out of service for a week while its engine is repaired, the port authority "
    "said. Passengers can take the bus across the old bridge, which runs until midnight. Tickets that were "
    "bought for the ferry stay valid, and bicycles travel free of charge during the repair."
)
HEAD = 'name = "boats"\nlanguages = ["en"]\n'
TOPIC = HEAD + 'query.any = "ferry OR tram"\n'


def write(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "in.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def replayed(folder: Path, archive: Path, *arguments: str) -> list[dict[str, Any]]:
    out = folder / "out.jsonl"
    assert main(["replay", str(archive), "--out", str(out), *arguments]) == 0
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    event = EVENT
    rows = [
        {"id": "a", "title": "Asylum office opens", "text": event, "url": "https://www.a.example/1"},
        {"id": "b", "title": "Ferry stops", "text": OTHER, "url": None, "published": None, "language": "en"},
        {"id": "a2", "title": "Asylum office opens", "text": event, "url": "https://www.a.example/1"},
        {
            "id": "c",
            "title": "",
            "text": "Share this:\n\n" + event.replace("blankets", "tents"),
            "url": "http://[",
        },
        {"id": "\ud800", "title": "\x00\ud800", "text": "\x00\udfff"},
    ]
    return write(tmp_path, *rows)


def test_an_archive_goes_the_real_way(tmp_path: Path, archive: Path) -> None:
    found = replayed(tmp_path, archive)
    assert [row["id"] for row in found] == ["a", "b", "a2", "c", "\ud800"]
    keys = {"id", "duplicate_of", "duplicate_kind", "similarity", "story", "topics"}
    assert {frozenset(row) for row in found} == {frozenset(keys)}
    first, ferry, again, near, _empty = found
    assert (first["duplicate_kind"], first["duplicate_of"]) == ("unique", None)
    assert (again["duplicate_kind"], again["duplicate_of"], again["similarity"]) == ("exact", "a", 1.0)
    assert (near["duplicate_kind"], near["duplicate_of"]) == ("near", "a")
    assert first["story"] == again["story"] == near["story"] != ferry["story"]
    assert first["topics"][0]["topic"] == "us-mexico-migration"
    assert first["topics"] == again["topics"]
    span = first["topics"][0]["spans"][0]
    assert set(span) == {"field", "start", "end", "term"}
    assert ferry["topics"] == []
    assert replayed(tmp_path, archive) == found, "two replays come out alike"


def test_a_topic_file_takes_the_place_of_the_built_in_ones(tmp_path: Path, archive: Path) -> None:
    topic = tmp_path / "boats.toml"
    topic.write_text(TOPIC)
    found = replayed(tmp_path, archive, "--topic", str(topic), "--topic", str(topic))
    assert [[match["topic"] for match in row["topics"]] for row in found] == [[], ["boats"], [], [], []]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEAD + 'query.any = "ferry AND ("', "line 1, column"),
        ("", "name: missing"),
        ("nonsense", "topic file"),
        (HEAD + "query = 1", "query"),
    ],
)
def test_a_wrong_topic_file_is_named(
    content: str, said: str, tmp_path: Path, archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    topic = tmp_path / "boats.toml"
    topic.write_text(content)
    for arguments in (
        ["replay", str(archive), "--out", "x", "--topic", str(topic)],
        ["topics", "test", str(topic)],
    ):
        assert main(arguments) == 2
        err = capsys.readouterr().err
        assert f"topic file {topic}" in err
        assert said in err


def test_a_topic_is_tried_before_it_is_used(tmp_path: Path, archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    topic = tmp_path / "boats.toml"
    topic.write_text(TOPIC.replace("OR", "or"))
    found = json_of(capsys, "topics", "test", str(topic), "--articles", str(archive), "--text", "No boat.")
    assert found["topic"] == "boats"
    assert any("operator is OR" in warning["message"] for warning in found["warnings"])
    assert main(["topics", "test", "us-mexico-migration", "--text", EVENT]) == 0
    out = capsys.readouterr().out
    assert "1 of 1 match" in out
    assert main(["topics", "test", "trams"]) == 2
    assert "us-mexico-migration" in {one["name"] for one in json_of(capsys, "topics", "list")}


PAGE = f"""<html lang="en"><head><title>Ferry stops - Harbour</title></head>
<body><nav><a href="/">Home</a></nav><article><h1>Ferry stops</h1><p>{OTHER}</p>
<p>Read also: Trams are back</p><p>{OTHER.upper()}</p></article></body></html>"""
FEED = b"""<rss version="2.0"><channel><title>Harbour</title><link>https://h.example/</link>
<item><title>Ferry</title><link>/f</link><pubDate>Mon, 02 Mar 2026 12:00:00 GMT</pubDate></item>
</channel></rss>"""


def test_pages_of_a_manifest_keep_their_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "b.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    (tmp_path / "empty.html").write_text("")
    (tmp_path / "broken.html.gz").write_bytes(b"\x1f\x8bnot gzip")
    names = ["a.html", "gone.html", "b.html.gz", "empty.html", "broken.html.gz"]
    rows = [{"id": name, "path": name, "url": "https://h.example/x" if name == "a.html" else None} for name in names]
    manifest, out = write(tmp_path, *rows), tmp_path / "out.jsonl"
    assert main(["extract", "--manifest", str(manifest), "--out", str(out)]) == 0
    found = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in found] == names
    keys = {"id", "title", "text", "published", "language", "authors", "kind", "removed"}
    assert {frozenset(row) for row in found} == {frozenset(keys)}
    assert found[0]["text"] == found[2]["text"] != ""
    assert [row["kind"] for row in found if not row["text"]] == ["not_an_article"] * 3
    assert "gone.html cannot be read" in capsys.readouterr().err


def test_a_page_is_shown_with_what_was_removed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.html"
    path.write_text(PAGE)
    assert main(["extract", str(path), "--explain", "--url", "https://h.example/x"]) == 0
    out = capsys.readouterr().out
    assert "\n+ The harbour ferry will be out" in out
    assert "\n- [read-also] Read also: Trams are back" in out
    assert json_of(capsys, "extract", str(path))["kind"] == "article"
    for arguments in ([], ["--manifest", str(path)], [str(tmp_path / "gone.html")]):
        assert main(["extract", *arguments]) == 2


def test_a_feed_is_printed_in_its_fixed_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "feed.xml.gz"
    path.write_bytes(gzip.compress(FEED))
    found = json_of(capsys, "parse-feed", str(path), "--url", "https://h.example/feed")
    assert set(found) == {"title", "link", "entries"}
    (entry,) = found["entries"]
    assert entry | {"id": ""} == {
        "title": "Ferry", "url": "https://h.example/f", "id": "", "published": "2026-03-02T12:00:00+00:00",
        "updated": None, "authors": [], "summary": "", "content": "",
    }  # fmt: skip
    assert main(["parse-feed", str(path)]) == 0
    assert "1 entry" in capsys.readouterr().out
    path.with_name("no.xml").write_text("hello")
    assert main(["parse-feed", str(path.with_name("no.xml"))]) == 1
    assert capsys.readouterr().err.startswith("storywatch: not a feed")


@pytest.mark.bench
def test_the_two_articles_storywatch_was_conceived_from(tmp_path: Path) -> None:
    seeds = sorted((SHARED / "seeds").glob("*.txt"))
    rows = [{"id": path.stem, "title": "", "text": path.read_text(encoding="utf-8")} for path in seeds]
    first, second = replayed(tmp_path, write(tmp_path, *rows))
    assert first["story"] == second["story"]
    assert first["duplicate_kind"] == second["duplicate_kind"] == "unique"
    assert first["topics"]
    assert second["topics"]


# Each event is told by three outlets in other words, and by a fourth in those of the first: where, who, what.
EVENTS = [
    ("Alder", "Holm", "ferry", "ran aground in fog", "herring boats"),
    ("Corvin", "Brandt", "brewery", "burned to the ground", "copper kettles"),
    ("Elmsund", "Farholt", "orchestra", "lost its subsidy", "cello concertos"),
    ("Gribsk", "Moreau", "observatory", "found a comet", "mirror telescopes"),
    ("Irsund", "Jelvik", "cathedral", "opened its crypt", "medieval frescoes"),
]
TELLINGS = [
    "The {2} of {0} {3} on Tuesday, said its director {1}. Neighbours in {0} spoke of the {4} they remember.",
    "On Tuesday the {2} {3}, and {0} talks of nothing else. Its {4} are known everywhere, the director {1} said.",
    "Director {1} wants to know why the {2} {3}. There will be a meeting in {0} on Friday about the {4}.",
]


def test_four_workers_at_once_open_no_story_twice_and_lose_nothing(
    empty_database: Database, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    url = empty_database.engine.url.render_as_string(hide_password=False)
    rows = [
        {"id": f"{event[0]}.{place}", "title": "", "text": report.format(*event), "language": "en"}
        for place, report in enumerate([*TELLINGS, TELLINGS[0]])
        for event in EVENTS
    ]
    archive = write(tmp_path, *rows)
    found = replayed(tmp_path, archive, "--workers", "4", "--database", url)
    assert [row["id"] for row in found] == [row["id"] for row in rows]
    copies = {row["id"]: row["duplicate_of"] for row in found if row["duplicate_of"]}
    assert copies == {f"{event[0]}.3": f"{event[0]}.0" for event in EVENTS}
    events = defaultdict(set)
    for row in found:
        events[row["id"].partition(".")[0]].add(row["story"])
    assert all(len(stories) == 1 for stories in events.values()), events
    assert len(set().union(*events.values())) == len(EVENTS)
    with empty_database.reading() as session:
        told = list_stories(session)
    assert [story.life.size for story in told if story.life] == [len(TELLINGS)] * len(EVENTS)
    capfd.readouterr()
    assert main(["replay", str(archive), "--out", str(tmp_path / "again"), "--database", url]) == 2
    assert f"has {len(rows)} articles already" in capfd.readouterr().err


def test_an_archive_without_articles_gives_none(tmp_path: Path) -> None:
    assert replayed(tmp_path, write(tmp_path)) == replayed(tmp_path, write(tmp_path), "--workers", "2") == []


def test_a_worker_that_fails_is_not_passed_over(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    ends = "import sys\nif 'benchmarks.replay_share' in sys.orig_argv:\n    sys.exit(9)\n"
    (tmp_path / "sitecustomize.py").write_text(ends)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert main(["replay", str(archive), "--out", str(tmp_path / "out"), "--workers", "2"]) == 3
    assert "2 of 2 processes failed" in capfd.readouterr().err
