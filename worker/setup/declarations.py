"""What the configuration declares, brought into the database: feeds, topics and subscribers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from pydantic import ValidationError

from worker import digests, feeds
from worker.channels import Channel, DeclaredReader
from worker.channels.email import SubscriberSetting, declared_reader
from worker.channels.tables import ReadingSetting
from worker.errors import ConfigurationError, DocumentError, SettingError
from worker.setup.deps import Deps
from worker.setup.logs import get_log
from worker.setup.setting_faults import in_our_words
from worker.setup.settings import Settings
from worker.setup.topic_sources import load_topics
from worker.setup.topics_in_use import remember_topics
from worker.storage.db.hashes import string_hash
from worker.storage.db.session import Session
from worker.storage.digests.forgetting import is_forgotten
from worker.storage.digests.subscribers import SubscriptionRecord, SubscriptionRequest, end_subscribers, save_request
from worker.storage.feeds.feed_rows import NewFeed, add_feeds
from worker.topics import Band

log = get_log(__name__)

_LONGEST_PAUSE = timedelta(days=732)


def reconcile(deps: Deps) -> None:
    """Bring the declared feeds, topics and every channel's subscribers into the database; again changes nothing.

    Only adds and updates: a feed that a person removed, and a subscriber who unsubscribed, stay so. What
    subscribers chose for themselves stays until their lines in the file change.
    Everything is checked before anything is written. Raises `ConfigurationError`.
    """
    now = deps.now()
    known = topic_names(deps.settings)
    deps.overrides_for("")
    check_channels(deps)
    declared = declared_feeds(deps.settings)
    asked_for = [
        (channel, [_declared_request(channel, reader, known, now=now) for reader in channel.readers()])
        for channel in deps.channels
    ]
    with deps.transaction() as session:
        remember_topics(session, deps.settings, now=now)  # first: it waits for who places articles
        add_feeds(session, declared, now=now, wake=False)
        for channel, requests in asked_for:
            for asked in requests if channel.by_file_alone else _unforgotten(deps, session, requests):
                save_request(session, asked, now=now, again=channel.by_file_alone)
            if channel.by_file_alone:
                end_subscribers(session, channel=channel.name, but={asked.address for asked in requests})


def _unforgotten(
    deps: Deps, session: Session, requests: Sequence[SubscriptionRequest]
) -> Iterator[SubscriptionRequest]:
    """Yield the requests but for those of people who were forgotten, and are declared all the same."""
    for asked in requests:
        if is_forgotten(session, deps.person_key(asked.address)):
            log.warning("forgotten address is declared", address=asked.address, advice="take it out of the file")
        else:
            yield asked


def check_channels(deps: Deps) -> None:
    """Raise `ConfigurationError` for what would only come to light when the first digest is made."""
    for channel in deps.channels:
        channel.check()
    deps.sign("check", {})
    if deps.settings.database_url and not deps.settings.secret.get_secret_value():
        log.warning("no common secret", advice="set STORYWATCH_SECRET: other machines cannot read this one's links")


def declared_feeds(settings: Settings) -> list[NewFeed]:
    """Return the feeds of the configuration file and of its OPML files; the file's own word comes first."""
    found = {
        feed.url: NewFeed(feed.url, feed.title, feed.outlet, feed.site, feed.category, feed.language)
        for feed in settings.feeds
    }
    for path in map(settings.at, settings.opml):
        listed, left_out = read_feed_list(path)
        for feed in listed:
            found.setdefault(feed.url, feed)
        if left_out:
            log.info("outlines left out", file=str(path), outlines=len(left_out), first=left_out[0].why)
    return list(found.values())


def read_feed_list(path: Path) -> tuple[tuple[NewFeed, ...], tuple[feeds.LeftOut, ...]]:
    """Return the feeds of an OPML file, and what of it is none. Raises `ConfigurationError` that names the file."""
    try:
        listed = feeds.read_opml(path.read_bytes())
    except OSError as error:
        raise ConfigurationError(f"feed list {path} cannot be read: {error.strerror}") from error
    except DocumentError as error:
        raise ConfigurationError(f"feed list {path}: {error}") from error
    found = tuple(
        NewFeed(
            url=feed.url, title=feed.title, site=feed.site, category=feed.category, language=feed.language,
            outlet=feed.outlet,
        )
        for feed in listed.feeds
    )  # fmt: skip
    return found, listed.left_out


def check_subscriber(values: Mapping[str, object]) -> SubscriberSetting:
    """Return the values as a setting. Raises `SettingError` for the first wrong one."""
    try:
        return SubscriberSetting.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        said = f"{name} is {first.get('input')!r:.120}: {in_our_words(first)}"
        raise SettingError(said, setting=name.partition(".")[0]) from error


