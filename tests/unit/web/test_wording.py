"""Every sentence of the web pages is there in each language that digests are written in."""

from __future__ import annotations

from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from worker.text.languages import ENGLISH, digest_languages

ROOM = Path(str(files("worker.web")))


@pytest.fixture(params=[one.code for one in digest_languages() if one is not ENGLISH])
def translated(request: pytest.FixtureRequest) -> Catalog:
    source = (ROOM / "locale" / f"{request.param}.po").read_bytes()
    return read_po(BytesIO(source), locale=request.param, abort_invalid=True)


def said() -> set[str | tuple[str, ...]]:
    found: set[str | tuple[str, ...]] = set()
    for path in ROOM.rglob("*.py"):
        for _, message, _, _ in extract("python", BytesIO(path.read_bytes())):
            found.add(tuple(message[:2]) if isinstance(message, tuple) else message)
    for path in (ROOM / "templates").rglob("*.html"):
        for _, _, message, _ in babel_extract(BytesIO(path.read_bytes()), ("_", "ngettext"), (), {}):
            found.add(tuple(message[:2]) if isinstance(message, tuple) else message)
    return found


def placeholders(text: str) -> set[str]:
    return {part.partition(")")[0] for part in text.split("%(")[1:]}


def test_every_sentence_is_translated_and_none_is_left_over(translated: Catalog) -> None:
    assert {message.id for message in translated if message.id} == said()


def test_translations_are_whole_and_use_the_same_values(translated: Catalog) -> None:
    for message in translated:
        if not message.id:
            continue
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        assert len(forms) == (translated.num_plurals if isinstance(message.id, tuple) else 1)
        assert all(forms)
        assert not message.fuzzy
        original = message.id[1] if isinstance(message.id, tuple) else message.id
        assert all(placeholders(form) <= placeholders(original) for form in forms)
