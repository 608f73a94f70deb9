"""Which topic is meant by a name or a file on the command line, and which version of it is in use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.installation import open_installation
from worker.cli.terminal import remark
from worker.errors import ConfigurationError, StorageError, TopicFileError
from worker.setup.settings import load_settings

if TYPE_CHECKING:
    from worker.setup.deps import Deps
    from worker.topics import Band, Topic

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The name of a topic in use.")]


def find_topic(name: str) -> Topic:
    """Return the topic of that file or, where there is no such file, the one in use under that name."""
    from worker.setup.topic_sources import read_topic

    return read_topic(Path(name)) if Path(name).is_file() else topic_in_use(name, or_file=True)


def topic_in_use(name: str, *, or_file: bool = False) -> Topic:
    """Return the topic in use under that name. Raises `ConfigurationError` that names those there are."""
    from worker.setup.topic_sources import load_topics

    in_use = {topic.name: topic for topic in load_topics(load_settings())}
    if name not in in_use:
        known = ", ".join(sorted(in_use)) or "there is none"
        missing = "is neither a file nor a topic in use" if or_file else "is no topic in use"
        raise ConfigurationError(f"{name[:120]!r} {missing} ({known})")
    return in_use[name]


def chosen_band(name: str | None) -> Band:
    """Return the band of that name, or the default where none is given. Raises `ConfigurationError`."""
    from worker.topics import DEFAULT_BAND, Band

    if name is not None and name not in list(Band):
        raise ConfigurationError(f"band is {name!r:.40}: allowed are {', '.join(Band)}")
    return DEFAULT_BAND if name is None else Band(name)


def topic_path(name: str) -> Path | None:
    """Return the file of the topic that `find_topic` gives, None where it is built in."""
    from worker.setup.topic_sources import read_topic

    if Path(name).is_file():
        return Path(name)
    settings = load_settings()
    paths = [settings.at(path) for path in settings.topic_files]
    # The last one counts, as where topics are loaded.
    return next((path for path in reversed(paths) if read_topic(path).name == name), None)


def installation_if_any() -> Deps | None:
    """Return the installation, or None where there is none yet: then nothing is made, not even its folder."""
    settings = load_settings()
    if not settings.database_url and not settings.data_folder.is_dir():
        return None
    try:
        return open_installation()
    except StorageError:
        return None


def other_version(deps: Deps, topic: Topic) -> Topic | None:
    """Return the version of the topic that was loaded last, or None where it is this one or there is none."""
    from worker.setup.topic_sources import stored_topic
    from worker.storage.topics.topic_rows import saved_source

    with deps.reading() as session:
        saved = saved_source(session, topic.name)
    if saved is None or saved == topic.source:
        return None
    try:
        return stored_topic(saved, topic.name)
    except TopicFileError as error:
        remark(f"warning: not compared with the version in use: {error}")
        return None
