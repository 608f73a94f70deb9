"""A post without a title is headed by its first line, where that is no sentence of its text."""

import pytest

from worker.stories.headline import headline_of

TEXT = "The ferry ran aground at noon.\nNobody was hurt."


def test_a_title_heads_its_text():
    assert headline_of("Ferry runs aground", f"Port Alder news\n{TEXT}") == "Ferry runs aground"


@pytest.mark.parametrize("title", ["", " \n"])
def test_a_short_first_line_heads_a_text_without_a_title(title):
    assert headline_of(title, f" Ferry runs aground off Port Alder\n\n{TEXT}") == "Ferry runs aground off Port Alder"


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "",
        "\n",
        "Ferry runs aground off Port Alder",
        f"News\n{TEXT}",
        f"What we know so far:\n{TEXT}",
        f"{'very ' * 30}long\n{TEXT}",
    ],
)
def test_a_sentence_a_label_or_the_whole_text_is_no_headline(text):
    assert headline_of("", text) == ""
