from dataclasses import replace
from datetime import UTC, datetime

from worker.digests import Muted, PendingStory, Report, ReportMatch, without_muted

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def report(number: int, outlet: str, **fields: object) -> Report:
    return Report(
        number, f"Title {number}", f"https://o.example/{number}", outlet, "en", NOW, f"Text {number}.", **fields
    )


MATCH = {"t": ReportMatch(0.9, "strict", ("border",))}
WIRE = PendingStory(
    7,
    1,
    (
        report(1, "Prairie Post", matches=MATCH, central=0.8, agency="AP"),
        report(2, "La Voz", copy_of=1, adds=False),
        report(3, "Valley Star", copy_of=1, adds=False),
        report(4, "Border Wire", matches=MATCH),
    ),
)


def test_nothing_muted_changes_nothing() -> None:
    assert without_muted(WIRE, Muted()) is WIRE
    assert without_muted(WIRE, Muted(("Nobody",), (99,))) == WIRE


def test_a_story_is_muted_by_any_article_in_it() -> None:
    assert without_muted(WIRE, Muted(stories=(3,))) is None


def test_an_outlet_is_left_out_however_it_is_written() -> None:
    kept = without_muted(WIRE, Muted(("BORDER  wire",)))
    assert kept is not None
    assert [one.article_id for one in kept.reports] == [1, 2, 3]
    assert Muted(("La Vóz",)).covers("la voz")


def test_a_copy_elsewhere_takes_the_place_of_a_muted_original() -> None:
    kept = without_muted(WIRE, Muted(("Prairie Post",)))
    assert kept is not None
    first, second, other = kept.reports
    assert (first.article_id, first.copy_of, first.matches, first.adds) == (2, None, MATCH, True)
    assert (first.central, first.agency, first.outlet) == (0.8, "AP", "La Voz")
    assert (second.article_id, second.copy_of) == (3, 2)
    assert other.article_id == 4


def test_what_was_told_by_a_muted_original_is_not_new_in_its_copy() -> None:
    kept = without_muted(replace(WIRE, had={1: 1, 4: 1}), Muted(("Prairie Post",)))
    assert kept is not None
    assert not any(kept.is_news(one) for one in kept.reports if one.stands_alone)
    unheard = without_muted(WIRE, Muted(("Prairie Post",)))
    assert unheard is not None
    assert unheard.is_news(unheard.reports[0])


def test_a_story_that_only_muted_outlets_report_is_gone() -> None:
    assert without_muted(WIRE, Muted(("Prairie Post", "La Voz", "Valley Star", "Border Wire"))) is None
