import pytest

from worker.feeds.sections import end_sections, hide_sections

NEXT = "<item><title><![CDATA[b]]></title></item>"


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("<item><title><![CDATA[a</title></item>" + NEXT, "<item><title><![CDATA[a]]></title></item>" + NEXT),
        ("<item><title><![CDATA[a</item>" + NEXT, "<item><title><![CDATA[a]]></item>" + NEXT),
        ("<item><title><![CDATA[a" + NEXT, "<item><title><![CDATA[a]]>" + NEXT),
        ("<item>a<![CDATA[b</item><item>c</item>", "<item>a<![CDATA[b]]></item><item>c</item>"),
        ("<item><!-- a</item><item>b</item>", "<item><!-- a--></item><item>b</item>"),
        ("<item><!-- a</item><item><!-- b --></item>", "<item><!-- a--></item><item><!-- b --></item>"),
        (
            "<entry><a><![CDATA[x</a></entry><n:entry><![CDATA[y",
            "<entry><a><![CDATA[x]]></a></entry><n:entry><![CDATA[y",
        ),
    ],
)
def test_a_section_that_was_left_open_ends_before_the_next_entry(text: str, ended: str) -> None:
    assert end_sections(text) == ended


@pytest.mark.parametrize(
    "text",
    [
        NEXT * 3,
        "<item><![CDATA[<item>in a text about feeds</item>]]></item>" + NEXT,
        "<!-- <item>left out</item> --><item/>",
        "<item><!-- <![CDATA[ --></item>" + NEXT,
        "<item><![CDATA[ <!-- ]]></item><item><!-- a --></item>",
        "<item><![CDATA[a <![CDATA[ b ]]></item>" + NEXT,
        "<item><![CDATA[cut off in its last ent",
        "",
    ],
)
def test_sections_that_end_are_left_alone(text: str) -> None:
    assert end_sections(text) == text


def test_hides_what_looks_like_tags_and_keeps_the_places() -> None:
    text = "<a><![CDATA[<b>]]></a><!-- <c> --><d><![CDATA[<e>"
    hidden = hide_sections(text)
    assert len(hidden) == len(text)
    assert [tag for tag in ("<a>", "<b>", "</a>", "<c>", "<d>", "<e>") if tag in hidden] == [
        "<a>",
        "</a>",
        "<d>",
        "<e>",
    ]
    assert hidden.index("<d>") == text.index("<d>")


@pytest.mark.parametrize("piece", ["<![CDATA[<item>", "<!--<item>", "<!--<![CDATA[<item>", "<![CDATA[", "<!--"])
@pytest.mark.parametrize("end", ["", "]]>-->"])
def test_a_flood_of_openings_takes_no_more_than_its_length(piece: str, end: str) -> None:
    """By the square of it, this would take half a minute."""
    text = piece * (300_000 // len(piece)) + end
    assert len(hide_sections(end_sections(text))) >= len(text)


@pytest.mark.parametrize("end", ["<item>", f"<item><![CDATA[{'x' * 2_000_000}]]>"])
def test_sections_that_end_with_their_elements_are_ended_in_one_pass(end: str) -> None:
    """By the square of their number, this would take many minutes."""
    assert end_sections("<a><![CDATA[</a>" * 200_000 + end) == "<a><![CDATA[]]></a>" * 200_000 + end
