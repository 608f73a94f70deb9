"""`storywatch sites` and the selectors of [[sites]], on a real installation."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import Article
from tests.conftest import NOW
from tests.integration import lantern
from tests.integration.cli_site import install, json_of
from tests.integration.stored import analyze
from worker import pages
from worker.cli.main import main
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.sites import site_rows

HOST = "lantern.example"
OVERRIDES = f'[[sites]]\nhost = "www.{HOST}"\ndrop = ["div.lower"]\n[[sites]]\nhost = "old.{HOST}"\nkeep = ["h1"]\n'


def fill(deps: Deps, articles: int) -> None:
    """Let articles with the same line be read; that it is judged is another test's matter."""
    with deps.transaction() as session:
        for number in range(articles):
            text = f"{' '.join(lantern.STORIES[number][1])}\n\n{lantern.DESK}"
            found = pages.ExtractedArticle(pages.PageKind.ARTICLE, "", text)
            article_id = analyze(session, f"https://{HOST}/{number}", text=text)
            session.get_one(Article, article_id).title = lantern.STORIES[number][0]
            reading = site_rows.NewReading("div.tale", pages.seen_lines(found), 90, True, number)
            site_rows.save_reading(session, HOST, article_id, None, reading, known=frozenset(), now=NOW)


def test_what_was_learned_is_listed_shown_and_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from worker.analysis.learn_site import learn_site

    install(tmp_path, monkeypatch)
    deps = Deps(load_settings())
    fill(deps, 5)
    assert main(["sites", "show", HOST]) == 0
    assert "it takes five articles" in capsys.readouterr().out
    while learn_site(deps, 1):
        pass
    (listed,) = json_of(capsys, "sites", "list")
    assert (listed["host"], listed["articles"], listed["learned"]) == (HOST, 5, 1)
    assert main(["sites", "show", f"https://www.{HOST}/4"]) == 0
    out = capsys.readouterr().out
    assert f"Taken out\n  {lantern.DESK}\n" in out
    assert "in articles on 5 subjects, on 100% of such pages, seen 5 times" in out
    assert f"in https://{HOST}/4" in out
    assert main(["sites", "forget", HOST, "--line", lantern.DESK]) == 0
    assert f"Kept from now on: {lantern.DESK}" in capsys.readouterr().out
    assert [line["verdict"] for line in json_of(capsys, "sites", "show", HOST)["lines"]] == ["kept"]
    assert json_of(capsys, "sites", "forget", HOST)["forgotten"] == 0
    for command in ("show", "forget"):
        assert main(["sites", command, "nowhere.example"]) == 2
        assert "storywatch sites list" in capsys.readouterr().err
    deps.database.close()


def test_a_persons_selectors_hold_for_the_host_and_what_is_below_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch, OVERRIDES)
    path = tmp_path / "page.html"
    path.write_bytes(lantern.page(2).body)
    assert main(["extract", str(path), "--url", f"https://news.{HOST}/2", "--explain", "--learned"]) == 0
    out = capsys.readouterr().out
    assert f"\n- [site-drop] {lantern.HISTORY}\n" in out
    assert f"\n+ {lantern.STORIES[2][1][0]}\n" in out
    assert json_of(capsys, "extract", str(path), "--url", f"https://old.{HOST}/2")["text"] == ""
    assert lantern.HISTORY in json_of(capsys, "extract", str(path), "--url", "https://other.example/2")["text"]


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ('host = "a.example"\ndrop = ["p["]', "'p[' for a.example is no CSS selector"),
        ('host = "a.example"\n[[sites]]\nhost = "www.a.example"', "www.a.example is named twice"),
        ('host = "https://a.example/"', "sites.0.host"),
        ('host = "a.example"\nfold = []', "sites.0.fold"),
    ],
)
def test_a_wrong_entry_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], entry: str, complaint: str
) -> None:
    install(tmp_path, monkeypatch)
    (tmp_path / "storywatch.toml").write_text(f"[[sites]]\n{entry}\n")
    (tmp_path / "page.html").write_text("<p>A page.")
    for command in (["db", "upgrade", "--load"], ["extract", str(tmp_path / "page.html")]):
        assert main(command) == 2
        assert complaint in capsys.readouterr().err