@contextmanager
def blame(setting: str) -> Iterator[None]:
    """Whatever cannot be used within this block is that setting: raises `SettingError` with what was said of it."""
    try:
        yield
    except ConfigurationError as error:
        raise SettingError(str(error), setting=setting) from error


def topic_names(settings: Settings) -> tuple[str, ...]:
    """Return the names of the configured topics. Raises `TopicFileError`."""
    return tuple(topic.name for topic in load_topics(settings))


def subscriber_request(setting: SubscriberSetting, known: Collection[str], *, now: datetime) -> SubscriptionRequest:
    """Return what a person asks for, where these topics are `known`.

    Raises `SettingError` for a schedule that cannot be read or a topic that is not in use.
    """
    return _request(declared_reader(setting), known, now=now)


def asked_so_far(known: SubscriptionRecord) -> dict[str, object]:
    """Return what a subscriber has asked for until now, as the values of a setting."""
    paused = known.paused_until and known.paused_until.astimezone(digests.zone_of(known.subscriber.zone)).date()
    return {
        "name": known.subscriber.name, "language": known.subscriber.language, "zone": known.subscriber.zone,
        "topics": tuple(f"{topic}:{known.bands[topic]}" if topic in known.bands else topic for topic in known.topics),
        "band": known.band, "schedule": known.schedule, "stories": known.story_limit,
        "send_empty": known.send_empty, "pause_until": paused,
    }  # fmt: skip


def _declared_request(
    channel: Channel, reader: DeclaredReader, known: Collection[str], *, now: datetime
) -> SubscriptionRequest:
    """What the configuration asks for; where it alone decides, it is applied again whatever it said before."""
    asked = _request(reader, known, now=now)
    return asked if channel.by_file_alone else replace(asked, declared=string_hash(reader.reading.model_dump_json()))


def _request(reader: DeclaredReader, known: Collection[str], *, now: datetime) -> SubscriptionRequest:
    setting = reader.reading
    topics, bands = _topics(setting, reader.whose, known)
    with blame("schedule"):
        schedule = digests.parse_schedule(setting.schedule)
    paused_until = _end_of_pause(setting, reader.whose, now)
    return SubscriptionRequest(
        channel=reader.channel, address=reader.address, name=reader.name, language=setting.language, zone=setting.zone,
        topics=topics, band=setting.band, schedule=str(schedule), story_limit=setting.stories,
        send_empty=setting.send_empty, since=now - reader.look_back,
        first_due=_first_due(schedule, setting.zone, paused_until, now), bands=bands, paused_until=paused_until,
    )  # fmt: skip


def _topics(setting: ReadingSetting, whose: str, known: Collection[str]) -> tuple[tuple[str, ...], dict[str, str]]:
    named = dict(text.partition(":")[::2] for text in setting.topics)
    unknown = [name for name in named if name not in known]
    if unknown or not named:
        wrong = f"topic {unknown[0]!r:.80} is not in use" if unknown else "topics is empty"
        in_use = ", ".join(sorted(known)) or "none"
        raise SettingError(f"{whose}: {wrong}; in use are {in_use}", setting="topics")
    bands = {name: band for name, band in named.items() if band}
    for name, band in bands.items():
        if band not in list(Band):
            said = f"{whose}: the band of {name} is {band!r:.80}; allowed are {', '.join(Band)}"
            raise SettingError(said, setting="band")
    return tuple(named), bands


def _end_of_pause(setting: ReadingSetting, whose: str, now: datetime) -> datetime | None:
    """The beginning of the day from which mail is wanted again."""
    if setting.pause_until is None:
        return None
    if setting.pause_until > (now + _LONGEST_PAUSE).date():
        said = f"{whose}: pause_until is {setting.pause_until}; at most two years ahead, or unsubscribe"
        raise SettingError(said, setting="pause_until")
    where = digests.zone_of(setting.zone)
    return datetime.combine(setting.pause_until, time(), tzinfo=where).astimezone(UTC)


def _first_due(schedule: digests.Schedule, zone: str, paused_until: datetime | None, now: datetime) -> datetime:
    """When the next digest is due: after a pause at the first regular time, not at midnight."""
    if paused_until is None or paused_until <= now:
        return digests.first_due_at(schedule, zone, now)
    if schedule.rhythm is digests.Rhythm.INSTANT:
        return paused_until
    return digests.next_due_at(schedule, zone, paused_until - timedelta(microseconds=1))
