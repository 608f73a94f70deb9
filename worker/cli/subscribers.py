"""`storywatch subscribers`: who gets a digest, about what, and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.installation import open_installation
from worker.cli.terminal import JsonOption, answer, moment, remark, write_json, write_table
from worker.errors import ConfigurationError

if TYPE_CHECKING:
    from worker.digests import Muted
    from worker.setup.deps import Deps
    from worker.storage.db.session import Session
    from worker.storage.digests.subscribers import SubscriptionRecord

subscribers_app = typer.Typer(name="subscribers", help="Who gets a digest.", no_args_is_help=True)


@subscribers_app.command()
def add(
    address: Annotated[str, typer.Argument(help="The mail address.")],
    name: Annotated[str | None, typer.Option(help="The person's name.")] = None,
    language: Annotated[str | None, typer.Option(help="The digest's language, such as en.")] = None,
    zone: Annotated[str | None, typer.Option(help="The time zone, such as America/Mexico_City.")] = None,
    topic: Annotated[
        list[str] | None, typer.Option(help="A topic's name, or NAME:BAND for a band of its own; again for more.")
    ] = None,
    band: Annotated[str | None, typer.Option(help="How sure a match must be: strict, balanced or wide.")] = None,
    schedule: Annotated[
        str | None, typer.Option(help="'instant', 'hourly', 'daily at 07:30', 'weekly on monday at 07:30' …")
    ] = None,
    stories: Annotated[int | None, typer.Option(help="The most stories in one digest.")] = None,
    send_empty: Annotated[
        bool | None, typer.Option("--send-empty/--no-send-empty", help="Whether to write when there is no news.")
    ] = None,
    pause_until: Annotated[
        str | None, typer.Option(help="The day from which mail is wanted again, such as 2027-01-07.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Add a subscriber, or change what a known one asks for: what is not named stays as it is."""
    named = {
        "address": address, "name": name, "language": language, "zone": zone, "topics": topic, "band": band,
        "schedule": schedule, "stories": stories, "send_empty": send_empty, "pause_until": pause_until,
    }  # fmt: skip
    saved, new = _save(address, {key: value for key, value in named.items() if value is not None})
    mailbox = saved.subscriber.address
    if mailbox != address:
        remark(f"{address} is the same mailbox as {mailbox}: one subscriber")
    if saved.state != "active":
        remark(f"{mailbox} is {saved.state} and gets no mail; 'subscribers remove' forgets that")
    line = f"{'Added' if new else 'Changed'}: {mailbox}, {saved.schedule}, next {moment(saved.next_due_at)}"
    answer({"new": new, **_facts(saved)}, line, as_json=as_json)


def _save(address: str, given: Mapping[str, object]) -> tuple[SubscriptionRecord, bool]:
    """Save what is given over what the address has asked for so far; return that, and whether it is new."""
    from worker.setup.declarations import asked_so_far, check_subscriber, subscriber_request, topic_names
    from worker.storage.digests.forgetting import welcome_back
    from worker.storage.digests.subscribers import find_subscription, save_request

    deps = open_installation()
    with deps.transaction() as session:
        known = find_subscription(session, address)
        values = {**(asked_so_far(known) if known else {}), **given}
        asked = subscriber_request(check_subscriber(values), topic_names(deps.settings), now=deps.now())
        save_request(session, asked, now=deps.now())
        welcome_back(session, deps.person_key(address))
        return _known(session, address), known is None


@subscribers_app.command()
def resume(address: Annotated[str, typer.Argument(help="The mail address.")], as_json: JsonOption = False) -> None:
    """Send mail again: end a pause, or give an address that bounced another chance."""
    from worker.setup.declarations import asked_so_far, check_subscriber, subscriber_request, topic_names
    from worker.storage.digests.subscribers import save_request

    deps = open_installation()
    with deps.transaction() as session:
        known = _known(session, address)
        if known.state == "unsubscribed":
            raise ConfigurationError(f"{address} has unsubscribed, and only they can change that")
        setting = check_subscriber({**asked_so_far(known), "address": known.subscriber.address, "pause_until": None})
        asked = subscriber_request(setting, topic_names(deps.settings), now=deps.now())
        save_request(session, asked, now=deps.now(), again=True)
        saved = _known(session, address)
    answer(_facts(saved), f"Resumed: {address}, next {moment(saved.next_due_at)}", as_json=as_json)


