"""The configuration: every table from the environment, every fault named, no secret shown."""

from __future__ import annotations

import traceback
from functools import reduce
from pathlib import Path

import pytest
from pydantic import BaseModel

from worker.channels.tables import Table
from worker.errors import ConfigurationError, SettingsError
from worker.setup.setting_faults import Place, line_of
from worker.setup.settings import Settings, load_settings, require_redis_url

HIDDEN = "hunter2"

# By setting: how it is written in the environment, what it is then, and a value that is refused with the
# words that say what is allowed.
FROM_THE_ENVIRONMENT = {
    "data": ("var", Path("var"), None, ""),
    "log_level": ("debug", "debug", "loud", "'debug', 'info', 'warning' or 'error'"),
    "log_format": ("json", "json", "xml", "'text' or 'json'"),
    "builtin_topics": ("false", False, "perhaps", "true or false"),
    "retag_days": ("7", 7.0, "-1", "at least 0"),
    "opml": ('["a.opml"]', (Path("a.opml"),), "a.opml", "JSON"),
    "topic_files": ('["a.toml"]', (Path("a.toml"),), "a.toml", "JSON"),
    "fetch.contact": ("me@news.example", "me@news.example", None, ""),
    "fetch.timeout_seconds": ("2.5", 2.5, "0", "more than 0"),
    "fetch.max_megabytes": ("1", 1.0, "51", "at most 50"),
    "fetch.max_redirects": ("0", 0, "-1", "at least 0"),
    "fetch.per_host": ("1", 1, "many", "a whole number"),
    "fetch.shortest_minutes": ("10", 10.0, "0", "at least 1"),
    "fetch.longest_minutes": ("60", 60.0, "20000", "at most 10080"),
    "fetch.spacing_seconds": ("0", 0.0, "nan", "at most 300"),
    "fetch.threads": ("4", 4, "201", "at most 200"),
    "fetch.allow_private_hosts": ('["h:8000"]', ("h:8000",), "h:8000", "JSON"),
    "fetch.proxy": ("http://p.example", "http://p.example", None, ""),
    "analyze.processes": ("2", 2, "0", "at least 1"),
    "analyze.limit_seconds": ("5", 5, "1.5", "a whole number"),
    "analyze.limit_megabytes": ("256", 256, "255", "at least 256"),
    "stories.window_days": ("1", 1.0, "61", "at most 60"),
    "mail.host": ("smtp.example", "smtp.example", None, ""),
    "mail.port": ("25", 25, "65536", "at most 65535"),
    "mail.security": ("none", "none", "ssl", "'starttls', 'tls' or 'none'"),
    "mail.username": ("me", "me", None, ""),
    "mail.password_file": ("pw.txt", Path("pw.txt"), None, ""),
    "mail.timeout_seconds": ("5", 5.0, "601", "at most 600"),
    "mail.sender": ("news@h.example", "news@h.example", "news", "name@example.org"),
    "mail.sender_name": ("News", "News", None, ""),
    "mail.postal_address": ("1 Street", "1 Street", None, ""),
    "mail.unsubscribe_address": ("out@h.example", "out@h.example", "out", "name@example.org"),
    "mail.dkim_key_file": ("dkim.key", Path("dkim.key"), None, ""),
    "mail.dkim_selector": ("s1", "s1", "s_1", "letters, digits, dots"),
    "mail.dkim_domain": ("localhost", "localhost", "example.com", "must be the sender's domain"),
    "mail.theme": ("paper", Path("paper"), None, ""),
    "mail.per_minute": ("0", 0.0, "-1", "at least 0"),
    "mail.doubt_seconds": ("60", 60.0, "1", "at least 60"),
    "mail.outbox": ("out", Path("out"), None, ""),
    "web.host": ("0.0.0.0", "0.0.0.0", None, ""),
    "web.port": ("0", 0, "70000", "at most 65535"),
    "web.status_port": ("0", 0, "70000", "at most 65535"),
    "web.base_url": ("https://n.example", "https://n.example", "n.example", "beginning with http:// or https://"),
    "web.subscribe": ("true", True, "perhaps", "true or false"),
    "web.metrics": ("true", True, "perhaps", "true or false"),
    "web.topic_feeds": ("open", "open", "all", "'off', 'token' or 'open'"),
    "desk.public": ("true", True, "perhaps", "true or false"),
    "desk.session_days": ("1", 1.0, "0", "more than 0"),
    "clock.feeds_seconds": ("1", 1.0, "3601", "at most 3600"),
    "clock.digests_seconds": ("1", 1.0, "0", "more than 0"),
    "clock.sweep_seconds": ("1", 1.0, "soon", "a number"),
    "clock.topics_seconds": ("1", 1.0, "0", "more than 0"),
    "clock.housekeeping_seconds": ("60", 60.0, "inf", "at most"),
    "clock.pages_seconds": ("1", 1.0, "3601", "at most 3600"),
    "clock.stories_seconds": ("60", 60.0, "3601", "at most 3600"),
    "clock.lease_seconds": ("120", 120.0, "-9", "more than 0"),
    "keep.document_days": ("0", 0.0, "inf", "at most"),
    "keep.poll_days": ("1", 1.0, "1e300", "at most"),
    "keep.mail_days": ("1", 1.0, "0", "at least 1"),
    "duplicates.window_days": ("1", 1.0, "0", "at least 1"),
    "duplicates.min_containment": ("0.5", 0.5, "42", "at most 1"),
    "duplicates.min_candidate_containment": ("0.5", 0.5, "0", "more than 0"),
    "duplicates.min_aligned": ("1", 1.0, "2", "at most 1"),
    "duplicates.min_coverage": ("0.5", 0.5, "0", "more than 0"),
    "duplicates.max_part": ("0.5", 0.5, "2", "at most 1"),
    "duplicates.min_beginning": ("0.5", 0.5, "0", "more than 0"),
    "duplicates.tolerance": ("0.1", 0.1, "0", "more than 0"),
    "duplicates.template_swaps": ("3", 3, "0", "at least 1"),
    "duplicates.template_swap_rate": ("0.5", 0.5, "none", "a number"),
    "duplicates.template_density": ("0.5", 0.5, "0", "more than 0"),
    "operator.address": ("me@h.example", "me@h.example", "me", "name@example.org"),
    "keep.unsubscribed_days": ("1", 1.0, "0", "at least 1"),
    "keep.site_days": ("1", 1.0, "0", "at least 1"),
    **{
        f"keep.{what}_days": ("31", 31.0, "30", "at least 31")
        for what in ("unmatched", "article", "text", "digest", "delivery", "event", "label", "key")
    },
}
ELSEWHERE = {
    "desk.login_header",
    "operator.webhook",
    "folder",
    "database_url",
    "redis_url",
    "secret",
    "mail.password",
    "feeds",
    "sites",
    "subscribers",
    "webhooks",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, text: str) -> Path:
    path = folder / "storywatch.toml"
    path.write_text(text, encoding="utf-8")
    return path


