"""The built-in topics. Their own examples are checked whenever they are loaded; here are other ones."""

import json
from pathlib import Path

import pytest

from worker.topics import Band, Label, LabelledArticle, Topic, TopicArticle, builtin_topics, lint, match, train
from worker.topics.learning.lesson import MAX_WORDS
from worker.topics.learning.quality import BALANCED_PRECISION

SHARED = Path(__file__).parents[4] / "shared"


@pytest.fixture(scope="module")
def migration() -> Topic:
    return next(topic for topic in builtin_topics() if topic.name == "us-mexico-migration")


def test_it_is_written_with_care(migration: Topic) -> None:
    assert migration.languages == ("en", "es")
    assert {example.matches for example in migration.examples} == {True, False}
    assert {example.article.language for example in migration.examples} == {"en", "es"}
    queries = [*migration.queries, *(each for signal in migration.signals for each in signal.queries)]
    assert [warning for each in queries for warning in lint(each.query)] == []


@pytest.mark.parametrize(
    "article",
    [
        TopicArticle(
            "Smugglers left twelve migrants in a locked trailer near Laredo, police say",
            "The driver fled towards the Rio Grande. Those inside, from Mexico and Honduras, had paid to be "
            "taken across the border and on to San Antonio. Two were in hospital on Sunday.",
            "en",
        ),
        TopicArticle(
            "Washington and Mexico City renew pledge to slow border crossings",
            "After two days of talks the delegations said that Mexico would go on stopping migrants on its "
            "trains and that the United States would widen legal ways to enter.",
            "en",
        ),
        TopicArticle(
            "Denuncian extorsión de agentes migratorios a familias haitianas en Tapachula",
            "Los solicitantes de asilo aseguran que les piden dinero para no devolverlos a Guatemala. El "
            "Instituto Nacional de Migración dijo que investigará.",
            "es",
        ),
        TopicArticle(
            "Vuelven al pueblo después de veinte años en Chicago",
            "Deportados o cansados de esconderse, los migrantes que regresaron de Estados Unidos a la sierra "
            "de Guerrero no encuentran trabajo ni escuela para sus hijos.",
            None,
        ),
    ],
)
def test_matches_what_the_guideline_means(migration: Topic, article: TopicArticle) -> None:
    found = match(article, migration)
    assert found is not None
    assert found.band is not Band.WIDE
    assert found.reasons
    assert found.spans


@pytest.mark.parametrize(
    "article",
    [
        TopicArticle(
            "Gray whales begin their migration to Mexico",
            "Watchers in California counted forty whales on the way to the lagoons of Baja California.",
            "en",
        ),
        TopicArticle(
            "Poland closes border crossing after migrants force gate",
            "Guards at the border with Belarus used water cannon. The European Union said it would send help.",
            "en",
        ),
        TopicArticle(
            "Cartel leader extradited to United States",
            "He is accused of shipping cocaine and fentanyl from Sinaloa. Mexico agreed to the request in March.",
            "en",
        ),
        TopicArticle(
            "Llega la mariposa monarca a los bosques de Michoacán",
            "La migración desde Canadá tardó dos meses. Se espera a miles de visitantes en los santuarios de México.",
            "es",
        ),
        TopicArticle(
            "Crece el deporte adaptado en las escuelas de la frontera",
            "Alumnos de Tijuana y Mexicali compitieron en natación y atletismo; habrá una final en México.",
            "es",
        ),
        TopicArticle("", "", None),
    ],
)
def test_leaves_the_neighbours_alone(migration: Topic, article: TopicArticle) -> None:
    found = match(article, migration)
    assert found is None or found.band is Band.WIDE


def rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf8").split("\n") if line]


@pytest.mark.bench
def test_the_seeds_match(migration: Topic) -> None:
    seeds = sorted((SHARED / "seeds").glob("*.txt"))
    if not seeds:
        pytest.skip("../shared/seeds is missing")
    for seed in seeds:
        title, _, text = seed.read_text("utf8").partition("\n")
        found = match(TopicArticle(title, text), migration)
        assert found is not None, seed.name
        assert found.band is Band.STRICT, seed.name


@pytest.mark.bench
def test_what_it_learns_holds_on_articles_held_back(migration: Topic) -> None:
    """The floor under the figures of `benchmarks/topics`, which deals the folds with more care.

    Cuts are set by precision, so recall is bounded through F1: one article of 86 moves it by more than .01. A language
    alone has fewer still (31 in Spanish: one is .03), and neither the short items nor the plain stream are here that
    the benchmark teaches as well.
    """
    bench = SHARED / "bench" / "topics"
    if not bench.is_dir():
        pytest.skip("../shared/bench/topics is missing")
    gold = {row["id"]: row for row in rows(bench / "GOLD.jsonl")}
    labelled = [
        LabelledArticle(
            TopicArticle(row["title"], row["text"], row["language"]),
            Label(gold[row["id"]]["label"]),
            hard=bool(gold[row["id"]]["hard_negative"]),
        )
        for row in rows(bench / "IN.jsonl")
    ]
    quality = train(migration, labelled).quality
    assert quality["all"].precision >= BALANCED_PRECISION
    assert quality["all"].f1 >= 0.90
    assert min(each for part in ("en", "es") for each in (quality[part].precision, quality[part].recall)) >= 0.80
    assert quality["all"].hard_fired <= 0.08


def test_its_model_is_up_to_date(migration: Topic) -> None:
    assert migration.model is not None
    assert set(migration.model.signals) == set(migration.written_weights)
    assert len(migration.model.words) <= MAX_WORDS
