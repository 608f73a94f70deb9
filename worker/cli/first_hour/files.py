"""Which files follow from the answers: pure, text out."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce
from importlib.resources import files

from worker import feeds
from worker.cli.first_hour.answers import Answers, MailAnswer
from worker.cli.first_hour.own_topic import name_of, topic_text
from worker.cli.first_hour.toml_text import Values, add_block, switch_on
from worker.text.languages import digest_languages

CONFIGURATION, FEED_LIST = "storywatch.toml", "feeds.opml"
PASSWORD_FILE = "secrets/smtp-password"  # noqa: S105 (where it is kept)


def starter(name: str) -> str:
    """Return a starter file's text, which names the languages of digests that there are."""
    *others, last = (one.code for one in digest_languages())
    text = (files("worker.cli") / "starter" / name).read_text(encoding="utf-8")
    return text.replace("{languages}", f"{', '.join(others)} or {last}")


def starter_feeds(language: str = "") -> tuple[feeds.OpmlFeed, ...]:
    """Return the starter feeds, or those in that language."""
    listed = feeds.read_opml(starter(FEED_LIST).encode()).feeds
    return tuple(feed for feed in listed if not language or feed.language == language)


def files_for(answers: Answers, taken: Collection[str] = ()) -> dict[str, str]:
    """Return the files to write, by path, where topics of the names `taken` are there already.

    Without answers they are the starter files, unchanged.
    """
    topic = topic_name(answers, taken)
    written = {CONFIGURATION: _configuration(answers, topic), FEED_LIST: _feed_list(answers)}
    if answers.own is not None:
        written[f"{topic}.toml"] = topic_text(answers.own, topic)
    if answers.mail is not None and answers.mail.password:
        written[PASSWORD_FILE] = f"{answers.mail.password}\n"
    return written


def topic_name(answers: Answers, taken: Collection[str] = ()) -> str:
    """Return the name of the topic that the reader gets; "" for the default one."""
    if answers.own is None:
        return answers.topic
    return name_of(answers.own.title, {*taken, CONFIGURATION.removesuffix(".toml")})


def _configuration(answers: Answers, topic: str) -> str:
    top: Values = {"topic_files": [f"{topic}.toml"]} if answers.own else {}
    fetch: Values = {"allow_private_hosts": answers.private_hosts} if answers.private_hosts else {}
    mail = _mail(answers.mail) if answers.mail else {}
    text = switch_on(starter(CONFIGURATION), {"": top, "fetch": fetch, "mail": mail})
    return reduce(lambda so_far, block: add_block(so_far, "subscribers", block), _subscribers(answers, topic), text)


def _mail(mail: MailAnswer) -> Values:
    told: dict[str, str | int] = {
        "host": mail.host, "port": mail.port, "security": mail.security, "sender": mail.sender,
    }  # fmt: skip
    if mail.username:
        told["username"] = mail.username
    if mail.password:
        told["password_file"] = PASSWORD_FILE
    return told


def _subscribers(answers: Answers, topic: str) -> list[Values]:
    if answers.reader is None:
        return []
    reader = answers.reader
    told: dict[str, str | list[str]] = {
        "address": reader.address, "language": reader.language, "zone": reader.zone, "schedule": reader.schedule,
    }  # fmt: skip
    return [{**told, "topics": [topic]} if topic else told]


def _feed_list(answers: Answers) -> str:
    if answers.feeds is None:
        return starter(FEED_LIST)
    return feeds.write_opml(answers.feeds, title="Storywatch").decode()
