"""Boxes that begin with a label for comments hold none of the story, whatever they are called."""

from __future__ import annotations

import pytest

from tests.unit.pages.sample import STORY
from worker.pages import extract_article

SAID = (
    "I have crossed on that ferry since I was nine and nobody ever apologised for the fog.",
    "Ask the harbour master where the money went before you cut another ribbon.",
    "My aunt sold tickets there, and she says that the old pier was wider by a yard.",
)


def page(label: str, told: tuple[str, ...] | list[str] = SAID, *, before: bool = True) -> str:
    story = "".join(f"<p>{each}</p>" for each in STORY)
    said = "".join(f"<p>{each}</p>" for each in told)
    fold = f'<div class="pn"><div class="pn-h">{label}</div><div class="pn-b">{said}</div></div>'
    parts = f'<div class="pn">{story}</div>', fold
    inside = "".join(parts if before else reversed(parts))
    return f"<html><body><h1>Pier opens after eleven years</h1><div class=all>{inside}</div></body></html>"


def text_of(html: str) -> str:
    return extract_article(html.encode(), None).text


@pytest.mark.parametrize(
    "label",
    [
        "<button>Comments</button>", "<h2><button>14 comments</button></h2>", "<b>Leave a reply</b>",
        "<span>Join the discussion</span>", "<h3>Comentarios (3)</h3>", "<h3>Únete a la conversación</h3>",
        "<h3>Leserkommentare</h3>", "<h3>Deixe um comentário</h3>", "<h3>Laissez un commentaire</h3>",
        "<h3>3 Responses</h3>", "<span>Respuestas</span>",
    ],
)  # fmt: skip
def test_what_stands_under_the_label_goes(label: str) -> None:
    text = text_of(page(label))
    assert STORY[0] in text
    assert STORY[-1] in text
    assert not any(said in text for said in SAID)


REPORTED = (
    "The union of the ferrymen called the plan a gift to those who had let the boats rot.",
    "“I shall believe it when I stand on it,” said Jo Marlow, who sells tickets at the old pier.",
    "The region did not answer by Monday night, and the harbour master had no time to talk.",
)


@pytest.mark.parametrize(
    "label", ["<h3>Responses</h3>", "<h3>What the commission commented on</h3>", "<h3>Reactions</h3>"]
)
def test_a_heading_may_be_the_storys_own(label: str) -> None:
    text = text_of(page(label, REPORTED))
    assert all(each in text for each in REPORTED)


@pytest.mark.parametrize("label", ["<h2><button>Responses</button></h2>", "<h3>Reacciones</h3>"])
def test_under_such_a_heading_readers_are_known_by_how_they_speak(label: str) -> None:
    asked = "And who pays for all that in the end, can anybody tell?"
    text = text_of(page(label, (SAID[0], SAID[2], asked)))
    assert STORY[-1] in text
    assert not any(said in text for said in (SAID[0], asked))


def test_without_a_story_before_it_nothing_goes() -> None:
    text = text_of(page("<b>Comments</b>", STORY[:2], before=False))
    assert STORY[-1] in text


def test_a_button_of_that_name_over_the_story_takes_nothing_along() -> None:
    bar = "".join(f"<li>{each}</li>" for each in ("Comments", "Mail", "Share", "Save", "Print", "Listen", "Larger"))
    story = "".join(f"<p>{each}</p>" for each in STORY)
    html = f"<html><body><article><h1>Pier</h1><p>{SAID[0]}</p><div><ul>{bar}</ul>{story}</div></article></body></html>"
    assert STORY[-1] in text_of(html)


def test_a_label_in_the_storys_own_box_takes_nothing_along() -> None:
    story = "".join(f"<p>{each}</p>" for each in STORY[:3])
    rest = "".join(f"<p>{each}</p>" for each in STORY[3:])
    html = f"<html><body><article><h1>Pier</h1><p>{story}<b>Comments</b><p>{rest}</article></body></html>"
    assert STORY[-1] in text_of(html)