def variable(setting: str) -> str:
    return f"STORYWATCH_{setting.replace('.', '__').upper()}"


def value(settings: Settings, setting: str) -> object:
    return reduce(getattr, setting.split("."), settings)


def complaint(**overrides: object) -> str:
    """What the person is told, after looking whether the secret stands anywhere in the whole fault."""
    with pytest.raises(ConfigurationError) as caught:
        load_settings(**overrides)
    assert HIDDEN not in "".join(traceback.format_exception(caught.value))
    said = str(caught.value)
    assert "\n" not in said
    return said


def test_this_test_knows_every_setting() -> None:
    known = set(FROM_THE_ENVIRONMENT) | ELSEWHERE
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, Table):
            assert {f"{name}.{inner}" for inner in type(field.default).model_fields} <= known
        else:
            assert name in known


def test_without_a_file_everything_has_a_default(folder: Path) -> None:
    settings = load_settings()
    assert settings.folder == folder
    assert settings.database == f"sqlite:///{folder / 'data' / 'storywatch.db'}"
    assert settings.web_url == "http://127.0.0.1:8080"
    assert settings.outbox_folder == folder / "outbox"


@pytest.mark.parametrize("setting", FROM_THE_ENVIRONMENT)
def test_the_environment_overrides_it(setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written, meant, _, _ = FROM_THE_ENVIRONMENT[setting]
    assert value(load_settings(), setting) != meant, "the default would pass for it"
    monkeypatch.setenv(variable(setting), written)
    assert value(load_settings(), setting) == meant


@pytest.mark.parametrize("setting", [name for name, row in FROM_THE_ENVIRONMENT.items() if row[2] is not None])
def test_a_wrong_value_is_named_with_what_is_allowed(setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, wrong, allowed = FROM_THE_ENVIRONMENT[setting]
    assert wrong is not None
    monkeypatch.setenv(variable(setting), wrong)
    said = complaint()
    assert allowed in said
    assert (setting in said and wrong in said) or variable(setting) in said


@pytest.mark.parametrize(
    ("text", "setting", "wrong", "allowed"),
    [
        ("[[feeds]]\nurl = 'ftp://n.example'", "feeds.0.url", "ftp://n.example", "begin with http:// or https://"),
        ("[[feeds]]\ntitle = 'x'", "feeds.0.url", "", "is missing"),
        ("[[subscribers]]\naddress = 'nobody'", "subscribers.0.address", "nobody", "name@example.org"),
        ("[[subscribers]]\naddress = 'a@b.example\\nBcc: c@d.example'", "subscribers.0.address", "Bcc", "mail address"),
        ("[[subscribers]]\naddress = 'a@b.example'\nzone = 'Mars'", "subscribers.0.zone", "Mars", "IANA"),
        ("[[subscribers]]\naddress = 'a@b.example'\nlanguage = 'fr'", "subscribers.0.language", "fr", "must be 'en'"),
        ("[[subscribers]]\naddress = 'a@b.example'\nband = 'x'", "subscribers.0.band", "x", "'strict', 'balanced' or"),
        ("[[subscribers]]\naddress = 'a@b.example'\nstories = 0", "subscribers.0.stories", "0", "at least 1"),
    ],
)
def test_a_wrong_value_in_a_list_is_named_by_its_place(
    folder: Path, text: str, setting: str, wrong: str, allowed: str
) -> None:
    write(folder, text)
    said = complaint()
    assert f"'{setting}'" in said
    assert wrong in said
    assert allowed in said


def test_all_faults_are_told_at_once_each_with_its_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(
        folder,
        "log_level = 'loud'\nmail.port = 0\n\n[fetch] # of others\nthreads = 0\nper_host = 'x'\n"
        "[[feeds]]\nurl = 'https://a.example/'\n[[feeds]]\ntitle = 'b'\n[clock]\nswoop = 3\n",
    )
    monkeypatch.setenv("STORYWATCH_FETCH__PER_HOST", "many")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.faults == (
        "environment variable STORYWATCH_FETCH__PER_HOST: setting 'fetch.per_host' is 'many': must be a whole number",
        f"{path}, line 1: setting 'log_level' is 'loud': must be 'debug', 'info', 'warning' or 'error'",
        f"{path}, line 2: setting 'mail.port' is 0: must be at least 1",
        f"{path}, line 5: setting 'fetch.threads' is 0: must be at least 1",
        f"{path}, line 9: setting 'feeds.1.url' is missing, and has to be there",
        f"{path}, line 12: setting 'clock.swoop' does not exist: see 'storywatch init --print'",
    )


@pytest.mark.parametrize(
    ("source", "place", "line"),
    [
        ("", ("web",), None),
        ("[web]\nport = 1", ("web", "port"), 2),
        ("[web]\nhost = 'x'\n", ("web", "port"), 1),
        ("web = {port = 1}", ("web", "port"), 1),
        ("web.port = 1", ("web", "port"), 1),
        ("port = 1\n[web]\n'port' = 2", ("web", "port"), 3),
        ("[[feeds]]\nurl = 1\n[[feeds]]\nurl = 2", ("feeds", 1, "url"), 4),
        ("topics = ['[web]']\n# [web]\n# port = 1", ("web", "port"), None),
    ],
)
def test_the_line_of_a_setting(source: str, place: Place, line: int | None) -> None:
    assert line_of(source, place) == line


@pytest.mark.parametrize("number", ["9" * 5_000, "0x" + "f" * 5_000, "0b" + "1" * 40_000])
@pytest.mark.parametrize("setting", ["fetch = {threads = %s}", "database_url = %s", "[[subscribers]]\naddress = %s"])
def test_an_integer_of_thousands_of_digits_is_a_wrong_value(folder: Path, setting: str, number: str) -> None:
    write(folder, setting % number)
    said = complaint()
    assert len(said) < 500
    assert "digits" in said or "a secret value" in said


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("thread = 4", "thread"),
        ("[fetch]\nthread = 4", "fetch.thread"),
        ("[fecth]\nthreads = 4", "fecth"),
        ("[[feeds]]\nurl = 'http://n.example'\nurls = 'x'", "feeds.0.urls"),
    ],
)
def test_an_unknown_name_in_the_file_is_refused(folder: Path, text: str, named: str) -> None:
    write(folder, text)
    assert f"'{named}'" in complaint()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("[fetch]\ntimeout = 4", "'timeout_seconds'"),
        ("[[subscribers]]\naddress = 'a@b.example'\nadress = 'x'", "'address'"),
        ("[wbe]\nport = 1", "'web'"),
    ],
)
def test_the_name_that_was_meant_is_named(folder: Path, text: str, meant: str) -> None:
    write(folder, text)
    assert f"does not exist: did you mean {meant}?" in complaint()


