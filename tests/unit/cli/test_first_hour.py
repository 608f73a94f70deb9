"""What follows from single answers; whatever the answers, tests/property/test_first_hour.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from worker.cli.first_hour.addresses import host_with_port, is_feed_list
from worker.cli.first_hour.answers import Answers
from worker.cli.first_hour.files import FEED_LIST, files_for, starter, starter_feeds
from worker.cli.first_hour.given import Given
from worker.cli.first_hour.mail_choice import choose_mail, server_of
from worker.cli.first_hour.own_topic import LANGUAGES, OwnTopic, name_of, plural, query, split_words, title_of
from worker.cli.first_hour.providers import PROVIDERS
from worker.cli.first_hour.reader_choice import choose_reader, local_zone
from worker.cli.first_hour.toml_text import add_block, switch_on
from worker.cli.first_hour.topic_choice import choose_topic, remarks_on
from worker.errors import ConfigurationError, SettingError
from worker.topics import builtin_topics


def test_without_answers_the_files_are_those_of_the_start() -> None:
    assert files_for(Answers()) == {name: starter(name) for name in ("storywatch.toml", FEED_LIST)}
    assert 0 < len(starter_feeds("es")) < len(starter_feeds())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tariff, import tax;arancel", ("tariff", "import tax", "arancel")),
        ('“trade war”, "steel*"', ("trade war", "steel*")),
        ("Tariff, tariff,, ,-", ("tariff",)),
        ("covid-19", ("covid 19",)),
        ("", ()),
    ],
)
def test_words_are_split(text: str, words: tuple[str, ...]) -> None:
    assert split_words(text) == words


@pytest.mark.parametrize(
    ("word", "english", "spanish", "portuguese"),
    [
        ("tariff", "tariffs", None, None),
        ("duty", "duties", None, None),
        ("day", "days", "dayes", None),
        ("tax", "taxes", None, None),
        ("arancel", "arancels", "aranceles", "aranceis"),
        ("luz", "luzes", "luces", "luzes"),
        ("casa", "casas", "casas", "casas"),
        ("Eleição", "Eleiçãos", "Eleiçãos", "Eleições"),
        ("homem", "homems", None, "homens"),
        ("capital", "capitals", "capitales", "capitais"),
        ("fuzil", "fuzils", "fuziles", None),
        ("mulher", "mulhers", "mulheres", "mulheres"),
        ("news", None, None, None),
        ("EU", None, None, None),
        ("tariff*", None, None, None),
    ],
)
def test_plurals(word: str, english: str | None, spanish: str | None, portuguese: str | None) -> None:
    assert [plural(word, code) for code in LANGUAGES] == [english, spanish, portuguese]


def test_queries_are_as_a_person_would_write_them() -> None:
    own = OwnTopic("T", ("tariff*", "import tax"), ("steel", "AND"), ("recipe",))
    assert query(own) == '(tariff* OR "import tax") AND (steel OR "AND") AND NOT recipe'
    assert query(OwnTopic("T", ("duty",)), "en") == "duty OR duties"
    assert query(OwnTopic("T", ("duty",), never=("beer",)), "en") == "(duty OR duties) AND NOT (beer OR beers)"


def test_names_and_titles() -> None:
    assert title_of(("tariff*", "import tax", "duty", "levy")) == "Tariff, import tax, duty"
    assert name_of("Aranceles: ¿qué más?") == "aranceles-que-mas"
    assert name_of("日本") == "my-topic"
    assert name_of("Tariffs", {"tariffs", "tariffs-2"}) == "tariffs-3"


def test_what_is_hardly_meant_is_remarked_on() -> None:
    assert remarks_on(OwnTopic("T", ("tariff",))) == ()
    assert remarks_on(OwnTopic("T", ("t*",)))


def test_settings_are_switched_on_where_they_stand() -> None:
    text = '# a = 1\n\n[t]\n# a = 2\nb = ""\n\n# [[n]]\n# a = 3\n\n# end\n'
    assert switch_on(text, {"t": {"a": 7, "b": "x"}}) == text.replace("# a = 2", "a = 7").replace('b = ""', 'b = "x"')
    with pytest.raises(KeyError):
        switch_on(text, {"t": {"c": 1}})
    assert add_block(text, "n", {"a": True}).endswith("# [[n]]\n# a = 3\n\n[[n]]\na = true\n\n# end\n")


def test_addresses_as_they_are_typed() -> None:
    assert host_with_port("http://127.0.0.1:81/feed") == "127.0.0.1:81"
    assert host_with_port("http://[::1") == ""
    assert is_feed_list("my feeds.OPML")
    assert not is_feed_list("https://news.example/feed.xml")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("gmail", ("smtp.gmail.com", 587, "starttls")),
        ("smtp.news.example", ("smtp.news.example", 587, "starttls")),
        ("smtp.news.example:465", ("smtp.news.example", 465, "tls")),
        ("127.0.0.1:25", ("127.0.0.1", 25, "none")),
    ],
)
def test_servers_as_they_are_typed(text: str, meant: tuple[str, int, str]) -> None:
    found = server_of(text)
    assert (found.host, found.port, found.security) == meant


@pytest.mark.parametrize("text", ["", ":25", "smtp.news.example:0", "smtp.news.example:x", "two words", "h:99999"])
def test_what_is_no_server(text: str) -> None:
    with pytest.raises(ConfigurationError, match="is no server"):
        server_of(text)


def test_every_provider_speaks_what_its_port_says() -> None:
    assert all((one.port, one.security) in {(587, "starttls"), (465, "tls")} for one in PROVIDERS)
    assert len({one.name for one in PROVIDERS}) == len(PROVIDERS)


def test_options_that_cannot_be_used_are_named() -> None:
    builtin = builtin_topics()
    with pytest.raises(ConfigurationError, match="is not built in: there is us-mexico-migration"):
        choose_topic(Given(topic="x"), builtin, asking=False)
    with pytest.raises(ConfigurationError, match="at least one word"):
        choose_topic(Given(words=" , "), builtin, asking=False)
    with pytest.raises(SettingError, match="must be a mail address"):
        choose_reader(Given(address="me"), asking=False)
    with pytest.raises(SettingError, match="schedule"):
        choose_reader(Given(address="me@news.example", schedule="soon"), asking=False)
    with pytest.raises(ConfigurationError, match="--sender"):
        choose_mail(Given(server="smtp.news.example"), None, asking=False)
    with pytest.raises(ConfigurationError, match="starttls, tls, none"):
        choose_mail(Given(server="smtp.news.example", security="ssl", sender="a@news.example"), None, asking=False)
    assert choose_mail(Given(server="folder"), None, asking=False) is None


def test_the_zone_is_the_machines(tmp_path: Path) -> None:
    zone = tmp_path / "zoneinfo" / "America" / "Bogota"
    zone.parent.mkdir(parents=True)
    zone.touch()
    (tmp_path / "localtime").symlink_to(zone)
    assert local_zone("Europe/Berlin") == "Europe/Berlin"
    assert local_zone("nonsense", tmp_path / "localtime") == "America/Bogota"
    assert local_zone("nonsense", tmp_path / "missing") == "UTC"
