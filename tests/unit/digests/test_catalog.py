import string
from datetime import date
from importlib.resources import files
from io import BytesIO

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from worker.digests import catalog, phrases
from worker.errors import ConfigurationError
from worker.text.languages import ENGLISH, digest_languages

ROOM = files("worker.digests")


@pytest.fixture(params=[one.code for one in digest_languages() if one is not ENGLISH])
def translated(request: pytest.FixtureRequest) -> Catalog:
    """The catalog of each language that digests are written in, but for that of the code."""
    source = (ROOM / "locale" / f"{request.param}.po").read_bytes()
    return read_po(BytesIO(source), locale=request.param, abort_invalid=True)


def extracted() -> set[str | tuple[str, ...]]:
    source = BytesIO((ROOM / "phrases.py").read_bytes())
    return {tuple(found[:2]) if isinstance(found, tuple) else found for _, found, _, _ in extract("python", source)}


def test_every_phrase_is_translated_and_none_is_left_over(translated: Catalog) -> None:
    written = {message.id for message in translated if message.id}
    assert written == extracted()


def test_translations_are_whole_and_use_the_same_values(translated: Catalog) -> None:
    for message in translated:
        if not message.id:
            continue
        assert not message.fuzzy
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        assert len(forms) == (translated.num_plurals if isinstance(message.id, tuple) else 1)
        assert all(forms)
        original = message.id[1] if isinstance(message.id, tuple) else message.id
        for form in forms:
            assert placeholders(form) <= placeholders(original)


def placeholders(text: str) -> set[str]:
    return {part.partition(")")[0] for part in text.split("%(")[1:]}


@pytest.mark.parametrize(
    ("language", "count", "text"),
    [
        ("en", 0, "0 stories"),
        ("en", 1, "1 story"),
        ("en", 2, "2 stories"),
        ("en", 12345, "12,345 stories"),
        ("es", 0, "0 noticias"),
        ("es", 1, "1 noticia"),
        ("es", 2, "2 noticias"),
        ("es", 12345, "12.345 noticias"),
        ("es", 1_000_000, "1.000.000 de noticias"),
        ("es", 2_000_000, "2.000.000 de noticias"),
        ("es", 1_000_001, "1.000.001 noticias"),
        ("pt", 0, "0 notícia"),
        ("pt", 1, "1 notícia"),
        ("pt", 2, "2 notícias"),
        ("pt", 12345, "12.345 notícias"),
        ("pt", 1_000_000, "1.000.000 de notícias"),
        ("pt", 3_000_001, "3.000.001 notícias"),
        ("en", 1_000_000, "1,000,000 stories"),
    ],
)
def test_plural_forms(language: str, count: int, text: str) -> None:
    assert phrases.counted_stories(catalog.catalog_for(language), count) == text


def test_places() -> None:
    say = catalog.catalog_for("es")
    assert say.place("America/Mexico_City") == "Ciudad de México"
    assert say.place("UTC") == "UTC"
    assert set(say.place("Etc/GMT+3")) <= set(string.printable)


def test_language_names() -> None:
    assert catalog.catalog_for("en").language_name("es-MX") == "Spanish"
    assert catalog.catalog_for("es").language_name("en") == "inglés"
    assert catalog.catalog_for("pt").language_name("es-MX") == "espanhol"
    assert catalog.catalog_for("en").language_name("zxy") == "ZXY"


def test_days_are_written_as_in_the_language() -> None:
    say = catalog.catalog_for("pt")
    assert say.day(date(2026, 11, 21)) == "sáb., 21 de nov."
    assert say.short_day(date(2026, 11, 21)) == "21 de nov."
    assert say.weekday(0) == "segunda-feira"


@pytest.mark.parametrize("language", [one.code for one in digest_languages()])
def test_every_plural_is_chosen_as_cldr_says(language: str) -> None:
    """A catalog numbers the forms in the order in which Babel names the language's plurals."""
    say, rule = catalog.catalog_for(language), Locale(language).plural_form
    counts = (*range(102), 1_000, 999_999, 1_000_000, 1_000_001, 2_000_000, 10_000_000)
    forms = {rule(n): phrases.counted_stories(say, n).partition(" ")[2] for n in counts}
    assert all(phrases.counted_stories(say, n).partition(" ")[2] == forms[rule(n)] for n in counts)


@pytest.mark.parametrize("language", ["", "EN", "de", "../es", "es\0"])
def test_other_languages_are_a_configuration_error(language: str) -> None:
    with pytest.raises(ConfigurationError, match="en, es"):
        catalog.catalog_for(language)
