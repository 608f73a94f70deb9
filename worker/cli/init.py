"""`storywatch init`: the first files, from a few answers, and the first digest."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from worker.cli.first_hour.answers import Answers
from worker.cli.first_hour.files import CONFIGURATION, FEED_LIST, PASSWORD_FILE, files_for, starter, topic_name
from worker.cli.first_hour.given import Given
from worker.cli.first_hour.questions import can_ask
from worker.cli.terminal import say
from worker.errors import ConfigurationError

STARTER_FILES = (CONFIGURATION, FEED_LIST)


def init(
    folder: Annotated[Path, typer.Option(help="Where to write; made when it is not there.")] = Path(),
    show: Annotated[bool, typer.Option("--print", help="Print storywatch.toml instead of writing it.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing: what no option says is as it is built in.")] = False,
    topic: Annotated[str | None, typer.Option(help="A built-in topic.")] = None,
    words: Annotated[str | None, typer.Option(help="Words and phrases, with commas between them: a topic.")] = None,
    also: Annotated[str, typer.Option(help="With --words: one of these must be there too.")] = "",
    never: Annotated[str, typer.Option(help="With --words: none of these may be there.")] = "",
    title: Annotated[str, typer.Option(help="With --words: the topic's title in the digest.")] = "",
    site: Annotated[
        list[str] | None,
        typer.Option(help="A site's or feed's address, an OPML file, or 'starter en'; again for more."),
    ] = None,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Sites may be in a private network.")] = False,
    address: Annotated[str | None, typer.Option(help="Who reads: a mail address.")] = None,
    language: Annotated[str | None, typer.Option(help="The digest's language, such as en.")] = None,
    zone: Annotated[str | None, typer.Option(help="The reader's time zone, such as America/Mexico_City.")] = None,
    schedule: Annotated[str | None, typer.Option(help="When, such as 'daily at 07:00'.")] = None,
    mail: Annotated[
        str | None, typer.Option(help="How it is sent: 'folder', a provider such as gmail, or HOST:PORT.")
    ] = None,
    mail_security: Annotated[str, typer.Option(help="Its encryption: starttls, tls or none.")] = "",
    mail_user: Annotated[str, typer.Option(help="The mail server's user name.")] = "",
    mail_password_file: Annotated[str, typer.Option(help="A file with the mail server's password.")] = "",
    sender: Annotated[str, typer.Option(help="The address that digests come from.")] = "",
    preview: Annotated[
        bool | None,
        typer.Option("--preview/--no-preview", help="Read the feeds now and show the first digest."),
    ] = None,
) -> None:
    """Ask a few questions at a terminal, write storywatch.toml and feeds.opml, and show the first digest."""
    if show:
        typer.echo(starter(CONFIGURATION), nl=False)
        return
    _refuse_to_overwrite(folder, STARTER_FILES)
    given = Given(
        topic=topic, words=words, also=also, never=never, title=title, sites=tuple(site or ()),
        allow_private=allow_private, address=address, language=language, zone=zone, schedule=schedule, server=mail,
        security=mail_security, user=mail_user, password_file=mail_password_file, sender=sender,
    )  # fmt: skip
    asking = can_ask() and not yes
    answers, topic_in_use = _answers(given, folder, asking=asking)
    if preview or (preview is None and asking and answers.reader):
        _show_digest(answers, topic_in_use, folder / CONFIGURATION, asking=asking)
    else:
        _say_next(answers)


def _answers(given: Given, folder: Path, *, asking: bool) -> tuple[Answers, str]:
    """Ask, and write the files; return the topic's name too."""
    from worker.cli.first_hour.dialogue import converse
    from worker.topics import builtin_topics

    builtin = builtin_topics()
    taken = {topic.name for topic in builtin}
    answers = converse(given, builtin, asking=asking)
    _write(folder, files_for(answers, taken))
    return answers, topic_name(answers, taken) or builtin[0].name


def _show_digest(answers: Answers, topic: str, configuration: Path, *, asking: bool) -> None:
    from worker.cli.first_hour.first_digest import show_first_digest
    from worker.setup.settings import CONFIG_VARIABLE

    os.environ[CONFIG_VARIABLE] = str(configuration.absolute())
    show_first_digest(answers, topic, asking=asking)


def _write(folder: Path, texts: dict[str, str]) -> None:
    _refuse_to_overwrite(folder, texts)
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if name == PASSWORD_FILE else 0o777)
        path.touch(mode=0o600 if name == PASSWORD_FILE else 0o666, exist_ok=False)
        path.write_text(text, encoding="utf-8")
    say(f"Written: {', '.join(str(folder / name) for name in texts)}")


def _refuse_to_overwrite(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        if (folder / name).exists():
            raise ConfigurationError(f"{folder / name} is there already: nothing was written")


def _say_next(answers: Answers) -> None:
    if answers.reader is None:
        say("Next: add yourself under [[subscribers]], then 'storywatch run'")
    else:
        say("Next: 'storywatch run'; then 'storywatch doctor' says whether all is well")
