import pytest

from worker.topics.article import TopicArticle
from worker.topics.layout import dateline_length, is_roundup


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("TIJUANA, BC.– Las familias esperan.", "TIJUANA, BC.–"),
        ("México, DF. El secretario dijo que no.", "México, DF."),
        ("WASHINGTON (Agencia) — Talks began.", "WASHINGTON (Agencia) —"),
        ("MEXICO CITY – Mexico readies tents.", "MEXICO CITY –"),
        ("El Paso, Texas -- Agents said so.", "El Paso, Texas --"),
        ("Washington. La Comisión pidió hoy.", "Washington."),
        ("San Luis Río Colorado, Sonora.- Hallan un túnel.", "San Luis Río Colorado, Sonora.-"),
        ("The border was quiet. Agents said so.", ""),
        ("Mexico said on Monday – and again on Tuesday – that it would.", ""),
        ("", ""),
        ("MEXICO CITY", ""),
    ],
)
def test_a_dateline_is_what_stands_before_the_report(text: str, dateline: str) -> None:
    assert text[: dateline_length(text)].strip() == dateline


@pytest.mark.parametrize(
    "title",
    [
        "Morning briefing: storms, strikes and a vote",
        "World in brief",
        "Siete días: una marcha, un apagón, una final",
        "Lo más relevante de la semana",
        "Here's what to know today",
    ],
)
def test_a_roundup_is_known_by_its_title(title: str) -> None:
    assert is_roundup(TopicArticle(title, "One thing. Another."))


def test_a_roundup_is_known_by_a_title_of_subjects_over_a_list() -> None:
    items = "\n".join(f"• Item {number} about something." for number in range(5))
    assert is_roundup(TopicArticle("Storm hits coast; teachers strike; bank fails", items))
    assert not is_roundup(TopicArticle("Storm hits coast; teachers strike; bank fails", "A report of one storm."))
    assert not is_roundup(TopicArticle("Five demands of the teachers", items))


@pytest.mark.parametrize("title", ["Agents open briefing room", "A brief history of the bridge", "Mexico wins"])
def test_a_report_is_none(title: str) -> None:
    assert not is_roundup(TopicArticle(title, "A report."))
