"""Whatever a person answers: the files that follow can be read, and say what was answered."""

from __future__ import annotations

import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from worker import feeds
from worker.cli.first_hour.answers import Answers, MailAnswer, ReaderAnswer
from worker.cli.first_hour.files import CONFIGURATION, FEED_LIST, PASSWORD_FILE, files_for, topic_name
from worker.cli.first_hour.own_topic import OwnTopic, name_of, split_words, title_of, topic_text
from worker.cli.first_hour.toml_text import toml_value
from worker.setup.settings import Settings
from worker.topics import TopicArticle, TopicSet, lint, load_topic

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
TYPED = st.text(st.sampled_from("abczsy áéñßıİ*\"',;()~^:-&/\\0129ANDORT日本ªΩ\n"), max_size=60)
VALUES = st.one_of(TEXTS, st.booleans(), st.integers(-(2**62), 2**62), st.lists(TEXTS, max_size=3))
ADDRESSES = st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.example", fullmatch=True)
OWN = st.builds(
    OwnTopic,
    TEXTS.filter(str.strip),
    TYPED.map(split_words).filter(bool),
    TYPED.map(split_words),
    TYPED.map(split_words),
)
READERS = st.builds(ReaderAnswer, ADDRESSES, st.sampled_from(["en", "es"]), st.sampled_from(["UTC", "Europe/Berlin"]))
MAIL = st.builds(
    MailAnswer, st.just("smtp.news.example"), ADDRESSES, st.integers(1, 65535), st.sampled_from(["starttls", "tls"]),
    TEXTS.filter(str.strip), st.just("") | TEXTS.map("Zq9-{}".format),
)  # fmt: skip
FEEDS = st.lists(
    st.builds(feeds.OpmlFeed, st.from_regex(r"https://[a-z]{1,9}\.example/[a-z]{0,5}", fullmatch=True)), max_size=4
).map(tuple)
ANSWERS = st.builds(
    Answers, st.sampled_from(["", "us-mexico-migration"]), st.none() | OWN, st.none() | FEEDS,
    st.lists(st.from_regex(r"[a-z]{1,9}(:[1-9][0-9]{1,3})?", fullmatch=True), max_size=2).map(tuple),
    st.none() | READERS, st.none() | MAIL,
)  # fmt: skip


@given(VALUES)
def test_a_value_is_read_back_as_it_was(value: object) -> None:
    assert tomllib.loads(f"value = {toml_value(value)}")["value"] == value  # type: ignore[arg-type]


@settings(max_examples=60)
@given(OWN)
def test_every_topic_can_be_loaded_and_is_not_warned_of(own: OwnTopic) -> None:
    name = name_of(own.title)
    topic = load_topic(topic_text(own, name))
    assert topic.name == name
    assert topic.title("en") == own.title
    if not set(own.words) & set(own.never):
        remarks = [warning.message for each in topic.queries for warning in lint(each.query)]
        assert not [remark for remark in remarks if "AND" in remark or "OR" in remark]


@settings(max_examples=60)
@given(TYPED.map(split_words).filter(bool))
def test_a_text_that_is_one_of_the_words_matches(words: tuple[str, ...]) -> None:
    own = OwnTopic(title_of(words), words)
    topics = TopicSet((load_topic(topic_text(own, "own")),))
    for word in words:
        said = word.replace("*", "")
        assert topics.match(TopicArticle(f"About {said}", f"{said}. {said} again.", "en")), (word, topics)


@given(TYPED)
def test_words_that_were_split_are_left_as_they_are(text: str) -> None:
    words = split_words(text)
    assert split_words(", ".join(words)) == words


@settings(max_examples=60)
@given(ANSWERS, st.sets(st.sampled_from(["a", "my-topic", "storywatch"])))
def test_the_files_say_what_was_answered(answers: Answers, taken: set[str]) -> None:
    written = files_for(answers, taken)
    given = tomllib.loads(written[CONFIGURATION])
    secret = given.get("mail", {}).pop("password_file", None)
    found = Settings.model_validate(given)
    listed = feeds.read_opml(written[FEED_LIST].encode()).feeds
    name = topic_name(answers, taken)
    assert found.fetch.allow_private_hosts == answers.private_hosts
    if answers.feeds is not None:
        assert [one.url for one in listed] == list(dict.fromkeys(one.url for one in answers.feeds))
    assert [one.address for one in found.subscribers] == ([answers.reader.address] if answers.reader else [])
    for subscriber in found.subscribers:
        assert answers.reader is not None
        assert (subscriber.language, subscriber.zone) == (answers.reader.language, answers.reader.zone)
        assert subscriber.topics == ((name,) if name else ("us-mexico-migration",))
    if answers.own is not None:
        assert name not in taken
        assert [str(path) for path in found.topic_files] == [f"{name}.toml"]
        assert load_topic(written[f"{name}.toml"]).name == name
    if answers.mail is not None:
        assert (found.mail.host, found.mail.port, found.mail.username) == (
            answers.mail.host, answers.mail.port, answers.mail.username,
        )  # fmt: skip
        assert (PASSWORD_FILE in written) == (secret == PASSWORD_FILE) == bool(answers.mail.password)
        assert not answers.mail.password or answers.mail.password not in written[CONFIGURATION]
