"""Where topics come from: those built in, the configured files, and what the database keeps of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

from worker import topics
from worker.errors import TopicFileError
from worker.setup.settings import Settings


@cache
def load_topics(settings: Settings) -> tuple[topics.Topic, ...]:
    """Return the topics in use. Raises `TopicFileError` that names the file and what is wrong with it."""
    found = list(topics.builtin_topics()) if settings.builtin_topics else []
    found += [read_topic(path) for path in map(settings.at, settings.topic_files)]
    return tuple({topic.name: topic for topic in found}.values())


def read_topic(path: Path) -> topics.Topic:
    """Return the topic of a file, with the learned model that it names beside it.

    Raises `TopicFileError` that names the file.
    """
    try:
        source = path.read_text(encoding="utf-8")
        model = topics.model_file(source)
        beside = path.parent / model if model else None
        learned = beside.read_text(encoding="utf-8") if beside and beside.is_file() else None
        return topics.load_topic(source, name_hint=path.stem, model_text=learned)
    except (OSError, UnicodeDecodeError) as error:
        raise TopicFileError(f"topic file {path} cannot be read: {error}") from error
    except TopicFileError as error:
        raise TopicFileError(f"topic file {path}: {error}") from error


def read_topics(paths: Sequence[Path]) -> topics.TopicSet:
    """Return the topics of those files, the last one of a name; without files those built in."""
    found = [read_topic(path) for path in paths] if paths else topics.builtin_topics()
    return topics.TopicSet(tuple({topic.name: topic for topic in found}.values()))


@lru_cache(maxsize=8)  # to read a large topic takes a second, and to compare two readings of it half of one
def stored_topic(source: str, name: str) -> topics.Topic:
    """Return a topic as the database has it; its examples were tried before it was put there.

    Raises `TopicFileError`: another version may have stored it.
    """
    return topics.load_topic(source, name_hint=f"topic {name} as it was stored", tried=True)
