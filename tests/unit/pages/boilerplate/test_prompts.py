from __future__ import annotations

import pytest

from worker.pages import extract_article, strip_boilerplate
from worker.pages.account import account_for
from worker.pages.boilerplate.prompts import Label, Prompt
from worker.pages.boilerplate.rules import matching_rule, rules
from worker.text.wordings import site_wordings

BY_LANGUAGE = {one.language: one for one in site_wordings()}


@pytest.mark.parametrize(
    ("language", "line", "prompt"),
    [
        ("en", "If you value our work, consider supporting us.", True),
        ("en", "If you value the river, consider the farmers, the mayor said.", False),
        ("en", "Consider our newsroom's history, she wrote, and you will see why.", False),
        ("en", "Consider “our newsroom”", False),
        ("es", "Si quieres, consulta todas las noticias en nuestro canal de difusión", True),
        ("es", "Consulta todas las noticias del archivo, dijo el juez", False),
        ("de", "Bitte unterstützen Sie uns mit Ihrem Abo", True),
        ("de", "Unterstützen wollte ihn mit ihrem Abo niemand", False),
    ],
)
def test_a_prompt_speaks_to_the_reader_of_the_site_and_reports_nothing(language: str, line: str, prompt: bool) -> None:
    assert Prompt.of(BY_LANGUAGE[language]).matches(line) is prompt


@pytest.mark.parametrize(
    ("language", "line", "label"),
    [
        ("en", "Top stories for you", True),
        ("en", "Top stories of the tower", False),
        ("en", "Top stories for you.", False),
        ("de", "Alle Artikel von Karin Holm", True),
        ("de", "Alle Artikel von gestern Abend", False),
        ("es", "Más noticias de Sonora", True),
        ("es", "De la", False),
        ("fr", "Plus d’articles sur ce thème", True),
    ],
)
def test_a_label_is_of_the_sites_words_and_ends_in_a_name_at_most(language: str, line: str, label: bool) -> None:
    assert Label.of(BY_LANGUAGE[language]).matches(line) is label


def test_every_pattern_of_a_language_belongs_to_a_rule() -> None:
    names = {rule.name for rule in rules()}
    for one in site_wordings():
        assert set(one.patterns) <= names, one.language


def test_marks_before_a_line_do_not_hide_it() -> None:
    for line in ("¿Ya eres suscriptor? Inicia sesión", "• Imagen ilustrativa", "(Con información de EFE y AP)"):
        rule = matching_rule(line)
        assert rule is not None, line


@pytest.mark.parametrize(
    ("before", "prompt", "after"),
    [
        ("The ferry sails at six.", "Sign up for our daily newsletter.", "Nobody knows who will be on board."),
        (
            "El muelle cierra el lunes.",
            "Suscríbete a nuestro boletín y recibe las noticias.",
            "Nadie sabe quién lo pagará.",
        ),
        (
            "Der Hafen schließt am Montag.",
            "Melden Sie sich hier für unseren Newsletter an.",
            "Niemand weiß, wer es bezahlt.",
        ),
    ],
)
def test_a_prompt_between_two_sentences_goes_alone(before: str, prompt: str, after: str) -> None:
    clean = strip_boilerplate(f"{before} {prompt} {after}")
    assert clean.text == f"{before} {after}"
    assert [line.line for line in clean.removed] == [prompt]
    html = f"<html><body><article><p>{before} {prompt} {after}</p></article></body></html>".encode()
    article = extract_article(html, None)
    told = [(line.line, bool(line.rule)) for line in account_for(html, article) if line.line == prompt]
    assert told in ([(prompt, True)], []), "accounted for, where the page was read at all"


def test_a_line_that_is_mostly_prompt_goes_whole_and_quoted_words_stay() -> None:
    line = "Good morning! Subscribe to our newsletter and get the news in your inbox every day. It is free."
    assert strip_boilerplate(line).text == ""
    quoted = "He stood on a crate. “Subscribe to our newsletter!” he called to the crowd, which laughed at him."
    assert strip_boilerplate(quoted).text == quoted
