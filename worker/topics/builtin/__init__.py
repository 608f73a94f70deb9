"""Topics that come with Storywatch, each a TOML file beside this one, some with a learned model beside it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from worker.topics.topic import Topic
from worker.topics.topic_file import load_topic, model_file


@cache
def builtin_topics() -> tuple[Topic, ...]:
    """The topics that apply where a user has chosen none, by name. Read and checked once a process."""
    names = sorted(path.name for path in files(__name__).iterdir() if path.name.endswith(".toml"))
    return tuple(_load(name) for name in names if not name.endswith(".model.toml"))


def _load(name: str) -> Topic:
    source = _read(name)
    model = model_file(source)
    return load_topic(source, name_hint=name, model_text=_read(model) if model else None)


def _read(name: str) -> str:
    return files(__name__).joinpath(name).read_text("utf8")
