"""Digests of any length as a newsroom would fill them: invented, the same each time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from worker import digests
from worker.digests import DigestArticle, DigestLinks, DigestStory, DigestSubscriber, Period, SourceTrouble

COUNTS = (0, 1, 25, 100)
LANGUAGES = ("en", "es")
CASES = [(count, language) for count in COUNTS for language in LANGUAGES]

END = datetime(2026, 11, 21, 13, 30, tzinfo=UTC)
WEB = "https://news.example.org"
TOPICS = ("migration", "remittances", "trade")
TITLES = {
    "en": {"migration": "US–Mexico migration", "remittances": "Remittances", "trade": "Trade & tariffs"},
    "es": {"migration": "Migración México–EE. UU.", "remittances": "Remesas", "trade": "Comercio y aranceles"},
}
OUTLETS = ("The Border Herald", "La Voz del Norte", "Desert Public Radio", "El Faro del Sur", "Valley Star")
PLACES = ("Laredo", "Nogales", "Tapachula", "Ciudad Juárez", "McAllen", "Tijuana", "El Paso", "Matamoros")
HEADLINES = {
    "en": (
        "Mayors in {place} agree on a shared shelter plan before winter",
        "Asylum appointments to double at the port of entry near {place}",
        "What the new tariff means for packing houses around {place}",
    ),
    "es": (
        "Alcaldes de {place} acuerdan un plan común de albergues antes del invierno",
        "Duplican las citas de asilo en el puerto de entrada de {place}",
        "Las remesas que llegan a {place} caen por segundo mes consecutivo",
    ),
}
EXCERPTS = {
    "en": "Officials in {place} signed the plan on Friday after weeks of talks. It takes effect in December.",
    "es": "Las autoridades de {place} firmaron el plan el viernes, tras varias pláticas. Rige desde diciembre.",
}

PARTS = {
    "en": ("Crossings", "Deportations", "Policy", "Shelters", ""),
    "es": ("Cruces", "Deportaciones", "Política", "Albergues", ""),
}
TOLD = {5: "Mayors weigh a plan for the winter"}


def digest(count: int, language: str, *, topics: int = len(TOPICS)) -> digests.Digest:
    """A digest of `count` stories for a reader of `language`; every third report is in the other language."""
    built = digests.build(
        DigestSubscriber("ana@example.org", "Ana Peña", language, "America/Mexico_City"),
        [digests.brief(story(n, language, topics), language, TOLD.get(n, "")) for n in range(count)],
        Period(END - timedelta(days=1), END),
        limit=max(count, 1),
        topic_titles=TITLES[language],
        troubles=[SourceTrouble("Gulf Monitor", "failing", "HTTP 500 since Tuesday")],
        feeds_watched=41,
        send_empty=True,
        subtopic_of=lambda one: PARTS[language][one.story_id % 5] if one.topic == TOPICS[0] else "",
    )
    assert built is not None
    return built


def story(n: int, language: str, topics: int) -> DigestStory:
    """The n-th story: one to five reports, some with reprints, some updated or new, some opinion, some from a feed."""
    other = "es" if language == "en" else "en"
    written = [other if (n + m) % 3 == 2 else language for m in range(1 + n % 5)]
    return DigestStory(
        story_id=n,
        revision=1 + n % 3,
        topic=TOPICS[n % 7 % topics],
        score=0.95 - n % 40 / 100,
        articles=tuple(_article(n, m, one) for m, one in enumerate(written)),
        matched=("shelter beds", "albergue", "border cities")[: 1 + n % 3],
        news=n % 3 if n % 4 == 1 else 0,
        wide=n % 8 == 7,
    )


def _article(n: int, m: int, language: str) -> DigestArticle:
    place = PLACES[(n + m) % len(PLACES)]
    title = HEADLINES[language][(n // 3 + m) % 3].format(place=place)
    is_new = n % 4 == 1 and 0 < m <= n % 3
    return DigestArticle(
        title=f"Opinion: {title}" if (n % 6 == 3 and m == 2) or n % 11 == 10 else title,
        url=f"https://outlet{m}.example/2026/11/21/{place.lower().replace(' ', '-')}-{n}?ref=rss&id={m}",
        outlet=OUTLETS[(n + m) % len(OUTLETS)],
        language=language,
        published=END - timedelta(minutes=37 * (n % 30) + 11 * m),
        excerpt=EXCERPTS[language].format(place=place) if m == 0 or is_new else "",
        reprints=("Harbor Times", "Mesa Post", "Pecos Courier", "Gulf Wire", "Sierra Daily", "Playas Hoy")[
            : 0 if m else n % 7
        ],
        feed_only=m == 1 and n % 6 == 4,
        wire="Continental" if n % 7 and not m else None,
        new=is_new,
    )


KEY = "AYfEQQnIQu3bXk2r9PzWm"


def links(count: int) -> DigestLinks:
    """Where such a digest leads; tokens as long as real ones."""
    token = "eyJzdWJzY3JpcHRpb24iOjEyM30.k7Yw2iM1tqJ0x8h4Vn5RbZcA9dLsE3gUfTyWmQpOiKj"
    return DigestLinks(
        sender="Storywatch <digest@example.org>",
        list_id="digest.news.example.org",
        message_id=digests.message_id(f"sample:{count}", "example.org"),
        archive=f"{WEB}/archive/{token}",
        manage=f"{WEB}/manage/{token}",
        unsubscribe=f"{WEB}/unsubscribe/{token}",
        unsubscribe_mailto="digest@example.org?subject=unsubscribe",
        postal_address="Example Desk, 1 Main Street, El Paso, TX 79901",
        past=f"{WEB}/archives/{token}",
        feedback={n: (f"{WEB}/s/{KEY}{n:03}/yes", f"{WEB}/s/{KEY}{n:03}/no") for n in range(count)},
        mute={n: f"{WEB}/s/{KEY}{n:03}/mute" for n in range(count)},
        feedback_id="digest:scheduled:storywatch:example.org",
    )
