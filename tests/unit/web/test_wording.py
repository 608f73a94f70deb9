"""Every sentence of the web pages is there in Spanish."""

from __future__ import annotations

from importlib.resources import files
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

ROOM = Path(str(files("worker.web")))


def spanish():
    return read_po(BytesIO((ROOM / "locale" / "es.po").read_bytes()), locale="es", abort_invalid=True)


def said() -> set[str | tuple[str, ...]]:
    found: set[str | tuple[str, ...]] = set()
    for path in ROOM.glob("*.py"):
        for _, message, _, _ in extract("python", BytesIO(path.read_bytes())):
            found.add(tuple(message[:2]) if isinstance(message, tuple) else message)
    for path in (ROOM / "templates").glob("*.html"):
        found |= {message for _, _, message, _ in babel_extract(BytesIO(path.read_bytes()), ("_",), (), {})}
    return found


def placeholders(text: str) -> set[str]:
    return {part.partition(")")[0] for part in text.split("%(")[1:]}


def test_every_sentence_is_translated_and_none_is_left_over() -> None:
    assert {message.id for message in spanish() if message.id} == said()


def test_translations_are_whole_and_use_the_same_values() -> None:
    for message in spanish():
        if not message.id:
            continue
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        assert len(forms) == (3 if isinstance(message.id, tuple) else 1)
        assert all(forms)
        assert not message.fuzzy
        original = message.id[1] if isinstance(message.id, tuple) else message.id
        assert all(placeholders(form) <= placeholders(original) for form in forms)
