from datetime import UTC, datetime, timedelta

import pytest

from worker.net.answer_headers import (
    AnswerHeaders,
    content_type,
    keep_usable,
    max_age,
    retry_after,
    validators,
)
from worker.net.resource import Validators

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(hours=24)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(seconds=120)),
        (" 7 ", timedelta(seconds=7)),
        ("99999999999999", DAY),
        ("9" * 10_000, DAY),
        ("Sun, 22 Nov 2026 13:00:00 GMT", timedelta(hours=1)),
        ("Sun, 22 Nov 2026 13:00:00 +0100", None),
        ("Wed, 22 Nov 2028 13:00:00 GMT", DAY),
        ("Wed, 01 Jan 2020 00:00:00 GMT", None),
        ('"120"', timedelta(seconds=120)), ("120;", timedelta(seconds=120)), ("+120.7", timedelta(seconds=120)),
        ("120s", timedelta(seconds=120)), ("90 Seconds", timedelta(seconds=90)), ("5 minutes", timedelta(minutes=5)),
        ("2h", timedelta(hours=2)), ("60, 60", timedelta(seconds=60)),
        ("2026-11-22T12:30:00Z", timedelta(minutes=30)), ("2026-11-22 12:30:00", timedelta(minutes=30)),
        ("Sunday, 22-Nov-26 12:30:00 GMT", timedelta(minutes=30)), ("1795350600", timedelta(minutes=30)),
        ("1795350600000", timedelta(minutes=30)), ("1595350600", None), ("5 moons", None), ("60 60", None),
        ("0", None), ("-5", None), ("0.5", None), ("nan", None), ("soon", None), ("", None), ("٣", None),
        ("Mon, 99 Foo 99999 99:99:99", None),
    ],
)  # fmt: skip
def test_retry_after(value: str, wait: timedelta | None) -> None:
    assert retry_after(AnswerHeaders([("Retry-After", value)]), NOW) == wait


def test_a_moment_is_one_of_the_servers_own_clock() -> None:
    fields = [("Retry-After", "Sun, 22 Nov 2026 13:00:00 GMT"), ("Date", "Sun, 22 Nov 2026 12:50:00 GMT")]
    assert retry_after(AnswerHeaders(fields), NOW) == timedelta(minutes=10)
    assert retry_after(AnswerHeaders([*fields[:1], ("Date", "today")]), NOW) == timedelta(hours=1)


@pytest.mark.parametrize(
    ("fields", "age"),
    [
        ({}, None),
        ({"Cache-Control": "public"}, None),
        ({"Cache-Control": "public, max-age=300"}, timedelta(seconds=300)),
        ({"Cache-Control": 'MAX-AGE="300"', "Age": "100"}, timedelta(seconds=200)),
        ({"Cache-Control": "max-age=300", "Age": "900"}, timedelta()),
        ({"Cache-Control": "max-age=2592000"}, 30 * DAY),
        ({"Cache-Control": "max-age=99999999999"}, 366 * DAY),
        ({"Cache-Control": "s-maxage=600"}, None),
        ({"Cache-Control": "no-cache, max-age=300"}, timedelta()),
        ({"Cache-Control": "max-age=60", "Expires": "Sun, 22 Nov 2026 13:00:00 GMT"}, timedelta(seconds=60)),
        ({"Expires": "Sun, 22 Nov 2026 13:00:00 GMT"}, timedelta(hours=1)),
        (
            {"Expires": "Sun, 22 Nov 2026 13:00:00 GMT", "Date": "Sun, 22 Nov 2026 12:50:00 GMT"},
            timedelta(minutes=10),
        ),
        ({"Expires": "-1"}, timedelta()),
        ({"Expires": "Fri, 01 Jan 2100 00:00:00 GMT"}, 366 * DAY),
        ({"Expires": "Fri, 01 Jan 1999 00:00:00 GMT"}, timedelta()),
    ],
)
def test_max_age(fields: dict[str, str], age: timedelta | None) -> None:
    assert max_age(AnswerHeaders(fields.items()), NOW) == age


def test_validators_are_kept_only_when_they_are_fit_to_be_sent_back() -> None:
    date = "Sun, 22 Nov 2026 00:00:00 GMT"
    assert validators(AnswerHeaders([("ETag", 'W/"a b"'), ("last-modified", date)])) == Validators('W/"a b"', date)
    assert validators(AnswerHeaders([("ETag", '"é"'), ("Last-Modified", "x" * 65)])) == Validators()
    assert keep_usable(Validators("x" * 1025, 'a"\r\nX: y')) == Validators()
    assert keep_usable(Validators("", None)) == Validators()


def test_content_type_is_printable_and_bounded() -> None:
    assert content_type(AnswerHeaders()) == ""
    assert content_type(AnswerHeaders([("Content-Type", "text/xml;\x1b charset=utf-8")])) == "text/xml; charset=utf-8"
    assert len(content_type(AnswerHeaders([("Content-Type", "x" * 999)]))) == 200
