"""What the real things keep for an installation."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path

import pytest

from worker import duplicates, stories
from worker.duplicates import MEASURED
from worker.errors import ConfigurationError
from worker.setup.analysis_deps import duplicate_rules, story_settings
from worker.setup.deps import Deps
from worker.setup.settings import Settings, load_settings
from worker.setup.tables import DuplicatesTable, StoriesTable


def test_all_who_need_the_secret_first_get_the_same_one(tmp_path: Path) -> None:
    settings = load_settings(folder=tmp_path)
    with ThreadPoolExecutor(8) as pool:
        tokens = list(pool.map(lambda number: Deps(settings).sign("archive", {"number": number}), range(24)))
    reader = Deps(settings)
    assert [reader.read_token("archive", token)["number"] for token in tokens] == list(range(24))
    (kept,) = (tmp_path / "data").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_secret_that_cannot_be_kept_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(ConfigurationError, match=r"the signing secret .* cannot be kept"):
        Deps(load_settings(folder=tmp_path)).sign("archive", {})


def test_the_settings_of_stories_are_those_they_are_decided_by() -> None:
    said = StoriesTable(window_days=10)
    rules = Deps(Settings(stories=said)).story_rules
    assert rules.window == timedelta(days=10)
    assert story_settings(Settings()) == stories.MEASURED


def test_channels_are_told_who_we_are_and_what_they_may_ask(tmp_path: Path) -> None:
    fetch = {"contact": "me@h.example", "allow_private_hosts": ("desk.example",), "proxy": "http://p.example"}
    context = Deps(load_settings(folder=tmp_path, fetch=fetch)).channels.of("webhook")._context  # type: ignore[attr-defined]
    assert (context.folder, context.proxy, context.private_hosts) == (tmp_path, fetch["proxy"], ("desk.example",))
    assert context.user_agent.endswith(" (+me@h.example)")


def test_what_is_not_set_of_copies_is_what_was_measured() -> None:
    assert duplicate_rules(Settings()) == MEASURED
    rules = duplicate_rules(Settings(duplicates=DuplicatesTable(window_days=3, min_aligned=0.7, template_swaps=4)))
    assert rules.window == timedelta(days=3)
    assert rules.thresholds == replace(MEASURED.thresholds, min_aligned=0.7, template_swaps=4)


def test_every_threshold_of_copies_can_be_set_and_nothing_else() -> None:
    thresholds = {field.name for field in fields(duplicates.DuplicateSettings)}
    assert set(DuplicatesTable.model_fields) == thresholds | {"window_days"}


def test_of_stories_the_window_alone_can_be_set() -> None:
    """What else there is was chosen together, and is worth nothing one by one."""
    assert set(StoriesTable.model_fields) == {"window_days"}
