"""Every kind of schedule over days, by a clock that the test moves: what goes out when, and each story once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from models import Digest, DigestStory
from tests.integration.stored import TOPIC, analyze, match, tell
from worker.delivery.plan_digests import plan_digests
from worker.pipeline import STEPS
from worker.setup.declarations import check_subscriber, subscriber_request, topic_names
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.db import migrations
from worker.storage.db.packing import unpack
from worker.storage.digests import subscribers

ZONE = ZoneInfo("America/New_York")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONDAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # 07:00 there; the clocks change on the Sunday that follows


class Clock:
    """An installation whose time the test makes pass, one look of the service's own clock after the other."""

    def __init__(self, folder: Path) -> None:
        self.now = MONDAY
        self.deps = Deps(load_settings(folder=folder), now=lambda: self.now, jitter=lambda: 0.0)
        migrations.upgrade(self.deps.database)
        self.stories: list[int] = []

    def subscribe(self, schedule: str, **values: object) -> None:
        given = {"address": "reader@news.example", "zone": "America/New_York", "schedule": schedule, **values}
        asked = subscriber_request(check_subscriber(given), topic_names(self.deps.settings), now=self.now)
        with self.deps.transaction() as session:
            subscribers.save_request(session, asked, now=self.now)

    def write(self, story: int | None = None) -> int:
        """A report is read now: of a new story, or one more of a known one."""
        number = len(self.stories)
        keys = [f"{letter}{story or number + 1}" for letter in "abcd"]
        with self.deps.transaction() as session:
            article = analyze(session, f"https://news.example/{number}", text=f"Text {number}.", published=self.now)
            match(session, article)
            self.stories.append(tell(session, article, *keys, story_id=story, published=self.now, now=self.now))
        return self.stories[-1]

    def look(self) -> None:
        """What the clock wakes; a second beat wakes it again."""
        due = STEPS["plan_digests"].find_due(self.deps, 99)
        for _ in range(2 if due else 1):
            plan_digests(self.deps, *due)

    def run(self, until: timedelta, *, step: timedelta, writing: Callable[[datetime], bool] = lambda _: False) -> None:
        end = self.now + until
        while self.now < end:
            if writing(self.now.astimezone(ZONE)):
                self.write()
            self.look()
            self.now += step

    @property
    def sent(self) -> list[str]:
        """When each digest went out, by the reader's clock."""
        with self.deps.reading() as session:
            moments = session.scalars(select(Digest.created_at).order_by(Digest.id)).all()
        return [f"{moment.astimezone(ZONE):%a %H:%M}" for moment in moments]

    @property
    def told(self) -> list[list[int]]:
        """The stories of each digest."""
        with self.deps.reading() as session:
            digests = session.scalars(select(Digest.id).order_by(Digest.id)).all()
            rows = session.execute(select(DigestStory.digest_id, DigestStory.story_id)).all()
        return [sorted(story for digest, story in rows if digest == one) for one in digests]

    @property
    def windows(self) -> list[tuple[datetime, datetime]]:
        with self.deps.reading() as session:
            return [tuple(row) for row in session.execute(select(Digest.window_start, Digest.window_end))]  # type: ignore[misc]


@pytest.fixture
def clock(tmp_path: Path) -> Iterator[Clock]:
    clock = Clock(tmp_path)
    yield clock
    clock.deps.database.close()


def every_three_hours(local: datetime) -> bool:
    return local.hour % 3 == 1 and local.minute == 0


@pytest.mark.parametrize(
    ("schedule", "days", "sent"),
    [
        ("daily at 06:30", 7, [f"{day} 06:30" for day in (*DAYS[1:], "Mon")]),
        ("daily at 02:30", 7, [*(f"{day} 02:30" for day in DAYS[1:6]), "Sun 03:00", "Mon 02:30"]),
        ("weekdays at 18:00", 7, [f"{day} 18:00" for day in DAYS[:5]]),
        ("weekly on friday at 12:00", 14, ["Fri 12:00", "Fri 12:00"]),
    ],
)  # fmt: skip
def test_at_a_time(clock: Clock, schedule: str, days: int, sent: list[str]) -> None:
    clock.subscribe(schedule, stories=200)
    clock.run(days * DAY, step=30 * MINUTE, writing=every_three_hours)
    assert clock.sent == sent
    told = [story for digest in clock.told for story in digest]
    assert len(told) == len(set(told)), "no story twice"
    last = max(window[1] for window in clock.windows)
    assert len(told) >= (last - MONDAY) / (3 * HOUR) - 1, "and every one that was read by then"


def test_hourly(clock: Clock) -> None:
    clock.subscribe("hourly")
    clock.run(4 * HOUR, step=10 * MINUTE, writing=lambda local: local.minute == 40)
    assert clock.sent == ["Mon 08:00", "Mon 09:00", "Mon 10:00"]
    assert clock.told == [[1], [2], [3]]


