from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from worker import digests
from worker.digests import DigestArticle, DigestLinks, DigestStory, DigestSubscriber, Period, SourceTrouble

END = datetime(2026, 11, 21, 13, 30, tzinfo=UTC)
WEB = "https://news.example.org"


def _at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 21, hour, minute, tzinfo=UTC)


TALKS = DigestStory(
    101,
    1,
    "migration",
    0.92,
    (
        DigestArticle(
            "Border mayors agree on a shared shelter plan before winter",
            "https://borderherald.example/2026/11/21/shelter-plan?ref=rss&id=4",
            "The Border Herald",
            "en",
            _at(12, 5),
            "Mayors of six border cities signed a plan on Friday to share shelter beds. It takes effect in December.",
        ),
        DigestArticle(
            "Alcaldes de la frontera acuerdan un plan común de albergues",
            "https://vozdelnorte.example/albergues",
            "La Voz del Norte",
            "es",
            _at(11, 20),
            "Seis alcaldes…",
        ),
        DigestArticle(
            "Six cities to pool shelter beds",
            "https://desertradio.example/six",
            "Desert Public Radio",
            "en",
            _at(4, 40),
            "Six cities…",
            feed_only=True,
        ),
    ),
    ("shelter beds", "border cities", "albergue"),
)
WIRE = DigestStory(
    102,
    3,
    "migration",
    0.81,
    (
        DigestArticle(
            "Asylum appointments to double at three ports of entry",
            "https://continental.example/asylum",
            "Valley Star",
            "en",
            _at(9, 15),
            "The agency will double its slots. Lawyers asked for a date.",
            reprints=("Harbor Times", "El Faro del Sur", "Mesa Post"),
            wire="Continental",
        ),
        DigestArticle(
            "Lawyers ask for dates",
            "https://pecoscourier.example/dates",
            "Pecos Courier",
            "en",
            _at(13, 2),
            "",
        ),
    ),
    ("asylum appointments", "port of entry"),
    news=3,
)
MONEY = DigestStory(
    103,
    1,
    "remittances",
    0.74,
    (
        DigestArticle(
            "Las remesas caen por segundo mes consecutivo",
            "https://cuentasclaras.example/remesas",
            "Cuentas Claras",
            "es",
            _at(1, 30),
            "El envío bajó en octubre. Es la segunda caída seguida.",
        ),
    ),
    ("remesas",),
)
TITLES = {
    "en": {"migration": "US–Mexico migration", "remittances": "Remittances"},
    "es": {"migration": "Migración México–EE. UU.", "remittances": "Remesas"},
    "pt": {"migration": "Migração México–EUA", "remittances": "Remessas"},
}


@pytest.fixture
def period() -> Period:
    return Period(END - timedelta(days=1), END)


@pytest.fixture
def sample(period: Period) -> Callable[[str], digests.Digest]:
    """A digest of one story told by three outlets, one wire story with reprints and news, one in Spanish."""

    def make(language: str) -> digests.Digest:
        digest = digests.build(
            DigestSubscriber("ana@example.org", "Ana Peña", language, "America/Mexico_City"),
            [TALKS, WIRE, MONEY],
            period,
            topic_titles=TITLES[language],
            troubles=[SourceTrouble("Gulf Monitor", "failing", "HTTP 500")],
            feeds_watched=41,
        )
        assert digest is not None
        return digest

    return make


@pytest.fixture
def links() -> DigestLinks:
    return DigestLinks(
        sender="Storywatch <digest@example.org>",
        list_id="digest.example.org",
        message_id=digests.message_id("7:scheduled:2026-11-21", "example.org"),
        archive=f"{WEB}/archive/token",
        manage=f"{WEB}/manage/token",
        unsubscribe=f"{WEB}/unsubscribe/token",
        unsubscribe_mailto="unsubscribe@example.org?subject=token",
        postal_address="Example Desk, 1 Main Street, El Paso TX",
        feedback={102: (f"{WEB}/feedback/yes", f"{WEB}/feedback/no")},
    )


@pytest.fixture
def one_story(period: Period) -> Callable[..., digests.Digest]:
    """A digest of one story with one article; its fields, `matched` and `topic_title` can be set."""

    def make(reader: str = "en", name: str = "Ana", **fields: object) -> digests.Digest:
        matched = fields.pop("matched", ())
        title = fields.pop("topic_title", "Topic")
        article = DigestArticle(
            **{
                "title": "Plain headline",
                "url": "https://outlet.example/a",
                "outlet": "Outlet",
                "language": "en",
                "published": END,
                "excerpt": "Plain text.",
                **fields,
            }
        )
        digest = digests.build(
            DigestSubscriber("ana@example.org", name, reader, "UTC"),
            [DigestStory(1, 1, "t", 0.5, (article,), matched)],
            period,
            topic_titles={"t": title},
        )
        assert digest is not None
        return digest

    return make
