from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from worker.stories import (
    MEASURED,
    PlacedArticle,
    Reclusterer,
    Reclustering,
    StoryArticle,
    StoryCandidate,
    StoryFeatures,
    StorySettings,
    features,
)

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)

# Three outlets' reports of one meeting, and look-alikes of it.
MEETING = """Ministers from Ruritania and Sylvania agreed on Tuesday in Port Alder to open a joint
fisheries office after a summer of quarrels over herring. Foreign minister Ida Holm and her
colleague Nils Brandt said boats of both countries would get numbered licences, and that a
hotline between the coast guards would start in June. Holm called the herring talks the most
useful in ten years. Fishermen in Ruritania had blocked the harbour with nets in August."""
MEETING_AGAIN = """Ruritania and Sylvania want to settle their dispute about herring with a common fisheries
office. After four hours of talks in Port Alder, Brandt and Holm presented numbered licences
for the boats of both fleets. The coast guards, which chased each other's trawlers all
summer, are to share a telephone line. Fishermen's unions reacted with doubt: nobody had
told them how many licences there would be, a spokesman said."""
MEETING_SPANISH = """Ruritania y Sylvania acordaron el martes en Port Alder abrir una oficina conjunta de
pesca tras un verano de disputas por el arenque. La ministra Ida Holm y su colega Nils Brandt
dijeron que los barcos de los dos países recibirán licencias numeradas y que las guardias
costeras de Ruritania y Sylvania tendrán una línea directa desde junio. Los pescadores
habían bloqueado el puerto con redes en agosto."""
OTHER_COUNTRY = """Trade envoys of Borduria and Freedonia met on Tuesday in Velbridge to talk about tariffs on
cheese. Minister Pavel Gruber said the two governments would look again at the quota for
soft cheese before the autumn fair. Dairy farmers from both countries demonstrated outside
the town hall with cow bells. No date was set for a second round, and the envoys left
without a joint statement."""
BUTTERFLIES = """Millions of painted lady butterflies have begun their migration across the strait two weeks
early, naturalists said. Warm southerly winds carry the insects over the sea in a single
night. Volunteers in bird observatories count them at dawn with the help of a radar that was
built to watch for hail."""


def recluster(articles: Sequence[PlacedArticle], *, settings: StorySettings = MEASURED) -> Reclustering:
    """What becomes of these stories, each given whole, where there are no others: in one, though they touch nowhere."""
    found, asked = Reclusterer(settings), defaultdict(list)
    for placed in articles:
        asked[placed.story_id].append(placed.article_id)
        keys = set(placed.features.keys)
        others = {one.article_id: one.features for one in articles if not keys.isdisjoint(one.features.keys)}
        found.learn(placed, others)
    found.ask(asked)
    assert found.missing_articles() == []
    assert found.missing_stories() == []
    parts = found.result()
    return Reclustering(
        stories=tuple(sorted(asked)),
        placed=tuple(sorted(one for part in parts for one in part.placed)),
        merged={story_id: into for part in parts for story_id, into in part.merged.items()},
        joined={story_id: moving for part in parts for story_id, moving in part.joined.items()},
        opened=tuple(sorted(opened for part in parts for opened in part.opened)),
    )


def article(text: str, *, title: str = "", language: str | None = "en", hours: float = 0) -> StoryFeatures:
    return features(StoryArticle(title, " ".join(text.split()), language, NOON + timedelta(hours=hours)))


def stored(number: int, *members: StoryFeatures) -> StoryCandidate:
    return StoryCandidate(number, members)


@pytest.fixture(scope="session")
def make():
    return article


@pytest.fixture(scope="session")
def store():
    return stored


@pytest.fixture(scope="session")
def told() -> dict[str, StoryFeatures]:
    return {
        "meeting": article(MEETING, title="Herring dispute: ministers agree on joint fisheries office"),
        "again": article(MEETING_AGAIN, title="Ruritania and Sylvania make peace over herring", hours=5),
        "spanish": article(
            MEETING_SPANISH,
            title="Ruritania y Sylvania acuerdan una oficina de pesca",
            language="es-MX",
            hours=3,
        ),
        "cheese": article(OTHER_COUNTRY, title="Envoys talk about cheese tariffs", hours=1),
        "butterflies": article(BUTTERFLIES, title="Butterfly migration starts early", hours=2),
    }
