"""Topics that come with Storywatch, each a TOML file beside this one."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from worker.topics.topic import Topic
from worker.topics.topic_file import load_topic


@cache
def builtin_topics() -> tuple[Topic, ...]:
    """The topics that apply where a user has chosen none, by name. Read and checked once a process."""
    paths = sorted((path for path in files(__name__).iterdir() if path.name.endswith(".toml")), key=lambda p: p.name)
    return tuple(load_topic(path.read_text("utf8"), name_hint=path.name) for path in paths)
