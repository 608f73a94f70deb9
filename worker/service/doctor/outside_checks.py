"""What the doctor looks at from outside in: the pages' address; and what comes in: feeds, topics and readers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from worker.errors import FetchError, FetchReason, TopicFileError
from worker.feeds import FeedState
from worker.net import FetchedResource
from worker.service.doctor.finding import Finding, ill, note, well
from worker.service.doctor.verdicts import judge_answer, judge_base_url
from worker.setup.deps import Deps
from worker.setup.topic_sources import load_topics
from worker.storage.digests.subscribers import list_subscriptions
from worker.storage.feeds.feed_rows import AssessedFeed, assess_feeds
from worker.topics import lint

_TROUBLED = {FeedState.FAILING, FeedState.BLOCKED, FeedState.GONE, FeedState.TRUNCATED}
_MOST_FEEDS = 5


def check_web(deps: Deps) -> Iterator[Finding]:
    """Yield whether the readers' pages are found where links lead, as somebody elsewhere asks for them."""
    settings = deps.settings
    yield judge_base_url(settings.web.base_url, sends_mail=bool(settings.mail.host)) or _asked(deps)


def _asked(deps: Deps) -> Finding:
    url = deps.settings.web_url
    try:
        answer = deps.fetcher.fetch(f"{url}/health/live")
    except FetchError as error:
        if error.reason is FetchReason.ADDRESS_REFUSED:
            return note("web", f"{url} is in a private network, and was not tried from here")
        return ill("web", f"{url} was not reached: {error}",
                   "is the service running, and does your proxy pass requests on to web.port?")  # fmt: skip
    return judge_answer(url, answer.body if isinstance(answer, FetchedResource) else b"")


def check_feeds(deps: Deps) -> Iterator[Finding]:
    """Yield how the feeds fare, and what is wrong with the first few that do not."""
    with deps.reading() as session:
        assessed = assess_feeds(session, now=deps.now())
    if not assessed:
        yield ill("feeds", "no feed is watched", "'storywatch feeds add ADDRESS' takes a site's or a feed's")
        return
    troubled = [one for one in assessed if one[1].state in _TROUBLED]
    yield from map(_of_feed, troubled[:_MOST_FEEDS])
    if len(troubled) > _MOST_FEEDS:
        yield note("feeds", f"{len(troubled) - _MOST_FEEDS} more are in trouble", "'storywatch feeds list' has all")
    states = Counter(health.state.value for _, health in assessed)
    yield well("feeds", ", ".join(f"{count} {state}" for state, count in states.items()))


def check_topics(deps: Deps) -> Iterator[Finding]:
    """Yield whether the topics can be used, what in them is probably not meant, and whether anybody reads."""
    try:
        topics = load_topics(deps.settings)
    except TopicFileError as error:
        yield ill("topics", str(error), "mend the file; 'storywatch topics test FILE' checks it")
        return
    for topic in topics:
        if topic.roles or topic.model:  # built with care, and looked at by its own command
            continue
        for remark in dict.fromkeys(one.message for each in topic.queries for one in lint(each.query)):
            yield note("topics", f"{topic.name}: {remark}", f"'storywatch topics test {topic.name}' says where")
    yield well("topics", ", ".join(topic.name for topic in topics) or "none")
    with deps.reading() as session:
        readers = list_subscriptions(session)
    if not readers:
        yield ill("readers", "nobody gets a digest", "'storywatch subscribers add ADDRESS' adds a reader")
    else:
        yield well("readers", f"{sum(one.state == 'active' for one in readers)} of {len(readers)} get mail")


def _of_feed(one: AssessedFeed) -> Finding:
    feed, health = one
    advice = "look at its page for a new address, then 'storywatch feeds remove' and 'feeds add'"
    if health.state is FeedState.BLOCKED:
        advice = "set contact in [fetch], and ask its owner to let Storywatch in"
    return note("feeds", f"{feed.outlet or feed.title or feed.url} is {health.state.value}: {health.reason}", advice)
