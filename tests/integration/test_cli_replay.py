"""`storywatch replay`, `topics test`, `extract` and `parse-feed` on files."""

from __future__ import annotations

import gzip
import json
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


def test_a_database_that_is_named_is_kept_and_has_to_be_empty(
    tmp_path: Path, archive: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    found = replayed(tmp_path, archive, "--database", url)
    database = Database(url)
    with database.reading() as session:
        assert {story.id for story in list_stories(session)} == {row["story"] for row in found}
    database.close()
    capfd.readouterr()
    assert main(["replay", str(archive), "--out", str(tmp_path / "again"), "--database", url]) == 2
    assert f"has {len(found)} articles already" in capfd.readouterr().err


def test_an_archive_without_articles_gives_none(tmp_path: Path) -> None:
    assert replayed(tmp_path, write(tmp_path)) == []


def test_every_band_is_told_where_it_is_asked_for(tmp_path: Path, archive: Path) -> None:
    told = {}
    for band in ("strict", "balanced", "wide"):
        out = tmp_path / f"{band}.jsonl"
        assert main(["replay", str(archive), "--band", band, "--out", str(out)]) == 0
        told[band] = [{found["band"] for found in json.loads(line)["topics"]} for line in out.read_text().splitlines()]
    assert {band for found in told["strict"] for band in found} <= {"strict"}
    assert all(strict <= wide for strict, wide in zip(told["strict"], told["wide"], strict=True))
    assert main(["replay", str(archive), "--band", "vague", "--out", str(tmp_path / "none")]) == 2
