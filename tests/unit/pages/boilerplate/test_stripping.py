from __future__ import annotations

from worker.pages import RemovedLine, SiteProfile, normalize_line, strip_boilerplate
from worker.pages.boilerplate.headline import is_headline, read_headlines

TITLE = "Ferry fares on the northern line to rise in May"
STORY = [
    "Fares on the northern ferry line will rise by a tenth from May, the harbour council decided on Monday.",
    "The line has lost money for three years. \"We have waited as long as we could,\" said councillor Ana Pereira.",
    "Passengers protested outside the town hall; some had come on the last boat.",
]  # fmt: skip
WIRE_SHAPE = "\n".join(
    [
        "Skip to content", "", TITLE, "",
        'Fares are going up on the northern line. "We have waited as long as we could," said Ana Pereira on X,...', "",
        "Councillor Ana Pereira (left) at the", "Councillor Ana Pereira (left) at the", "",
        TITLE, "", "\n\n".join(STORY), "", "Read also:", "",
    ]
)  # fmt: skip


def rules_of(text: str, **options: object) -> list[str]:
    return [line.rule for line in strip_boilerplate(text, **options).removed]  # type: ignore[arg-type]


def test_a_scraped_text_keeps_its_story_and_loses_its_boilerplate() -> None:
    clean = strip_boilerplate(WIRE_SHAPE, title=TITLE)
    assert clean.text.split("\n\n") == ["Fares are going up on the northern line.", *STORY]
    assert [line.rule for line in clean.removed] == [
        "skip-link", "headline", "cut-off-teaser", "doubled-caption", "doubled-caption", "headline", "read-also",
    ]  # fmt: skip


def test_without_a_title_the_first_headline_stays_and_the_second_goes() -> None:
    paragraphs = strip_boilerplate(WIRE_SHAPE).text.split("\n\n")
    assert paragraphs.count(TITLE) == 1
    assert paragraphs[-3:] == STORY


def test_a_text_without_boilerplate_is_unchanged() -> None:
    clean = strip_boilerplate("\n\n".join(STORY), title=TITLE)
    assert clean.text == "\n\n".join(STORY)
    assert clean.removed == ()


def test_what_a_read_also_heading_points_to_goes_with_it() -> None:
    text = "\n\n".join(
        [*STORY, "READ ALSO", "Port workers end their strike", "Rain floods the market", "Nobody was hurt."]
    )
    clean = strip_boilerplate(text)
    assert clean.text.split("\n\n") == [*STORY, "Nobody was hurt."]
    assert {line.rule for line in clean.removed} == {"read-also"}


def test_a_headline_with_the_outlet_behind_it_is_known() -> None:
    assert rules_of(f"{TITLE}\n\n{STORY[0]}", title=f"{TITLE} | Harbour News") == ["headline"]
    assert rules_of(f"{TITLE} - Harbour News\n\n{STORY[0]}", title=TITLE) == ["headline"]


def test_a_story_may_say_its_headline() -> None:
    text = "\n\n".join(
        [*STORY, "Some of them stayed until the evening, when the last boat had long left the harbour.", TITLE + "."]
    )
    assert strip_boilerplate(text, title=TITLE).text.endswith(TITLE + ".")


def test_a_teaser_told_again_below_goes_whole() -> None:
    text = "\n\n".join(["Fares on the northern ferry line will rise by a tenth from May…", *STORY])
    clean = strip_boilerplate(text)
    assert clean.text == "\n\n".join(STORY)
    assert clean.removed[0].rule == "cut-off-teaser"


def test_a_quote_that_trails_off_stays() -> None:
    text = "\n\n".join(['"I do not know what to say..."', *STORY, "And then the lights went out…"])
    assert strip_boilerplate(text).text == text


def test_refrains_and_questionnaires_stay() -> None:
    lines = [
        line for n in range(6) for line in ("What did you feel at that moment, looking back?", f"Answer {n} was long.")
    ]
    assert strip_boilerplate("\n\n".join(lines)).text.split("\n\n") == lines


def test_site_boilerplate_goes_by_its_normal_form() -> None:
    site = SiteProfile("example.org", boilerplate=frozenset({normalize_line("The Harbour Daily – since 1887!")}))
    clean = strip_boilerplate("\n\n".join(["THE HARBOUR DAILY, since 1887", *STORY]), site=site)
    assert clean.removed == (RemovedLine("THE HARBOUR DAILY, since 1887", "learned"),)
    assert clean.text == "\n\n".join(STORY)


def test_empty_text() -> None:
    assert strip_boilerplate("").text == ""
    assert strip_boilerplate(" \n\n ").removed == ()


def test_dots_before_a_sentence_that_was_cut_go_with_it() -> None:
    clean = strip_boilerplate("... Read also: …\n")
    assert (clean.text, [line.line for line in clean.removed]) == ("", ["... Read also: …"])


def test_a_title_of_ten_thousand_bars_has_few_parts() -> None:
    headlines = read_headlines(["Ferry fares to rise | Harbour News" + " | more" * 10_000])
    assert len(headlines.parts) < 20
    assert is_headline("Ferry fares to rise", headlines, opening=True)
