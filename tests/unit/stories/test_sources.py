"""What a report only credits is no evidence for what it tells."""

import pytest

from worker.stories.sources import strip_sources


@pytest.mark.parametrize(
    ("text", "credited"),
    [
        ("A quake struck Olmos, the United States Geological Survey said, at dawn.", "United States Geological Survey"),
        ("The U.S. Geological Survey put it near Olmos.", "U.S. Geological Survey"),
        ("According to the USGS, it was felt in Olmos.", "USGS"),
        ("In Olmos, informó el Servicio Geológico Nacional, hubo daños.", "Servicio Geológico Nacional"),
        ("Según Protección Civil, en Olmos no hay heridos.", "Protección Civil"),
        ("OLMOS (Reuters) - A wall fell.", "(Reuters)"),
        ("Officials in Olmos told The Associated Press so.", "Associated Press"),
    ],
)
def test_a_credited_institution_goes_and_the_rest_stays(text, credited):
    assert credited in text
    left = strip_sources(text)
    assert credited not in left
    assert "olmos" in left.lower()


@pytest.mark.parametrize(
    "text",
    [
        "Foreign minister Ida Holm said boats would get licences.",
        "According to Nils Brandt, the herring is back.",
        "Fisheries Agency chief Ida Holm said so.",
        "The Justice Department sued the harbour of Olmos.",
        "La ministra Ida Holm dijo que sí.",
        "",
    ],
)
def test_people_and_what_institutions_do_stay(text):
    assert strip_sources(text) == text


def test_an_institution_that_also_acts_stays_there():
    left = strip_sources("The Justice Department sued the town. The Justice Department said it had proof.")
    assert left.count("Justice Department") == 1
