from __future__ import annotations

import pytest

from worker.pages import extract_article, strip_boilerplate
from worker.pages.account import account_for
from worker.pages.boilerplate.inline_prompts import cut_prompts
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


def test_what_a_site_says_of_its_own_has_a_matter_besides() -> None:
    english = Prompt.of(BY_LANGUAGE["en"])
    assert english.matches("Our best stories, free in your inbox")
    assert not english.matches("Our reporting on the port began with a letter from a widow.")


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ("Our site has all the news of the port. Please bookmark it and sign up for our newsletter.", ""),
        ("You like the sea? Subscribe to our newsletter. We send it each Monday.", ""),
        (
            "If you want to cross at night, you can sign up for a trial. Afterwards you pay twice the fare.",
            "If you want to cross at night, you can sign up for a trial. Afterwards you pay twice the fare.",
        ),
        ("The boats are back. Subscribe to our newsletter. They sail at seven each day.", None),
    ],
    ids=["outlet", "question", "advice of the story", "a sentence among others"],
)
def test_a_paragraph_that_only_speaks_to_the_reader_of_the_outlet_goes_whole(line: str, stays: str | None) -> None:
    expected = "The boats are back. They sail at seven each day." if stays is None else stays
    assert cut_prompts(line)[0] == expected
