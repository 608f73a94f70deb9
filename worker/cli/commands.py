"""The commands by name: where each stands, and what it does in a line. A module is imported when its command is asked
for: all of them are half a second of imports, and most need few."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

_SINGLE = "Single processes, as the Procfile starts them"


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """A command: its module below `worker.cli`, the function or group of commands there, and its line of the help."""

    module: str
    attribute: str
    summary: str
    panel: str | None = None

    def load(self, name: str) -> Any:
        """Return the command or group itself."""
        target = getattr(import_module(f"worker.cli.{self.module}"), self.attribute)
        holder = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        if isinstance(target, typer.Typer):
            holder.add_typer(target, name=name)
            group: Any = get_command(holder)
            return group.commands[name]
        holder.command(name)(target)
        return get_command(holder)


COMMANDS = {
    "init": CommandEntry(
        "init", "init",
        "Ask a few questions at a terminal, write storywatch.toml and feeds.opml, and show the first digest.",
    ),
    "run": CommandEntry(
        "run", "run",
        "Run the whole service in the foreground until Ctrl-C: fetch, read, match, mail, and the web pages.",
    ),
    "demo": CommandEntry(
        "demo", "demo", "Run the service on a bundled sample site until its digest is written, and say where it is."
    ),
    "status": CommandEntry(
        "status", "status", "Show what there is, what is in trouble, and when the clock last ticked."
    ),
    "doctor": CommandEntry(
        "doctor", "doctor",
        "Look at settings, database, disk, clock, feeds, topics, mail and pages; say what to do. 1: something is ill.",
    ),
    "systemd": CommandEntry(
        "systemd", "systemd", "Print or install a hardened systemd unit for the installation in this folder."
    ),
    "feeds": CommandEntry("feeds", "feeds_app", "The feeds that are watched."),
    "sites": CommandEntry("sites", "sites_app", "What was learned of each site's pages."),
    "topics": CommandEntry("topics", "topics_app", "What is looked for."),
    "subscribers": CommandEntry("subscribers", "subscribers_app", "Who gets a digest."),
    "digest": CommandEntry("digest", "digest_app", "A subscriber's digest, before its time."),
    "deliveries": CommandEntry(
        "deliveries", "deliveries_app", "What waits to be sent or could not be, and sending it again."
    ),
    "desk": CommandEntry("desk", "desk_app", "Who may open the desk, where a team works in a browser."),
    "dkim": CommandEntry("dkim", "dkim", "Print the DNS record for the key that digests are signed with."),
    "stories": CommandEntry("stories", "stories_app", "What is being told, by whom, and what is new."),
    "search": CommandEntry(
        "search", "search",
        "Search what was read: words, phrases, title:, outlet:, lang:, after:, before:, topic:, AND, OR, NOT.",
    ),
    "explain": CommandEntry(
        "explain", "explain",
        "Tell everything known of an article: where from, what was stripped, which story, why, to whom.",
    ),
    "parse-feed": CommandEntry("parse_feed", "parse_feed", "Read a feed and print its entries."),
    "extract": CommandEntry(
        "extract", "extract", "Extract the article from a page, or from every page a manifest names."
    ),
    "replay": CommandEntry(
        "replay", "replay",
        "Run articles through the real path (text, copies, stories, topics) in a database of its own.",
    ),
    "archive": CommandEntry("archive", "archive_app", "Articles from elsewhere."),
    "db": CommandEntry("database", "database_app", "Schema, backups and soundness of the database."),
    "web": CommandEntry(
        "process", "web", "Serve the readers' pages and the owner's status page in the foreground.", _SINGLE
    ),
    "worker": CommandEntry("process", "worker", "Run the worker of one or more queues in the foreground.", _SINGLE),
    "beat": CommandEntry("process", "beat", "Run the clock in the foreground.", _SINGLE),
}  # fmt: skip


class CommandGroup(TyperGroup):
    """The program itself: a group whose commands are loaded as they are asked for. Its own help, and what a shell
    completes, have the table's lines."""

    def __init__(self, **attributes: Any) -> None:
        attributes["commands"] = _Loaded()
        super().__init__(**attributes)
        self._summarises = False

    def list_commands(self, ctx: Any) -> list[str]:
        """Return all names, in the table's order."""
        return list(self.commands)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the command of that name; where all are listed, as much of it as a list shows."""
        if self._summarises and (entry := COMMANDS.get(cmd_name)) is not None:
            return TyperCommand(cmd_name, help=entry.summary, rich_help_panel=entry.panel)
        return super().get_command(ctx, cmd_name)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        with self._summaries():
            super().format_help(ctx, formatter)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Return what the beginning of a command's name may become."""
        with self._summaries():
            return super().shell_complete(ctx, incomplete)

    @contextmanager
    def _summaries(self) -> Iterator[None]:
        self._summarises = True
        try:
            yield
        finally:
            self._summarises = False


class _Loaded(MutableMapping[str, Any]):
    """All commands by name, each made when it is first looked up."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = COMMANDS[name].load(name)
        return self._made[name]

    def get(self, name: str, default: Any = None) -> Any:
        """Return a command; what goes wrong as it is loaded is not taken for its absence."""
        return self[name] if name in self else default  # noqa: SIM401 (that is what it is made of)

    def __contains__(self, name: object) -> bool:
        return name in COMMANDS or name in self._made

    def __setitem__(self, name: str, command: Any) -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**COMMANDS, **self._made})

    def __len__(self) -> int:
        return len({**COMMANDS, **self._made})
