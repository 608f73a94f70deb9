"""The first question: what to watch for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from worker.cli.first_hour.given import Given
from worker.cli.first_hour.own_topic import OwnTopic, name_of, split_words, title_of, topic_text
from worker.cli.first_hour.questions import ask, choose, explain
from worker.errors import ConfigurationError
from worker.topics import Topic, lint, load_topic

_OWN = "my own"


def choose_topic(given: Given, builtin: Sequence[Topic], *, asking: bool) -> tuple[str, OwnTopic | None]:
    """Return a built-in topic's name, or a topic of the person's own; ("", None) where neither was said.

    Raises `ConfigurationError` for a topic that is not there and words that are none.
    """
    if given.words is not None:
        own = _from_words(given.words)
        return "", replace(
            own, also=split_words(given.also), never=split_words(given.never), title=given.title or own.title
        )
    if given.topic is not None:
        return _known(given.topic, builtin), None
    return _asked(builtin) if asking else ("", None)


def remarks_on(own: OwnTopic) -> tuple[str, ...]:
    """Return what in the topic's query is probably not meant."""
    topic = load_topic(topic_text(own, name_of(own.title)))
    return tuple(dict.fromkeys(warning.message for each in topic.queries for warning in lint(each.query)))


def _asked(builtin: Sequence[Topic]) -> tuple[str, OwnTopic | None]:
    explain("What shall be watched for?")
    options = [(_OWN, "words and phrases that you name"), *((one.name, one.title("en")) for one in builtin)]
    chosen = choose("Topic", options)
    return ("", _ask_own()) if chosen == _OWN else (chosen, None)


def _ask_own() -> OwnTopic:
    explain(
        "Words and phrases, with commas between them. Plurals are found too; tariff* stands for every word that "
        "begins so."
    )
    own = ask("An article has one of", _from_words)
    also = ask("  and one of (Enter: no matter)", split_words)
    never = ask("  and none of (Enter: no matter)", split_words)
    title = ask("Its title in the digest", _title, default=own.title)
    own = replace(own, also=also, never=never, title=title)
    for remark in remarks_on(own):
        explain(f"Note: {remark}", indent="  ")
    return own


def _from_words(text: str) -> OwnTopic:
    words = split_words(text)
    if not words:
        raise ConfigurationError("type at least one word, such as: tariff, import tax")
    return OwnTopic(title_of(words), words)


def _title(text: str) -> str:
    if not text or not text.isprintable():
        raise ConfigurationError("a title has at least one letter")
    return text


def _known(name: str, builtin: Sequence[Topic]) -> str:
    names = [topic.name for topic in builtin]
    if name not in names:
        raise ConfigurationError(f"topic {name[:80]!r} is not built in: there is {', '.join(names)}")
    return name