def test_instant_comes_at_once_and_then_keeps_quiet(clock: Clock) -> None:
    clock.subscribe("instant every 30 minutes")
    at = {50, 55, 58}  # 07:50 tells at once; what came at 07:55 and 07:58 waits for 08:20 and is one mail
    clock.run(2 * HOUR, step=MINUTE, writing=lambda local: local.hour == 7 and local.minute in at)
    assert clock.sent == ["Mon 07:50", "Mon 08:20"]
    assert clock.told == [[1], [2, 3]]


def test_nights_are_quiet_and_the_morning_tells_all_of_them(clock: Clock) -> None:
    clock.subscribe("instant except 22:00-06:30")
    clock.now = MONDAY + 14 * HOUR + 50 * MINUTE  # 21:50
    clock.run(10 * HOUR, step=5 * MINUTE, writing=lambda local: local.minute == 55)
    assert clock.sent[:2] == ["Mon 21:55", "Tue 06:30"]
    assert clock.told[:2] == [[1], list(range(2, 10))]


@pytest.mark.parametrize("down", [2, 10])
def test_after_a_silence_one_digest_catches_up_with_all_of_it(clock: Clock, down: int) -> None:
    clock.subscribe("daily at 08:00")
    clock.run(DAY, step=30 * MINUTE, writing=lambda local: local.hour == 7 and local.minute == 30)
    assert len(clock.told) == 1
    last_end = clock.windows[0][1]
    clock.now += 30 * MINUTE
    for _ in range(down):
        clock.now += DAY
        clock.write()
    clock.now += 3 * HOUR
    clock.look()
    clock.look()
    assert len(clock.told) == 2, "all windows missed are one digest"
    assert len(clock.told[1]) == down
    assert clock.windows[1] == (last_end, clock.now), "it begins where the last one ended"
    clock.run(DAY, step=30 * MINUTE)
    told_in_all = [story for digest in clock.told for story in digest]
    assert len(told_in_all) == len(set(told_in_all)), "and nothing of it comes again"


def test_a_pause_ends_by_itself_and_what_came_then_is_one_digest(clock: Clock) -> None:
    clock.subscribe("daily at 08:00", pause_until="2026-03-05")
    clock.run(4 * DAY, step=30 * MINUTE, writing=every_three_hours)
    assert clock.sent == ["Thu 08:00"]
    clock.subscribe("daily at 08:00", pause_until="2026-03-20")
    clock.run(DAY, step=30 * MINUTE, writing=every_three_hours)
    clock.subscribe("daily at 08:00")
    clock.run(DAY, step=30 * MINUTE, writing=every_three_hours)
    assert clock.sent == ["Thu 08:00", "Sat 08:00"], "ended early"


def test_a_story_comes_back_only_with_news_and_says_how_much(clock: Clock) -> None:
    clock.subscribe("hourly")
    story = clock.write()
    clock.now += HOUR
    clock.look()
    for _ in range(3):
        clock.now += HOUR
        clock.look()
    assert clock.told == [[story]]
    assert clock.write(story) == story
    clock.now += HOUR
    clock.look()
    assert clock.told == [[story], [story]]
    with clock.deps.reading() as session:
        assert "updated: 1 new report" in (latest_page(session) or "")


def latest_page(session: object) -> str | None:

    from sqlalchemy.orm import Session

    assert isinstance(session, Session)
    html = session.scalar(select(Digest.html).order_by(Digest.id.desc()).limit(1))
    return unpack(html).decode() if html else None


def test_what_was_told_stays_told_when_stories_are_merged(clock: Clock) -> None:
    clock.subscribe("hourly")
    first = clock.write()
    clock.now += HOUR
    clock.look()
    second = clock.write()
    with clock.deps.transaction() as session:
        from models import Article, Story

        moved = session.scalars(select(Article).where(Article.story_id == first)).one()
        moved.story_id = second
        session.get_one(Story, first).merged_into = second
        session.execute(update(Story).values(unsettled_at=None))  # these reports share nothing: a look would part them
    clock.now += HOUR
    clock.look()
    assert clock.told == [[first], [second]]
    with clock.deps.reading() as session:
        assert "updated: 1 new report" in (latest_page(session) or ""), "of two reports, one was told before"


@pytest.mark.parametrize("send_empty", [True, False])
def test_when_nothing_matched_a_mail_comes_only_if_asked_for(clock: Clock, send_empty: bool) -> None:
    clock.subscribe("daily at 08:00", send_empty=send_empty)
    clock.run(2 * DAY, step=30 * MINUTE)
    assert clock.sent == (["Mon 08:00", "Tue 08:00"] if send_empty else [])
    with clock.deps.reading() as session:
        assert ("Nothing matched your topics" in (latest_page(session) or "")) is send_empty


def test_each_topic_has_its_own_band(clock: Clock) -> None:
    clock.subscribe("hourly", topics=[f"{TOPIC}:strict"], band="wide")
    with clock.deps.reading() as session:
        found = subscribers.find_subscription(session, "reader@news.example")
    assert found is not None
    assert found.band_of == {TOPIC: "strict"}
