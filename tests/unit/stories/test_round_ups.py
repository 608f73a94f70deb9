"""Round-ups tell many events; a report is none because it has numbers or days in its headline."""

import pytest

from worker.stories import weigh_pair
from worker.stories.round_ups import is_round_up


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Tuesday briefing: ferries, rates and a whale", ""),
        ("Five things to know this morning", ""),
        ("Port news in brief", ""),
        ("Resumen de noticias del puerto", ""),
        ("Las noticias de la mañana", ""),
        ("La semana en el puerto", ""),
        ("Ferries, rates and a whale", "Good morning. Here is what happened while you slept."),
    ],
)
def test_a_round_up(title, text):
    assert is_round_up(title, text)


@pytest.mark.parametrize(
    "title",
    [
        "Ferry runs aground on Tuesday",
        "Minister briefs the council on five ferries",
        "Una semana sin transbordador",
        "Noticias falsas sobre el puerto",
        "Update: two hurt on the ferry",
    ],
)
def test_a_report_is_none(title):
    assert not is_round_up(title, "The ferry ran aground at noon, the port said.")


def test_nothing_joins_a_round_up(make):
    said = "The ferry Alba ran aground at Port Alder on Monday and eleven passengers were hurt, the port said."
    report, round_up = make(said, title="Ferry aground"), make(said, title="Monday briefing: a ferry and a whale")
    assert weigh_pair(report, report) is not None
    assert weigh_pair(report, round_up) is None