@pytest.mark.parametrize(
    ("text", "said"),
    [("[web]\nport = 1\n[web]\n", "line 3, column 5: [web] stands twice"), ("[web\n", "line 1, column 5: Expected")],
)
def test_where_toml_is_wrong_is_named_first(folder: Path, text: str, said: str) -> None:
    path = write(folder, text)
    assert f"{path}, {said}" in complaint()


@pytest.mark.parametrize(
    "name", ["STORYWATCH_LOGLEVEL", "STORYWATCH_FECTH__THREADS", "STORYWATCH_FETCH__THREAD", "STORYWATCH_"]
)
def test_an_unknown_name_in_the_environment_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "4")
    said = complaint()
    assert name in said or "'fetch.thread'" in said


def test_the_environment_counts_more_than_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, "log_level = 'debug'\n[fetch]\nthreads = 3\nper_host = 4\n")
    monkeypatch.setenv("STORYWATCH_FETCH__THREADS", "5")
    monkeypatch.setenv("STORYWATCH_LOG_LEVEL", "")
    settings = load_settings()
    assert (settings.fetch.threads, settings.fetch.per_host, settings.log_level) == (5, 4, "debug")


@pytest.mark.parametrize("setting", ["database_url", "redis_url"])
def test_the_common_names_for_database_and_redis_are_read(
    folder: Path, setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, f"{setting} = 'from://file'")
    assert value(load_settings(), setting) == "from://file"
    monkeypatch.setenv(f"STORYWATCH_{setting.upper()}", "from://prefixed")
    assert value(load_settings(), setting) == "from://prefixed"
    monkeypatch.setenv(setting.upper(), "from://common")
    assert value(load_settings(), setting) == "from://common"
    assert value(load_settings(**{setting: "from://caller"}), setting) == "from://caller"


