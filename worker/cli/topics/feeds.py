"""`storywatch topics feeds`: where a topic's stories are found as Atom and JSON Feed."""

from __future__ import annotations

from typing import Annotated

import typer

from worker.cli.terminal import JsonOption, answer
from worker.errors import ConfigurationError


def show_feeds(name: Annotated[str, typer.Argument(help="The topic's name.")], as_json: JsonOption = False) -> None:
    """Print the addresses of a topic's Atom and JSON feeds, for feed readers and programs."""
    from worker.delivery.composing import feed_links
    from worker.setup.deps import Deps
    from worker.setup.settings import load_settings
    from worker.setup.topic_sources import load_topics

    deps = Deps(load_settings())
    known = [topic.name for topic in load_topics(deps.settings)]
    if name not in known:
        raise ConfigurationError(f"topic {name!r:.80} is not in use; in use are {', '.join(known) or 'none'}")
    links = feed_links(deps, name)
    if not links:
        raise ConfigurationError("web.topic_feeds is off: set it to token or open")
    answer(dict(links), "\n".join(url for _, url in links), as_json=as_json)
