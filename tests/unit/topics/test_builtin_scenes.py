"""Scenes without the word `migrant`, in two sentences, and their neighbours at the same places.

None of these was read when the lists were written, nor fitted to.
"""

import json
from pathlib import Path

import pytest

from worker.topics import Band, Topic, TopicArticle, builtin_topics, match

KEPT = Path(__file__).parents[2] / "golden" / "topics" / "kept_items.jsonl"


@pytest.fixture(scope="module")
def migration() -> Topic:
    return next(topic for topic in builtin_topics() if topic.name == "us-mexico-migration")


SCENES = [
    ("en", "Girl of six found alive beside canal near Calexico", "Agents said that she had been left by a guide."),
    ("en", "Nine found in a horse trailer at Falfurrias", "The driver ran into the brush; two were Guatemalans."),
    ("en", "Families sleep beside turnstiles in Nogales", "They hold a number on a list and wait to be called."),
    ("en", "Oaxacan cook taken at check-in", "The consulate of Mexico in Omaha says he is held in a county jail."),
    ("es", "Hallan ahogado a joven hondureño en Piedras Negras", "Bomberos lo sacaron del Bravo junto al puente."),
    (
        "es",
        "Aterriza en Tapachula vuelo con 90 expulsados",
        "Bajaron esposados, contaron en el albergue.",
    ),
    ("es", "Bajan a 40 del tren en Celaya", "Agentes del INM los subieron a camiones; hay niños de Honduras."),
    ("es", "Plagian a familia ecuatoriana en Janos", "Exigen siete mil dólares a sus parientes en Nueva York."),
    ("en", "Man from Cuenca hurt in fall at Nogales", "He had climbed the barrier by a ladder; agents found him."),
    ("es", "Cae del muro en Tecate", "La mujer, originaria de Puebla, subió por una escalera de varilla."),
    ("es", "Suspenden en Santa Ana la fiesta de los oaxaqueños", "Por miedo a las redadas, dijo el consulado."),
]
NEIGHBOURS = [
    ("en", "Bridge at Pharr loses a lane for repairs", "Trucks should expect waiting times of three hours all week."),
    ("en", "El Paso orchestra opens its season", "The concert in Juárez is sold out; a novelist reads before it."),
    ("en", "Tree crushes house in Memphis", "A mother and two children were rescued and taken to a hospital."),
    ("es", "Cerraron el paso a Tula por un socavón", "La caravana de camiones esperó seis horas en la carretera."),
    (
        "es",
        "Despiden con caravana a los futbolistas",
        "El equipo de Mexicali juega la final en Fresno.",
    ),
    ("es", "Ejecutan a balazos a tres en Reynosa", "Los sicarios huyeron en una camioneta; hallaron cartuchos."),
    ("en", "Boy drowns in swimming pool in Mission", "His stepfather pulled him out; it was a birthday."),
    ("en", "Motorcyclist dies in Laredo", "The 26-year-old hit a parked lorry. He was not wearing a helmet."),
    ("es", "Hallan sin vida a enfermera en Ciudad Acuña", "Su expareja está detenida por feminicidio."),
    ("es", "Rescatan a pescador frente a Matamoros", "La Marina lo halló en su lancha tras dos noches."),
]


@pytest.mark.parametrize(("language", "title", "text"), SCENES, ids=[title for _, title, _ in SCENES])
def test_knows_a_scene(migration: Topic, language: str, title: str, text: str) -> None:
    found = match(TopicArticle(title, text, language), migration)
    assert found is not None
    assert found.band is not Band.WIDE


@pytest.mark.parametrize(("language", "title", "text"), NEIGHBOURS, ids=[title for _, title, _ in NEIGHBOURS])
def test_leaves_the_neighbours_alone(migration: Topic, language: str, title: str, text: str) -> None:
    found = match(TopicArticle(title, text, language), migration)
    assert found is None or found.band is Band.WIDE


def test_holds_on_items_that_nothing_was_fitted_to(migration: Topic) -> None:
    rows = [json.loads(line) for line in KEPT.read_text("utf8").splitlines()]
    fired = {row["id"]: match(TopicArticle(row["title"], row["text"], row["language"]), migration) for row in rows}
    hits = {row: found for row, found in fired.items() if found is not None and found.band is not Band.WIDE}
    wanted = {row["id"] for row in rows if row["label"] == "yes"}
    assert len(hits.keys() & wanted) >= 0.85 * len(wanted)
    assert len(hits.keys() & wanted) >= 0.85 * len(hits)
