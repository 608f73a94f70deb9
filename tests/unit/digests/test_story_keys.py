import string
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.digests import StoryKey, TokenError, TokenFault, read_story_key, write_story_key
from worker.errors import ConfigurationError

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECRET = "a secret of some length"
KEY = StoryKey(7, 123_456, "us-mexico-migration")
TOPICS = ("other", KEY.topic)
ALPHABET = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"


def written(key: StoryKey = KEY, lasts: timedelta = timedelta(days=90)) -> str:
    return write_story_key(key, secret=SECRET, expires_at=NOW + lasts)


@given(st.integers(1, 2**40), st.integers(1, 2**40), st.sampled_from(TOPICS))
def test_what_was_written_is_read(subscription: int, article: int, topic: str) -> None:
    key = StoryKey(subscription, article, topic)
    assert read_story_key(written(key), topics=TOPICS, secret=SECRET, now=NOW) == key


def test_it_is_short() -> None:
    assert len(written()) <= 26
    assert written().replace("-", "").replace("_", "").isalnum()


def test_a_topic_that_is_gone_is_none() -> None:
    assert read_story_key(written(), topics=["other"], secret=SECRET, now=NOW).topic == ""


@given(st.sampled_from([KEY, StoryKey(7, 1, ""), StoryKey(7, 200, "")]), st.integers(0, 23), st.characters())
def test_a_changed_character_is_refused(key: StoryKey, place: int, other: str) -> None:
    """Whatever number of bits its last character leaves unused."""
    text = written(key)
    place = min(place, len(text) - 1)
    changed = text[:place] + other + text[place + 1 :]
    if changed != text:
        with pytest.raises(TokenError):
            read_story_key(changed, topics=TOPICS, secret=SECRET, now=NOW)


@pytest.mark.parametrize("key", [KEY, StoryKey(7, 1, ""), StoryKey(7, 200, "")])
def test_only_the_spelling_that_is_written_is_read(key: StoryKey) -> None:
    text = written(key)
    padded = text[:-1] + ALPHABET[ALPHABET.index(text[-1]) ^ 1]
    for other in (padded, text + "=", text + " ", "\n" + text, text.replace("-", "+").replace("_", "/")):
        if other != text:
            with pytest.raises(TokenError):
                read_story_key(other, topics=TOPICS, secret=SECRET, now=NOW)


@pytest.mark.parametrize("text", ["", "A", "====", "ñ", "x" * 500, "AAAAAAAAAAAAAAAAAAAAAAAA"])
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(TokenError) as refused:
        read_story_key(text, topics=TOPICS, secret=SECRET, now=NOW)
    assert refused.value.fault is TokenFault.FORGED


def test_another_secret_does_not_open_it() -> None:
    with pytest.raises(TokenError):
        read_story_key(written(), topics=TOPICS, secret=SECRET + ".", now=NOW)
    with pytest.raises(ConfigurationError):
        write_story_key(KEY, secret="short", expires_at=NOW)


def test_it_holds_until_the_end_of_its_last_day() -> None:
    text = written(lasts=timedelta(days=1))
    last = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    assert read_story_key(text, topics=TOPICS, secret=SECRET, now=last) == KEY
    with pytest.raises(TokenError) as refused:
        read_story_key(text, topics=TOPICS, secret=SECRET, now=last + timedelta(minutes=1))
    assert refused.value.fault is TokenFault.EXPIRED
