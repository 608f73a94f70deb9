"""`storywatch topics`: what is looked for, what it finds and would find, and what people say of that.

A file a command; `choice` says which topic is meant by a name.
"""

from __future__ import annotations

import typer

from worker.cli.topics.feeds import show_feeds
from worker.cli.topics.labels import confusion, label, labels
from worker.cli.topics.listing import list_topics
from worker.cli.topics.retag import retag
from worker.cli.topics.training import train
from worker.cli.topics.trial import try_topic

topics_app = typer.Typer(name="topics", help="What is looked for.", no_args_is_help=True)
topics_app.command("list")(list_topics)
topics_app.command("test")(try_topic)
topics_app.command()(retag)
topics_app.command()(label)
topics_app.command()(labels)
topics_app.command()(confusion)
topics_app.command()(train)
topics_app.command("feeds")(show_feeds)
