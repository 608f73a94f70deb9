"""A language that is added: one row, and everything that offers languages offers it, or says what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError
from starlette.requests import Request

from worker.channels.email import SubscriberSetting
from worker.digests import catalog_for
from worker.errors import ConfigurationError
from worker.text import languages
from worker.text.languages import Language, digest_languages
from worker.web.pages import templates
from worker.web.speech import asked_for, speak, speak_first

LATIN = Language("la", "Latina", word_list=False, digests=True)


@pytest.fixture
def latin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "LANGUAGES", (*languages.LANGUAGES, LATIN))


@pytest.fixture
def catalogs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Rooms whose folder of catalogs has Latin."""
    folder = tmp_path / "locale"
    folder.mkdir()
    (folder / "la.po").write_text('msgid ""\nmsgstr "Language: la\\n"\n\nmsgid "Topics"\nmsgstr "Argumenta"\n')
    monkeypatch.setattr("worker.digests.catalog.files", lambda _room: tmp_path)


@pytest.fixture(autouse=True)
def fresh() -> None:
    catalog_for.cache_clear()


def subscriber(language: str) -> SubscriberSetting:
    return SubscriberSetting.model_validate({"address": "a@b.example", "language": language})


def request(accepted: str) -> Request:
    return Request({"type": "http", "headers": [(b"accept-language", accepted.encode())]})


def choices(current: str) -> str:
    fields = templates().get_template("fields.html").make_module({"_": str})
    return str(fields.language_field(digest_languages(), current, str))  # type: ignore[attr-defined]


def test_before_it_is_added_it_is_refused() -> None:
    with pytest.raises(ValidationError, match="must be 'en'"):
        subscriber("la")
    with pytest.raises(ConfigurationError, match="choose from en"):
        catalog_for("la")
    assert asked_for(request("la, es;q=0.5")).language == "es"
    assert "Latina" not in choices("en")


@pytest.mark.usefixtures("latin", "catalogs")
def test_its_row_and_its_catalog_are_enough() -> None:
    assert subscriber("la").language == "la"
    assert catalog_for("la").gettext("Topics") == "Argumenta"
    assert asked_for(request("la-VA, es;q=0.5")).language == "la"
    assert speak_first([None, "la"]).language == "la"
    assert '<option value="la" lang="la" selected>Latina</option>' in choices("la")


@pytest.mark.usefixtures("latin")
@pytest.mark.parametrize("read", [catalog_for, speak])
def test_without_its_catalog_it_is_refused_with_the_file_that_is_missing(read) -> None:
    with pytest.raises(ConfigurationError, match=r"language 'la' has no catalog: worker\.\w+ needs locale/la\.po"):
        read("la")