def test_a_database_that_is_set_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://h/storywatch")
    assert load_settings().database == "postgresql://h/storywatch"


def test_a_missing_redis_is_named() -> None:
    with pytest.raises(ConfigurationError, match="REDIS_URL is not set"):
        require_redis_url(load_settings())
    assert require_redis_url(load_settings(redis_url="redis://h")) == "redis://h"


def test_the_file_is_where_the_variable_says_and_paths_are_relative_to_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "etc").mkdir()
    path = write(folder / "etc", "data = 'var'\n[mail]\noutbox = '/srv/out'\n[web]\nbase_url = 'https://n.example/'\n")
    monkeypatch.setenv("STORYWATCH_CONFIG", str(path.relative_to(folder)))
    settings = load_settings()
    assert settings.data_folder == folder / "etc" / "var"
    assert settings.outbox_folder == Path("/srv/out")
    assert settings.web_url == "https://n.example"


def test_a_file_that_is_named_must_be_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYWATCH_CONFIG", "missing.toml")
    assert str(folder / "missing.toml") in complaint()


@pytest.mark.parametrize(
    "body", [b"[web\n", b"\xff\xfe", b"a = 1\na = 2\n", b"a = " + b"1" * 5000, b"a = " + b"[" * 5000]
)
def test_a_file_that_is_no_toml_is_named(folder: Path, body: bytes) -> None:
    path = folder / "storywatch.toml"
    path.write_bytes(body)
    assert str(path) in complaint()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"secret = '{HIDDEN}'", "secret"),
        (f'"secret" = "{HIDDEN}"', "secret"),
        (f"[mail]\npassword = '{HIDDEN}'", "mail.password"),
        (f"mail.password = '{HIDDEN}'", "mail.password"),
        (f"mail = {{ password = '{HIDDEN}' }}", "mail.password"),
        (f"database_url = 'postgresql://me:{HIDDEN}@h/x'", "database_url"),
        (f"redis_url = 'redis://:{HIDDEN}@h'", "redis_url"),
        (f"fetch.proxy = 'http://me:{HIDDEN}@h'", "fetch.proxy"),
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(folder: Path, text: str, named: str) -> None:
    write(folder, text)
    said = complaint()
    assert f"sets '{named}'" in said
    assert "secrets come from the environment" in said


