"""What the states of feeds, articles, readers and mails are called, in the language of whoever looks.

Each is a whole phrase: in many languages the word for a state changes with what it is said of.
"""

from __future__ import annotations

from worker.digests import Catalog


def feed_state(say: Catalog, state: str) -> str:
    """Return how a feed fares, in a word; a state that has none is called by its name, as everywhere here."""
    return {
        "paused": say.gettext("paused"),
        "new": say.gettext("new"),
        "healthy": say.gettext("healthy"),
        "silent": say.gettext("silent"),
        "failing": say.gettext("failing"),
        "blocked": say.gettext("blocked"),
        "moved": say.gettext("moved"),
        "gone": say.gettext("gone"),
        "truncated": say.gettext("truncated"),
    }.get(state, state)


def articles_in(say: Catalog, state: str) -> str:
    """Return what the articles of a state are called."""
    return {
        "discovered": say.gettext("Articles discovered"),
        "fetched": say.gettext("Articles fetched"),
        "analyzed": say.gettext("Articles analyzed"),
        "failed": say.gettext("Articles failed"),
    }.get(state, state)


def readers_in(say: Catalog, state: str) -> str:
    """Return what the readers of a state are called."""
    return {
        "active": say.gettext("Readers active"),
        "unsubscribed": say.gettext("Readers unsubscribed"),
        "bounced": say.gettext("Readers bounced"),
    }.get(state, state)


def mails_in(say: Catalog, state: str) -> str:
    """Return what the mails of a state are called."""
    return {
        "pending": say.gettext("Mails pending"),
        "sending": say.gettext("Mails sending"),
        "unknown": say.gettext("Mails unknown"),
        "resending": say.gettext("Mails resending"),
        "sent": say.gettext("Mails sent"),
        "dead": say.gettext("Mails dead"),
    }.get(state, state)
