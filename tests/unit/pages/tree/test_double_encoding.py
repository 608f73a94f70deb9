from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.pages import extract_fragment
from worker.pages.tree.double_encoding import undo_double_encoding
from worker.pages.tree.tree import parse_page

TEXTS = (
    "El año pasado la educación pública",
    "“No,” dijo él — y se fue",
    "São Paulo não é longe",
    "Über die Brücke",
    "Привет, мир",
)


@pytest.mark.parametrize("text", TEXTS)
def test_utf8_read_as_another_charset_is_taken_back(text: str) -> None:
    wrong = (
        text.encode().decode("cp1252", "ignore")
        if text.isascii()
        else "".join(
            chr(byte) if byte < 128 or byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([byte]).decode("cp1252")
            for byte in text.encode()
        )
    )
    assert undo_double_encoding(f"<p>{wrong}</p>") == f"<p>{text}</p>"
    assert undo_double_encoding(f'<p title="{wrong}">{text}</p>') == f'<p title="{text}">{text}</p>', "piece by piece"


@pytest.mark.parametrize(
    "text",
    [*TEXTS, "SÃO PAULO, NÃO", "L’Âge d’or à Âne", "Ärger im Å-Team", "PÂTÉ «Â»", "数据", "£20 – ¡ay!"],
)
def test_what_is_right_stays(text: str) -> None:
    assert undo_double_encoding(f"<p>{text}</p>") == f"<p>{text}</p>"


def test_entities_escaped_twice_are_undone_but_markup_that_is_shown_stays() -> None:
    tree, _ = parse_page(
        "<p>aprob&amp;oacute; &amp;#8220;R&amp;amp;D&amp;#8221;</p><p>&lt;b&gt;a &amp;amp; b&lt;/b&gt;</p>"
    )
    assert [p.text for p in tree.iter("p")] == ["aprobó “R&D”", "<b>a &amp; b</b>"]
    kept = "<a href='https://a.example/?x=1&amp;copy;=2'>x</a> &amp;lt; &amp;nothing;"
    assert undo_double_encoding(kept) == kept


def test_a_feeds_own_text_is_put_right_too() -> None:
    assert "educación" in extract_fragment("<p>La educaciÃ³n del aÃ±o</p>", title="x").text


@given(st.text(alphabet='aÃ©â€™Â&;amp#<>" ', max_size=200))
def test_nothing_is_raised_and_markup_stays(text: str) -> None:
    mended = undo_double_encoding(text)
    assert [c for c in mended if c in "<>"] == [c for c in text if c in "<>"]