def test_a_word_that_looks_like_a_secret_is_none(folder: Path) -> None:
    write(folder, "[mail]\npostal_address = '''\npassword = none of your business\n'''\n")
    assert "business" in load_settings().mail.postal_address


def test_secrets_from_the_environment_are_kept_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYWATCH_SECRET", HIDDEN)
    monkeypatch.setenv("STORYWATCH_MAIL__PASSWORD", HIDDEN)
    monkeypatch.setenv("DATABASE_URL", f"postgresql://me:{HIDDEN}@h/x")
    monkeypatch.setenv("REDIS_URL", f"redis://:{HIDDEN}@h")
    monkeypatch.setenv("STORYWATCH_FETCH__PROXY", f"http://me:{HIDDEN}@h")
    settings = load_settings()
    assert settings.secret.get_secret_value() == settings.mail.password.get_secret_value() == HIDDEN
    shown: list[BaseModel] = [settings, settings.mail, settings.fetch]
    for model in shown:
        assert HIDDEN not in repr(model) + str(model)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("STORYWATCH_MAIL__PASSWORD__X", HIDDEN),
        ("STORYWATCH_MAIL__PASWORD", HIDDEN),
        ("STORYWATCH_MAIL", f'"{HIDDEN}"'),
        ("STORYWATCH_MAIL", f'{{"password": ["{HIDDEN}"]}}'),
        ("STORYWATCH_MAIL", f'{{"password": "{HIDDEN}", "port": "x"}}'),
        ("STORYWATCH_MAIL", HIDDEN),
        ("STORYWATCH_SECRETS", HIDDEN),
    ],
)
def test_no_fault_shows_a_secret(name: str, given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, given)
    assert complaint()


@pytest.mark.parametrize(
    ("name", "given"),
    [("CLOCK__LEASE_SECONDS", "20"), ("FETCH__TIMEOUT_SECONDS", "45"), ("ANALYZE__LIMIT_SECONDS", "90")],
)
def test_a_lease_must_outlast_the_work(name: str, given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://me:{HIDDEN}@h/x")
    monkeypatch.setenv(f"STORYWATCH_{name}", given)
    assert complaint().startswith("clock.lease_seconds is ")


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("http://127.0.0.1:8080", True),
        ("https://news.example/storywatch/", True),
        ("http://[::1]:8080", True),
        ("https://[nonsense", False),
        ("https://", False),
        ("https://me:secret@news.example", False),
        ("https://news.example?x=1", False),
    ],
)
def test_the_readers_address_is_one_that_links_can_begin_with(written: str, taken: bool) -> None:
    if taken:
        assert load_settings(web={"base_url": written}).web_url == written.rstrip("/")
        return
    with pytest.raises(SettingsError, match="must be the address that readers reach you by"):
        load_settings(web={"base_url": written})


def test_settings_do_not_change() -> None:
    settings = load_settings()
    with pytest.raises(ValueError, match="frozen"):
        settings.log_level = "debug"
    assert hash(settings) == hash(load_settings())


@pytest.mark.parametrize(
    "wrong", [{"headers": ["Cookie: vain"]}, {"headers": ["X-Api-Key: vain"]}, {"username": "me", "password": "vain"}]
)
def test_the_secret_of_a_feed_is_only_named_and_a_wrong_one_not_told(wrong: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match="env:VARIABLE or file:PATH") as caught:
        load_settings(feeds=[{"url": "https://news.example/feed", **wrong}])
    assert "vain" not in str(caught.value)


def test_the_operators_webhook_is_one_that_is_declared(folder: Path) -> None:
    desk = "[[webhooks]]\nname = 'desk'\nurl = 'https://desk.example/hook'\n"
    write(folder, f"{desk}[operator]\nwebhook = 'desk'")
    assert load_settings().operator.webhook == "desk"
    write(folder, f"{desk}[operator]\nwebhook = 'decks'")
    assert complaint() == "operator.webhook is 'decks': it must be one of [[webhooks]], here ['desk']"
