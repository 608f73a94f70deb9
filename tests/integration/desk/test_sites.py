"""What was learned of a site, kept and forgotten at the desk."""

from __future__ import annotations

import pytest

from tests.conftest import NOW
from tests.integration import lantern
from tests.integration.desk.desk_client import DeskClient
from tests.integration.desk.hostile import SCRIPTS, Harm
from tests.integration.test_cli_sites import HOST, fill
from worker.analysis.learn_site import learn_site
from worker.setup.deps import Deps
from worker.storage.sites.site_facts import keep_line, site_facts

PAGE = f"/desk/sites/{HOST}"


def verdicts(deps: Deps) -> list[str]:
    with deps.reading() as session:
        found = site_facts(session, HOST)
    assert found is not None
    return [one.verdict for one in found.lines]


def test_what_was_learned_is_shown_kept_and_forgotten(deps: Deps, editor: DeskClient) -> None:
    fill(deps, 5)
    assert "it takes five articles" in editor.get(PAGE).text
    while learn_site(deps, 1):
        pass
    assert f"/desk/sites/{HOST}" in editor.get("/desk/articles/1").text
    page = editor.get(PAGE)
    assert "Taken out of its articles" in page.text
    assert "in articles on 5 subjects" in page.text
    assert editor.send(PAGE, PAGE, act="keep", line="a line that is not there").status == 404
    assert editor.send(PAGE, PAGE, act="keep", line=lantern.DESK).headers["location"] == f"{PAGE}?said=kept"
    assert verdicts(deps) == ["kept"]
    assert editor.send(PAGE, PAGE, act="forget").status == 303
    assert verdicts(deps) == ["kept"], "what a person keeps stays kept"


def test_hostile_lines_run_nowhere(deps: Deps, editor: DeskClient) -> None:
    fill(deps, 1)
    with deps.transaction() as session:
        for script in SCRIPTS:
            keep_line(session, HOST, script, now=NOW)
    page = editor.get(PAGE)
    assert (page.status, Harm(page.text).found) == (200, [])


@pytest.mark.parametrize("host", ["nowhere.example", "%00", "x" * 9_000, "%2e%2e", "<b>"])
def test_a_site_that_is_not_known_is_said_to_be_none(editor: DeskClient, host: str) -> None:
    assert editor.get(f"/desk/sites/{host}").status == 404
