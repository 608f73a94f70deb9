from __future__ import annotations

import re
import tomllib
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from worker import feeds
from worker.channels.email import SubscriberSetting
from worker.channels.tables import Table
from worker.channels.webhook import WebhookSetting
from worker.cli.init import STARTER_FILES, starter
from worker.cli.main import main
from worker.duplicates import DuplicateRules, DuplicateSettings
from worker.setup.settings import CONFIG_VARIABLE, Settings, load_settings
from worker.setup.tables import FeedSetting, SiteSetting
from worker.stories import StorySettings
from worker.text.languages import digest_languages
from worker.topics import Band

DAY = timedelta(days=1)
SECRET = {"secret", "mail.password"}
MEASURED = {
    **{f"duplicates.{name}": default for name, default in asdict(DuplicateSettings()).items()},
    "duplicates.window_days": DuplicateRules().window / DAY,
    "stories.window_days": StorySettings().window / DAY,
}
"""What holds where a setting of these tables is not set, as the stages themselves have it."""


def uncommented() -> dict[str, Any]:
    """The starter configuration with every setting's line switched on."""
    text = re.sub(r"^# (?=\w+ = |\[\[)", "", starter("storywatch.toml"), flags=re.MULTILINE)
    return tomllib.loads(text)


def names(model: type[BaseModel], prefix: str = "") -> set[str]:
    found: set[str] = set()
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Table):
            found |= names(kind, f"{name}.")
        else:
            found.add(prefix + name)
    return found


def test_every_setting_stands_in_the_starter_with_its_default() -> None:
    given = uncommented()
    blocks = {"feeds": FeedSetting, "sites": SiteSetting, "subscribers": SubscriberSetting, "webhooks": WebhookSetting}
    for name, model in blocks.items():
        assert set(given[name][0]) == set(model.model_fields)
    flat = {
        f"{table}.{name}" if isinstance(inner, dict) else table: value
        for table, inner in given.items() if table not in blocks
        for name, value in (inner.items() if isinstance(inner, dict) else [("", inner)])
    }  # fmt: skip
    assert set(flat) == names(Settings) - SECRET - set(blocks) - {"folder"}
    defaults = Settings.model_construct()
    for name, value in flat.items():
        if name not in {"opml", "mail.password_file", "mail.dkim_key_file"}:
            default: Any = defaults
            for part in name.split("."):
                default = getattr(default, part)
            default = MEASURED.get(name, default)
            assert value == (
                str(default) if isinstance(default, Path) else list(default) if isinstance(default, tuple) else default
            ), name


def test_the_starter_names_every_band_and_every_language_of_digests() -> None:
    text = starter("storywatch.toml")
    *bands, last = Band
    assert f"{', '.join(bands)} or {last}" in text
    *others, newest = (one.code for one in digest_languages())
    assert f"language, {', '.join(others)} or {newest}, and" in text


def test_the_starter_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["init", "--folder", str(tmp_path / "new")]) == 0
    monkeypatch.setenv(CONFIG_VARIABLE, str(tmp_path / "new" / "storywatch.toml"))
    settings = load_settings()
    assert settings.opml == (Path("feeds.opml"),)
    listed = feeds.read_opml(settings.at(settings.opml[0]).read_bytes()).feeds
    assert len(listed) >= 80
    assert all(feed.outlet and feed.title and feed.category and feed.language in {"en", "es"} for feed in listed)
    assert len({feed.url for feed in listed}) == len(listed)


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "feeds.opml").write_text("mine")
    assert main(["init", "--folder", str(tmp_path)]) == 2
    assert "feeds.opml is there already" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["feeds.opml"]


def test_it_can_be_looked_at_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--print", "--folder", str(tmp_path)]) == 0
    assert capsys.readouterr().out == starter("storywatch.toml")
    assert not list(tmp_path.iterdir())
    assert all(starter(name) for name in STARTER_FILES)
