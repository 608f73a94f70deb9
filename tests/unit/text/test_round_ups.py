import pytest

from worker.text.round_ups import names_round_up


@pytest.mark.parametrize(
    "headline",
    [
        "Tuesday briefing: Ferry sinks",
        "Morning briefing: storms, strikes and a vote",
        "World in brief",
        "Here’s what to know today",
        "Headlines",
        "Primeras planas de hoy",
        "Titulares de hoy",
        "Lo más relevante de la semana",
        "Siete días: una marcha, un apagón, una final",
        "Resumen semanal: tres incendios",
        "En breve",
    ],
)
def test_a_round_up_is_known_by_its_headline(headline: str) -> None:
    assert names_round_up(headline)


@pytest.mark.parametrize(
    "headline",
    [
        "Smith wins Senate race: what it means",
        "Bill headlines festival",
        "Judge wins newsletter lawsuit",
        "Agents open briefing room",
        "A brief history of the bridge",
        "Police round up forty cattle",
        "El boletín de calificaciones llega tarde",
        "Presentan titulares de la selección",
        "Las breves vacaciones del gobernador",
        "",
    ],
)
def test_a_report_is_none(headline: str) -> None:
    assert not names_round_up(headline)