@subscribers_app.command()
def mute(
    address: Annotated[str, typer.Argument(help="The mail address.")],
    outlet: Annotated[
        list[str] | None, typer.Option(help="An outlet's name, as digests have it; again for more.")
    ] = None,
    story: Annotated[list[int] | None, typer.Option(help="A story's number; again for more.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Leave an outlet or a story out of a subscriber's digests; no word on what is relevant."""
    from worker.digests import Muted

    def more(muted: Muted, outlets: list[str], stories: list[list[int]]) -> Muted:
        names = [name for name in outlets if not muted.covers(name)]
        articles = [each[0] for each in stories if muted.stories_among(each) == ()]
        return Muted((*muted.outlets, *names), (*muted.stories, *articles))

    _change_muted(address, outlet or [], story or [], more, as_json=as_json)


@subscribers_app.command()
def unmute(
    address: Annotated[str, typer.Argument(help="The mail address.")],
    outlet: Annotated[list[str] | None, typer.Option(help="An outlet's name; again for more.")] = None,
    story: Annotated[list[int] | None, typer.Option(help="A story's number; again for more.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Take back what was muted; without an option, all of it."""
    from worker.digests import Muted

    def less(muted: Muted, outlets: list[str], stories: list[list[int]]) -> Muted:
        if not outlets and not stories:
            return Muted()
        kept = tuple(name for name in muted.outlets if not Muted(tuple(outlets)).covers(name))
        return Muted(kept, tuple(one for one in muted.stories if not any(one in each for each in stories)))

    _change_muted(address, outlet or [], story or [], less, as_json=as_json)


@subscribers_app.command()
def link(address: Annotated[str, typer.Argument(help="The mail address.")], as_json: JsonOption = False) -> None:
    """Print the address of a subscriber's own page, where they change topics and schedule."""
    from worker.delivery.composing import manage_link

    deps = open_installation()
    with deps.reading() as session:
        known = _known(session, address)
    url = manage_link(deps, known.id)
    answer({"address": address, "url": url}, url, as_json=as_json)


@subscribers_app.command(name="list")
def list_all(as_json: JsonOption = False) -> None:
    """List the subscribers and when their next digest is due."""
    from worker.storage.digests.subscribers import list_subscriptions

    deps = open_installation()
    with deps.reading() as session:
        found = list_subscriptions(session)
    if as_json:
        write_json([_facts(subscription) for subscription in found])
        return
    rows = [
        (
            one.subscriber.address, _state(one, deps.now()), ", ".join(_topics(one)), one.band, one.schedule,
            f"{one.subscriber.language}, {one.subscriber.zone}", moment(one.next_due_at),
        )
        for one in found
    ]  # fmt: skip
    headers = ("address", "state", "topics", "band", "schedule", "language, zone", "next digest")
    write_table(headers, rows, where_wide=("band", "language, zone"))


@subscribers_app.command()
def remove(address: Annotated[str, typer.Argument(help="The mail address.")], as_json: JsonOption = False) -> None:
    """Forget a subscriber and everything that was sent to them."""
    from worker.storage.digests.subscribers import remove_subscriber

    deps = open_installation()
    with deps.transaction() as session:
        removed = remove_subscriber(session, address)
    if not removed:
        raise ConfigurationError(f"{address} is no subscriber: see 'storywatch subscribers list'")
    if _is_declared(deps, address):
        remark("the configuration file still declares this address: take it out, or the next start adds it again")
    answer({"address": address, "removed": True}, f"Removed: {address}", as_json=as_json)


@subscribers_app.command()
def forget(address: Annotated[str, typer.Argument(help="The mail address.")], as_json: JsonOption = False) -> None:
    """Forget a person: their address goes from every table, and the configuration does not bring it back."""
    from worker.storage.digests.forgetting import forget_person
    from worker.storage.people.person_rows import find_person

    deps = open_installation()
    with deps.transaction() as session:
        forgotten = forget_person(session, address, deps.person_key, now=deps.now())
        opens_desk = find_person(session, address) is not None
    if not forgotten:
        raise ConfigurationError(f"nothing is stored of {address}")
    if _is_declared(deps, address):
        remark("the configuration file still declares this address: it is not added again, but stands there")
    if opens_desk:
        remark(f"{address} may still open the desk: 'storywatch desk remove {address}' ends that too")
    if not deps.settings.mail.host:
        remark(f"mails that were written into {deps.settings.outbox_folder} are still there")
    answer({"address": address, "forgotten": True}, f"Forgotten: {address}", as_json=as_json)


def _is_declared(deps: Deps, address: str) -> bool:
    return any(setting.address.casefold() == address.strip().casefold() for setting in deps.settings.subscribers)


def _change_muted(
    address: str, outlets: list[str], stories: list[int],
    change: Callable[[Muted, list[str], list[list[int]]], Muted], *, as_json: bool,
) -> None:  # fmt: skip
    from worker.storage.digests import mutes

    deps = open_installation()
    with deps.transaction() as session:
        known = _known(session, address)
        articles = {story: mutes.articles_of(session, story) for story in stories}
        if missing := [story for story, each in articles.items() if not each]:
            raise ConfigurationError(f"there is no story {missing[0]}: see 'storywatch stories list'")
        mutes.save_muted(session, known.id, change(known.muted, outlets, list(articles.values())))
        saved = _known(session, address)
        titles = mutes.titles_of(session, saved.muted.stories)
    named = [*saved.muted.outlets, *(titles.get(article, f"article {article}") for article in saved.muted.stories)]
    line = f"Muted for {saved.subscriber.address}: {'; '.join(named) or 'nothing'}"
    answer(_facts(saved), line, as_json=as_json)


def _known(session: Session, address: str) -> SubscriptionRecord:
    from worker.storage.digests.subscribers import find_subscription

    known = find_subscription(session, address)
    if known is None:
        raise ConfigurationError(f"{address} is no subscriber: see 'storywatch subscribers list'")
    return known


def _topics(one: SubscriptionRecord) -> list[str]:
    return [f"{topic}:{one.bands[topic]}" if topic in one.bands else topic for topic in one.topics]


def _state(one: SubscriptionRecord, now: datetime) -> str:
    if one.state == "active" and one.is_paused(now):
        return f"paused until {moment(one.paused_until)}"
    return f"{one.state}: {one.reason}" if one.reason else one.state


def _facts(one: SubscriptionRecord) -> dict[str, object]:
    from worker.setup.declarations import asked_so_far

    return {
        "address": one.subscriber.address, **asked_so_far(one), "state": one.state, "active": one.active,
        "since": one.window_start, "next_due_at": one.next_due_at, "paused_until": one.paused_until,
        "channel": one.channel, "muted_outlets": one.muted.outlets, "muted_stories": one.muted.stories,
    }  # fmt: skip
