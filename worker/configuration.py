"""What the configuration declares, brought into the database: feeds, topics and subscribers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy.orm import Session

from worker import digests, feeds
from worker.deps import Deps, load_topics
from worker.errors import ConfigurationError, DocumentError
from worker.logs import get_log
from worker.settings import Settings, SubscriberSetting
from worker.storage.feeds import NewFeed, add_feeds
from worker.storage.subscribers import Wish, save_wish
from worker.storage.topics import save_topics

log = get_log(__name__)

_LOOK_BACK = timedelta(hours=24)


def reconcile(deps: Deps) -> None:
    """Bring the declared feeds, topics and subscribers into the database; again changes nothing.

    Only adds and updates: a feed that a person removed, and a subscriber who unsubscribed, stay so.
    Everything is checked before anything is written. Raises `ConfigurationError`.
    """
    now = deps.now()
    load_topics(deps.settings)
    check_mail(deps)
    declared = declared_feeds(deps.settings)
    wishes = [as_wish(setting, deps.settings, now=now) for setting in deps.settings.subscribers]
    with deps.transaction() as session:
        add_feeds(session, declared, now=now, wake=False)
        remember_topics(session, deps.settings, now=now)
        for wish in wishes:
            save_wish(session, wish, now=now)


def check_mail(deps: Deps) -> None:
    """Raise `ConfigurationError` for what would only come to light when the first digest is made."""
    mail = deps.settings.mail
    digests.sender_parts(f"{mail.sender_name} <{mail.sender}>")
    for subscriber in deps.settings.subscribers:
        digests.checked_address(subscriber.address)
    deps.sign("check", {})
    if deps.settings.database_url and not deps.settings.secret.get_secret_value():
        log.warning("no common secret", advice="set STORYWATCH_SECRET: other machines cannot read this one's links")
    deps.mailer  # noqa: B018 (making it reads the password file)


def remember_topics(session: Session, settings: Settings, *, now: datetime) -> list[str]:
    """Remember the topics in use; return the names of those that were known and have changed."""
    return save_topics(session, [(topic, topic.source) for topic in load_topics(settings)], now=now)


def declared_feeds(settings: Settings) -> list[NewFeed]:
    """Return the feeds of the configuration file and of its OPML files; the file's own word comes first."""
    found = {
        feed.url: NewFeed(feed.url, feed.title, feed.outlet, feed.site, feed.category, feed.language)
        for feed in settings.feeds
    }
    for path in map(settings.at, settings.opml):
        for feed in read_feed_list(path):
            found.setdefault(feed.url, feed)
    return list(found.values())


def read_feed_list(path: Path) -> tuple[NewFeed, ...]:
    """Return the feeds of an OPML file. Raises `ConfigurationError` that names the file."""
    try:
        listed = feeds.read_opml(path.read_bytes())
    except OSError as error:
        raise ConfigurationError(f"feed list {path} cannot be read: {error.strerror}") from error
    except DocumentError as error:
        raise ConfigurationError(f"feed list {path}: {error}") from error
    return tuple(
        NewFeed(
            url=feed.url, title=feed.title, site=feed.site, category=feed.category, language=feed.language,
            outlet=feed.outlet,
        )
        for feed in listed
    )  # fmt: skip


def check_subscriber(values: Mapping[str, object]) -> SubscriberSetting:
    """Return the values as a setting. Raises `ConfigurationError` that names the first wrong one."""
    try:
        return SubscriberSetting.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(f"{name} is {first.get('input')!r:.120}: {first['msg']}") from error


def as_wish(setting: SubscriberSetting, settings: Settings, *, now: datetime) -> Wish:
    """Return what the subscriber asks for; a first digest looks back over a day.

    Raises `ConfigurationError` for a schedule that cannot be read or a topic that is not in use.
    """
    known = {topic.name for topic in load_topics(settings)}
    unknown = [name for name in setting.topics if name not in known]
    if unknown or not setting.topics:
        wrong = f"topic {unknown[0]!r:.80} is not in use" if unknown else "topics is empty"
        raise ConfigurationError(
            f"subscriber {setting.address}: {wrong}; in use are {', '.join(sorted(known)) or 'none'}"
        )
    schedule = digests.parse_schedule(setting.schedule)
    return Wish(
        address=setting.address, name=setting.name, language=setting.language, zone=setting.zone,
        topics=setting.topics, band=setting.band, schedule=str(schedule), story_limit=setting.stories,
        send_empty=setting.send_empty, since=now - _LOOK_BACK,
        first_due=digests.next_due_at(schedule, setting.zone, now),
    )  # fmt: skip
