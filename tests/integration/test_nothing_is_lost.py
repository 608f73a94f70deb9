"""Whatever is published is told once: with clocks that are wrong, servers that say no and services that stand still.

On both databases, with a clock that the test turns and a mail server that answers as it is told.
"""

from __future__ import annotations

import email
import email.policy
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.integration import inline
from tests.integration.stored import analyze, match, tell
from worker.net import SendOutcome, SendResult, SendStage
from worker.pipeline import STEPS
from worker.setup.declarations import check_subscriber, subscriber_request, topic_names
from worker.setup.deps import Deps
from worker.storage.db.database import Database
from worker.storage.digests import subscribers

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
START = datetime(2026, 3, 5, 11, 0, tzinfo=UTC)  # 06:00 in New York; its clocks change on the Sunday that follows
OFTEN = "instant every 1 minutes"
LOGIN = SendOutcome(SendResult.RETRY, "mx answered 535 5.7.8 authentication failed", 535, SendStage.LOGIN)
RELAY = SendOutcome(SendResult.REFUSED, "mx answered 554 5.7.1 relay access denied", 554, SendStage.RECIPIENT)
AWAY = SendOutcome(SendResult.RETRY, "mx:25 at connect: refused", None, SendStage.CONNECT)
SPAM = SendOutcome(SendResult.REFUSED, "mx answered 554 5.7.1 looks like spam", 554, SendStage.FINAL_DOT)
TAKEN = SendOutcome(SendResult.SENT, "250 ok", 250, SendStage.FINAL_DOT)


class Desk:
    """An installation with one reader, whose time passes look by look. `ahead` is how wrong its clock is."""

    def __init__(self, database: Database, folder: Path, schedule: str) -> None:
        mail = {"host": "mx.example", "port": 25, "sender": "storywatch@news.example", "per_minute": 0}
        settings = inline.settings_for(folder, database.url, "unix:///nowhere", mail=mail)
        self.now, self.ahead, self.published = START, timedelta(), 0
        self.refusal: SendOutcome | None = None
        self.sent: list[str] = []
        self.deps = Deps(settings, now=lambda: self.now + self.ahead, jitter=lambda: 0.0, sleep=lambda _: None)
        self.deps.channels.mail.mailer = self  # type: ignore[assignment]
        given = {"address": "reader@news.example", "zone": "America/New_York", "schedule": schedule, "stories": 200}
        asked = subscriber_request(check_subscriber(given), topic_names(settings), now=self.now)
        with self.deps.transaction() as session:
            subscribers.save_request(session, asked, now=self.now)

    def send(self, message: bytes, *, sender: str, recipient: str) -> SendOutcome:
        """Take the mail, unless the server refuses it just now."""
        del sender, recipient
        if self.refusal is not None:
            return self.refusal
        read = email.message_from_bytes(message, policy=email.policy.default).get_body(("plain",))
        assert read is not None
        self.sent.append(read.get_content())
        return TAKEN

    def publish(self, age: timedelta = timedelta()) -> None:
        """An article of a story of its own is read, by the clock as it is; its outlet published it so long ago."""
        self.published += 1
        url = f"https://news.example/story-{self.published}-/"
        with self.deps.transaction() as session:
            text = f"Migrants crossed at gate {self.published}."
            article = analyze(session, url, text=text, published=self.now - age)
            match(session, article)
            tell(session, article, f"key{self.published}", published=self.now - age, now=self.deps.now())

    def look(self, *, down: bool = False) -> None:
        """Plan what is due and send what waits, as the service's own clock has it; not while it is `down`."""
        for step in ("plan_digests", "deliver") if not down else ():
            for row_id in STEPS[step].find_due(self.deps, 50):
                STEPS[step].run(self.deps, row_id)

    def run(self, lasts: timedelta, *, step: timedelta, every: timedelta, down: Callable[[], bool] = bool) -> None:
        """Let the time pass: something is published `every` so often."""
        end, due = self.now + lasts, self.now
        while self.now < end:
            if self.now >= due:
                self.publish()
                due += every
            self.look(down=down())
            self.now += step

    def assert_each_once(self) -> None:
        """Everything that was published stands in one mail."""
        told = Counter(n for text in self.sent for n in range(1, self.published + 1) if f"/story-{n}-/" in text)
        lost, doubled = set(range(1, self.published + 1)) - set(told), [n for n, times in told.items() if times > 1]
        assert (lost, doubled) == (set(), []), f"in {len(self.sent)} mails"


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Iterator[Callable[[str], Desk]]:
    yield from _make(database, tmp_path)


@pytest.fixture
def sqlite_desk(sqlite: Database, tmp_path: Path) -> Iterator[Callable[[str], Desk]]:
    yield from _make(sqlite, tmp_path)


def _make(database: Database, folder: Path) -> Iterator[Callable[[str], Desk]]:
    desks = []

    def make(schedule: str) -> Desk:
        desks.append(Desk(database, folder, schedule))
        return desks[-1]

    yield make
    for one in desks:
        one.deps.database.close()


