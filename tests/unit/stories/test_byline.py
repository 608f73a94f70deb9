"""Who wrote a report goes before it is compared; whom it is about stays."""

import pytest

from worker.stories.byline import strip_byline

TOLD = "The ferry ran aground off Port Alder at noon, the harbour police said to those who waited on the quay."


@pytest.mark.parametrize(
    "byline",
    [
        "Ida Holm 17/11/2026 10:45\n\n",
        "Ida Holm / Corresponsal · 17/11/2026 14:59\n",
        "By Nils de la Brandt - 20.11.2026 09:51 ",
        "POR IDA HOLM, Enviada especial\n",
        "Words: Ida Holm\n\n",
        "Ida Holm, staff writer ",
        "Ida Holm\n\n",
        "Ida Holm | 2026-11-17, 2:45 p.m. ",
        "(Staff) - ",
        "(Agencias) ",
    ],
)
def test_a_byline_goes(byline):
    assert strip_byline(byline + TOLD).strip() == TOLD


@pytest.mark.parametrize(
    "text",
    [
        TOLD,
        "",
        "Ida Holm said that the ferry ran aground.",
        "Ida Holm\nThe minister, Holm, resigned at noon.",
        "By noon on 17/11/2026 the ferry was afloat again.",
        "Port Alder, Monday. The ferry ran aground.",
        "On 17/11/2026 the ferry ran aground.",
    ],
)
def test_what_tells_something_stays(text):
    assert strip_byline(text) == text


@pytest.mark.parametrize("agency", ["Alder Wire", "Notipuerto"])
def test_the_agency_of_a_dateline_goes_and_the_place_stays(agency):
    assert strip_byline(f"PORT ALDER, Nov. 18 ({agency}) — {TOLD}") == f"PORT ALDER, Nov. 18  — {TOLD}"
    inside = f"{TOLD} A ship of the line ({agency}) - the Alba - was near."
    assert strip_byline(inside) == inside
