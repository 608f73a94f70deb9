"""The table of languages promises nothing that is not there."""

from __future__ import annotations

from importlib.resources import files

import pytest
import wordfreq
from babel import Locale

from worker import pages, topics
from worker.text.languages import (
    LANGUAGES,
    Language,
    base_language,
    digest_languages,
    is_code,
    is_digest_language,
    primary_subtag,
)
from worker.text.word_frequencies import words_by_centibels

BOILERPLATE = {
    "en": "Advertisement",
    "es": "Contenido exclusivo para suscriptores",
    "pt": "Todos os direitos reservados",
    "fr": "Article réservé aux abonnés",
    "de": "Jetzt weiterlesen",
    "it": "Pubblicità",
    "nl": "Advertentie",
}
"""A line in each language whose sites have rules of their own."""


def codes(column: str) -> set[str]:
    return {one.code for one in LANGUAGES if getattr(one, column)}


def test_codes_and_aliases_are_each_of_one_language() -> None:
    named = [name for one in LANGUAGES for name in (one.code, *one.aliases)]
    assert len(named) == len(set(named))


# The locales have Serbo-Croatian under its parts.
@pytest.mark.parametrize("language", [one for one in LANGUAGES if one.code != "sh"], ids=lambda one: one.code)
def test_each_is_called_what_its_speakers_call_it(language: Language) -> None:
    called = Locale.parse(language.code).get_display_name() or ""
    assert language.name.casefold() in called.casefold()


def test_word_lists_are_those_that_wordfreq_has() -> None:
    assert codes("word_list") == set(wordfreq.available_languages("small"))
    for code in codes("word_list"):
        assert words_by_centibels(code) == wordfreq.get_frequency_list(code, "small")
        wordfreq.get_frequency_list.cache_clear()
    assert codes("by_words") <= codes("word_list")


def test_a_language_is_recognised_by_its_script_or_its_words_and_not_both() -> None:
    assert not codes("by_words") & codes("scripts")
    for one in LANGUAGES:
        if one.letters:
            assert any(other.scripts == one.scripts and not other.letters for other in LANGUAGES)


def test_rules_for_boilerplate_know_a_line_of_each() -> None:
    assert set(BOILERPLATE) == codes("boilerplate")
    for line in BOILERPLATE.values():
        assert pages.strip_boilerplate(line).removed, line


def test_built_in_topics_have_words_in_each() -> None:
    assert codes("topics") == {code for topic in topics.builtin_topics() for code in topic.languages}


def test_lexicons_are_those_in_the_folder() -> None:
    folder = files("worker.stories").joinpath("lexicons")
    assert codes("lexicon") == {one.name.removesuffix(".txt") for one in folder.iterdir()}


@pytest.mark.parametrize("room", ["worker.digests", "worker.web"])
def test_catalogs_are_those_in_the_folder(room: str) -> None:
    folder = files(room).joinpath("locale")
    assert codes("digests") - {"en"} == {one.name.removesuffix(".po") for one in folder.iterdir()}


def test_what_reads_datelines_has_months_and_days() -> None:
    for one in LANGUAGES:
        if one.datelines:
            assert (len(one.months), len(one.weekdays)) == (12, 7)


@pytest.mark.parametrize(
    ("tag", "primary", "base"),
    [("es-MX", "es", "es"), ("es_MX", "es", "es"), ("EN", "en", "en"), ("no-NO", "no", "nb"), ("nn", "nn", "nb"),
     ("", "", ""), (None, "", ""), ("tlh", "tlh", "tlh")],
)  # fmt: skip
def test_tags(tag: str | None, primary: str, base: str) -> None:
    assert (primary_subtag(tag), base_language(tag)) == (primary, base)


def test_codes() -> None:
    assert [text for text in ("en", "EN", "eng", "e", "é1", "") if is_code(text)] == ["en"]


def test_digests_can_be_written_in() -> None:
    assert {"en", "es"} <= {one.code for one in digest_languages()}
    assert is_digest_language("es")
    assert not is_digest_language("ja")