@pytest.mark.parametrize(
    ("schedule", "ahead"),
    [
        (OFTEN, HOUR),
        (OFTEN, -HOUR),
        (OFTEN, DAY),
        (OFTEN, -DAY),
        ("daily at 07:00", DAY),
        ("daily at 07:00", -DAY),
        (OFTEN, 30 * DAY),
        (OFTEN, -30 * DAY),
        ("daily at 07:00", 30 * DAY),
        ("daily at 07:00", -30 * DAY),
    ],
)
def test_a_clock_that_was_wrong_and_is_right_again(
    desk: Callable[[str], Desk], schedule: str, ahead: timedelta
) -> None:
    """Stands for the kind clock-ran-ahead of the field cases."""
    one = desk(schedule)
    one.run(3 * HOUR, step=30 * MINUTE, every=HOUR)
    one.ahead = ahead
    one.run(2 * HOUR, step=30 * MINUTE, every=HOUR)
    one.ahead = timedelta()
    one.run(3 * HOUR, step=30 * MINUTE, every=HOUR)
    one.run(2 * DAY, step=4 * HOUR, every=DAY)
    one.run(DAY + 2 * HOUR, step=4 * HOUR, every=9 * DAY)
    one.assert_each_once()


@pytest.mark.parametrize("schedule", [OFTEN, "daily at 07:00"])
def test_a_feed_that_was_out_of_reach_for_days_is_told_of_whole(desk: Callable[[str], Desk], schedule: str) -> None:
    """Digests go out the while, so that their periods begin long after its articles were published."""
    one = desk(schedule)
    one.run(5 * DAY, step=6 * HOUR, every=DAY)
    for days in range(5):
        one.publish(age=days * DAY)
    one.run(2 * DAY, step=6 * HOUR, every=9 * DAY)
    one.publish(age=40 * DAY)
    one.run(DAY + 6 * HOUR, step=6 * HOUR, every=9 * DAY)
    one.assert_each_once()


def test_two_machines_whose_clocks_differ_by_ten_minutes(desk: Callable[[str], Desk]) -> None:
    one = desk(OFTEN)
    for number in range(24):
        one.ahead = 10 * MINUTE * (number % 3 == 0)  # now the one machine is at work, now the other
        one.publish()
        one.ahead = 10 * MINUTE * (number % 2)
        one.look()
        one.now += 3 * MINUTE
    one.ahead = timedelta()
    one.run(HOUR, step=10 * MINUTE, every=DAY)
    one.assert_each_once()


@pytest.mark.parametrize(
    ("refusal", "schedule", "lasts", "mails"),
    [
        (RELAY, OFTEN, HOUR, None),
        (LOGIN, "daily at 07:00", 3 * DAY, 5),
        (LOGIN, "daily at 07:00", 6 * DAY, None),
        (AWAY, "daily at 07:00", 2 * DAY, None),
        (SPAM, "daily at 07:00", DAY, None),
    ],
)
def test_a_server_that_says_no_for_a_while(
    desk: Callable[[str], Desk], refusal: SendOutcome, schedule: str, lasts: timedelta, mails: int | None
) -> None:
    """Stands for the kind dead-digest of the field cases."""
    one = desk(schedule)
    one.refusal, often = refusal, lasts < DAY
    one.run(lasts, step=5 * MINUTE if often else 3 * HOUR, every=20 * MINUTE if often else 12 * HOUR)
    one.refusal = None
    one.run(2 * DAY, step=3 * HOUR, every=12 * HOUR)
    one.run(DAY + HOUR, step=3 * HOUR, every=2 * DAY)
    one.assert_each_once()
    assert mails is None or len(one.sent) >= mails, "each of them as it was written"


@pytest.mark.parametrize("outage", [1, 4])
@pytest.mark.parametrize(
    "schedule", ["instant", "hourly", "daily at 02:30", "weekdays at 07:00", "weekly on monday at 07:00"]
)
def test_a_service_that_stands_still_for_days(sqlite_desk: Callable[[str], Desk], schedule: str, outage: int) -> None:
    """Over a weekend on which the clocks change; stands for the kind outage-on-a-weekday of the field cases."""
    one = sqlite_desk(schedule)  # when a digest is due is no matter of the database
    still = START + 36 * HOUR, START + 36 * HOUR + outage * DAY
    one.run(6 * DAY, step=3 * HOUR, every=9 * HOUR, down=lambda: still[0] <= one.now < still[1])
    one.run(8 * DAY, step=12 * HOUR, every=30 * DAY)
    one.assert_each_once()


def test_a_pause_ends_what_waits_and_all_of_it_comes_after(desk: Callable[[str], Desk]) -> None:
    one = desk("daily at 07:00")
    one.refusal = AWAY
    one.run(2 * DAY, step=2 * HOUR, every=DAY)
    one.refusal = None
    given = {"address": "reader@news.example", "zone": "America/New_York", "schedule": "daily at 07:00", "stories": 200}
    paused = check_subscriber({**given, "pause_until": (one.now + 3 * DAY).date().isoformat()})
    asked = subscriber_request(paused, topic_names(one.deps.settings), now=one.now)
    with one.deps.transaction() as session:
        subscribers.save_request(session, asked, now=one.now)
    one.run(2 * DAY, step=2 * HOUR, every=DAY)
    assert one.sent == []
    one.run(3 * DAY, step=2 * HOUR, every=DAY)
    assert all(f"/story-{n}-/" in one.sent[0] for n in (1, 2, 3)), "in the first digest after the pause"
    one.run(DAY, step=2 * HOUR, every=9 * DAY)
    one.assert_each_once()
