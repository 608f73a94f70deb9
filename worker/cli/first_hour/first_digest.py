"""The end of the first hour: the feeds are read, the digest is looked at and sent, and the service begins."""

from __future__ import annotations

from pathlib import Path

from worker.cli.first_hour.answers import Answers
from worker.cli.first_hour.first_reading import open_preview, read_feeds, show_matches
from worker.cli.first_hour.questions import agree
from worker.cli.terminal import say

_PREVIEW = Path("preview")


def show_first_digest(answers: Answers, topic: str, *, asking: bool) -> None:
    """Read the feeds, show what matches and the digest; send it and start the service where a person agrees."""
    from worker.setup.deps import Deps
    from worker.setup.settings import load_settings

    deps = Deps(load_settings())
    say("Reading the feeds:")
    progress = read_feeds(deps)
    more = f" The other {progress.articles - progress.read} follow when the service runs." if progress.waiting else ""
    say(f"{progress.read} articles were read.{more}")
    found = show_matches(deps, topic)
    if answers.reader is not None and found:
        open_preview(deps.settings.at(_PREVIEW), answers.reader.address)
        if asking and agree(f"Send this digest to {answers.reader.address} now?"):
            from worker.cli.digest import send

            send(answers.reader.address, as_json=False)
    deps.database.close()
    if asking and agree("Start the service now? (Ctrl-C stops it)"):
        from worker.cli.run import run

        run()
    else:
        say("Next: 'storywatch run'")
