from __future__ import annotations

import pytest

from worker.pages import detect_language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The government said on Monday that it would reopen the border.", "en"),
        ("El gobierno dijo el lunes que reabriría la frontera.", "es"),
        ("O governo disse na segunda-feira que vai reabrir a fronteira.", "pt"),
        ("Le gouvernement a annoncé lundi la réouverture de la frontière.", "fr"),
        ("Die Regierung kündigte am Montag die Öffnung der Grenze an.", "de"),
        ("Il governo ha detto lunedì che riaprirà il confine.", "it"),
        ("今日は国境が開いた。", "ja"),
        ("政府星期一表示将重新开放边境", "zh"),
        ("Правительство заявило в понедельник, что откроет границу", "ru"),
        ("Уряд заявив у понеділок, що відкриє її", "uk"),
        ("أعلنت الحكومة يوم الاثنين", "ar"),
        ("xq zzt blorp frobnak gnaxor vlim", None),
        ("Border", None),
        ("12 345 !", None),
        ("", None),
    ],
)
def test_detect_language(text: str, code: str | None) -> None:
    assert detect_language(text) == code
