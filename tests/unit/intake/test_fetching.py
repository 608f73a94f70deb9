"""Asking other people's servers, with a world of the same shape that answers what it is told to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from tests.conftest import NOW
from tests.unit.records import article, claimed_feed
from worker.errors import FetchError, FetchReason
from worker.intake.fetching import FeedAnswer, PageAnswer, request_feeds, request_page
from worker.intake.visits import HostBusy
from worker.net import (
    ACCEPT_FEED,
    ACCEPT_PAGE,
    Busy,
    FetchedResource,
    Lease,
    Manners,
    NotModified,
    Permission,
    Validators,
    Visit,
)
from worker.setup.deps import Deps
from worker.setup.feed_access import FeedAccess
from worker.setup.settings import Settings

SECOND = timedelta(seconds=1)
THROTTLED = FetchError(FetchReason.THROTTLED, "too many", transient=True, status=429, retry_after=600 * SECOND)
GRANTED = Manners(Permission.GRANTED)
BROKEN = FetchError(FetchReason.CONNECTION, "no route", transient=True)


def resource(content_type: str = "text/html; charset=utf-8") -> FetchedResource:
    return FetchedResource("https://news.example/a", 200, content_type, b"<html>", Validators())


@dataclass
class World:
    """Fetcher, robots.txt, host gate, clock and chance in one; `log` is what was done, in order."""

    answer: FetchedResource | NotModified | FetchError = field(default_factory=resource)
    manners: Manners | None = GRANTED
    is_known: bool = True
    gate: list[Lease | Busy] = field(default_factory=list)
    chance: float = 0.0
    log: list[Any] = field(default_factory=list)
    clock: datetime = NOW

    fetcher = robots = hosts = feed_hosts = property(lambda self: self)
    longest_round = timedelta(seconds=20)
    access = FeedAccess(Settings())

    def now(self) -> datetime:
        return self.clock

    def jitter(self) -> float:
        return self.chance

    def sleep(self, wait: timedelta) -> None:
        self.log.append(("sleep", wait))
        self.clock += wait

    def known(self, url: str) -> Manners | None:
        return self.manners if self.is_known else None

    def ask(self, url: str) -> Manners | None:
        return self.manners

    def enter(self, url: str) -> Lease | Busy:
        place = self.gate.pop(0) if self.gate else Lease("token")
        self.log.append("enter" if isinstance(place, Lease) else "busy")
        return place

    def enter_all(self, urls: Sequence[str]) -> list[Lease | Busy]:
        return [self.enter(url) for url in urls]

    def leave(self, lease: Lease, elapsed: timedelta | None) -> None:
        self.log.append(("leave", lease.token, elapsed))

    def leave_all(self, visits: Sequence[Visit]) -> None:
        for lease, elapsed in visits:
            self.leave(lease, elapsed)

    def rest(self, url: str, duration: timedelta) -> None:
        self.log.append(("rest", url, duration))

    def fetch(
        self, url: str, validators: Validators | None = None, *, accept: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> FetchedResource | NotModified:  # fmt: skip
        assert headers is None
        self.log.append(("fetch", url, validators, accept))
        self.clock += 2 * SECOND
        if isinstance(self.answer, FetchError):
            raise self.answer
        return self.answer

    def feed(self) -> FeedAnswer:
        return self.feeds(1)[0]

    def feeds(self, count: int) -> list[FeedAnswer]:
        asked = [claimed_feed(id=number) for number in range(count)]
        answered = list(request_feeds(cast("Deps", self), asked))
        assert [feed for feed, _ in answered] == asked
        return [answer for _, answer in answered]

    def page(self) -> PageAnswer:
        return request_page(cast("Deps", self), article())

    @property
    def fetches(self) -> list[Any]:
        return [done for done in self.log if done[0] == "fetch"]


LEFT = ("leave", "token", 2 * SECOND)


def test_a_feed_is_asked_with_what_is_known_of_it() -> None:
    world = World()
    assert world.feed() is world.answer
    known = Validators('"v1"', "Mon, 02 Mar 2026 08:00:00 GMT")
    assert world.log == ["enter", ("fetch", "https://news.example/feed", known, ACCEPT_FEED), LEFT]


def test_one_poll_in_a_hundred_asks_for_everything() -> None:
    world = World(chance=0.99)
    world.feed()
    assert world.fetches[0][2] == Validators()


def test_a_feeds_fault_is_a_value_and_lets_the_host_rest_where_it_asked() -> None:
    world = World(THROTTLED)
    assert world.feed() is THROTTLED
    assert ("rest", "https://news.example/feed", 600 * SECOND) in world.log
    assert LEFT in world.log
    world = World(BROKEN)
    assert world.feed() is BROKEN
    assert not any(done[0] == "rest" for done in world.log)


def test_a_feed_whose_host_is_busy_comes_back_when_its_turn_comes() -> None:
    world = World(gate=[Busy(SECOND, turn=3 * SECOND)])
    assert world.feed() == HostBusy(3 * SECOND)
    assert world.log == ["busy"]


def test_feeds_are_asked_in_turn_and_who_is_not_reached_in_time_comes_back_at_once() -> None:
    """Each takes two seconds of the twenty."""
    world = World(gate=[Lease("first"), Busy(SECOND, turn=SECOND), *(Lease(f"{n}") for n in range(11))])
    answers = world.feeds(13)
    assert answers[1] == HostBusy(SECOND)
    assert [answers[0], *answers[2:12]] == [world.answer] * 11
    assert answers[12] == HostBusy(timedelta())
    left = [done[1:] for done in world.log if done[0] == "leave"]
    assert left == [("first", 2 * SECOND), *((f"{n}", 2 * SECOND) for n in range(10)), ("10", None)]


def test_places_are_given_back_whatever_happens_on_the_way() -> None:
    world = World(gate=[Lease("a"), Busy(SECOND), Lease("b"), Lease("c")])
    asking = request_feeds(cast("Deps", world), [claimed_feed(id=number) for number in range(4)])
    next(asking)
    asking.close()  # type: ignore[attr-defined]
    assert [done[1:] for done in world.log if done[0] == "leave"] == [("a", 2 * SECOND), ("b", None), ("c", None)]


def test_a_host_that_asked_for_quiet_is_not_asked_for_its_feed_either() -> None:
    world = World(gate=[Busy(300 * SECOND, resting=True)])
    answer = world.feed()
    assert isinstance(answer, FetchError)
    assert (answer.reason, answer.transient, answer.retry_after) == (FetchReason.THROTTLED, True, 300 * SECOND)
    assert world.fetches == []
    assert world.log == ["busy"], "asking again does not make its rest longer"


def test_a_page_is_fetched_in_a_place_that_is_given_back() -> None:
    world = World()
    assert world.page() is world.answer
    assert world.log == ["enter", ("fetch", "https://news.example/a", None, ACCEPT_PAGE), LEFT]


def test_a_place_is_given_back_after_a_fault_too() -> None:
    world = World(BROKEN)
    assert world.page() is BROKEN
    assert world.log[-1] == LEFT


@pytest.mark.parametrize(("permission", "transient"), [(Permission.REFUSED, False), (Permission.UNKNOWN, True)])
@pytest.mark.parametrize("is_known", [True, False])
def test_robots_txt_is_obeyed(permission: Permission, transient: bool, is_known: bool) -> None:
    world = World(manners=Manners(permission), is_known=is_known)
    answer = world.page()
    assert isinstance(answer, FetchError)
    assert (answer.reason, answer.transient) == (FetchReason.ROBOTS, transient)
    assert "https://news.example/a" in str(answer)
    assert "https://news.example/a" not in answer.why
    assert world.log == ([] if is_known else ["enter", ("leave", "token", None)]), "who must ask has a turn for it"


def test_while_another_asks_for_robots_txt_nobody_does() -> None:
    world = World(manners=None, is_known=False)
    assert world.page() == HostBusy(SECOND)
    assert world.log == ["enter", ("leave", "token", None)]
    world = World(manners=None, gate=[Lease("token", delay=None)])
    assert world.feed() == HostBusy(SECOND)
    assert world.log == ["enter", ("leave", "token", None)]


MOMENT = SECOND / 2


def test_a_host_that_is_free_in_a_moment_is_waited_for_once() -> None:
    world = World(gate=[Busy(MOMENT)])
    assert world.page() is world.answer
    assert world.log[:3] == ["busy", ("sleep", MOMENT), "enter"]
    world = World(gate=[Busy(MOMENT), Busy(MOMENT, turn=4 * SECOND)])
    assert world.page() == HostBusy(4 * SECOND)
    assert world.log == ["busy", ("sleep", MOMENT), "busy"]


def test_a_host_that_is_busy_for_longer_is_come_back_to_when_our_turn_comes() -> None:
    world = World(gate=[Busy(MOMENT + timedelta(milliseconds=1), turn=60 * SECOND)])
    assert world.page() == HostBusy(60 * SECOND)
    assert world.log == ["busy"]


@pytest.mark.parametrize("rest", [MOMENT, 300 * SECOND])
def test_a_host_that_asked_for_quiet_is_not_waited_for(rest: timedelta) -> None:
    world = World(gate=[Busy(rest, resting=True)])
    answer = world.page()
    assert isinstance(answer, FetchError)
    assert (answer.reason, answer.transient, answer.retry_after) == (FetchReason.THROTTLED, True, rest)
    assert world.log == ["busy"], "asking again does not make its rest longer"


@pytest.mark.parametrize("kind", ["", "text/html", "TEXT/HTML;charset=x", "application/xhtml+xml ; q", "text/plain"])
def test_what_may_be_read_is_kept(kind: str) -> None:
    world = World(resource(kind))
    assert world.page() is world.answer


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "text/html2", "x" * 500])
def test_what_is_no_page_is_refused_for_good(kind: str) -> None:
    answer = World(resource(kind)).page()
    assert isinstance(answer, FetchError)
    assert (answer.reason, answer.transient) == (FetchReason.WRONG_TYPE, False)
    assert kind[:60] in str(answer)
    assert len(str(answer)) < 150


def test_not_modified_is_no_answer_to_a_plain_request() -> None:
    answer = World(NotModified("https://news.example/a", Validators())).page()
    assert isinstance(answer, FetchError)
    assert (answer.reason, answer.transient) == (FetchReason.MALFORMED, True)
