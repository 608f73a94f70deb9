"""A few hostile inputs for every parser, as `python -m benchmarks.fuzz` makes them by the thousand."""

from __future__ import annotations

from contextlib import suppress
from time import process_time

import pytest

from benchmarks.fuzz.__main__ import Trial, main, run_items
from benchmarks.fuzz.documents import LONG_TEMPLATES, names_in, with_long_field
from benchmarks.fuzz.materials import COSTLY, LONG, repeated
from benchmarks.fuzz.parsers import KINDS, kind_of, lot_of, read_feed, read_page
from worker.errors import DocumentError

SOME = 126
FIELDS = [(kind, name) for kind, template in LONG_TEMPLATES.items() for name in names_in(template) if name != "codec"]


def test_nothing_is_uncaught_late_or_large() -> None:
    found = list(run_items(7, range(SOME)))
    assert [(one.number, one.kind, one.wrong) for one in found if one.wrong] == []
    assert {one.kind for one in found} == set(KINDS), "every parser has had its turn"
    read = {one.kind for one in found if not one.is_refused}
    assert len(read) > len(KINDS) - 6, "and they were not merely refused"


@pytest.mark.parametrize("name", ["topic", "settings", "archive", "query"])
def test_not_all_of_what_is_read_as_a_whole_is_refused_at_its_first_line(name: str) -> None:
    kind, refused = KINDS[name], 0
    for number in range(60):
        try:
            kind.read(kind.make(lot_of(5, number)))
        except kind.refuses:
            refused += 1
    assert 10 <= refused <= 45


def test_an_item_is_the_same_each_time() -> None:
    for number in range(36):
        make = KINDS[kind_of(number)].make
        assert make(lot_of(3, number)) == make(lot_of(3, number))
    assert len({repr(KINDS["page"].make(lot_of(3, number))) for number in range(20)}) == 20


def test_an_item_is_done_again_by_its_number(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seed", "7", "--item", "12", "--show"]) == 0
    assert f"seed 7 item 12: {kind_of(12)}" in capsys.readouterr().out


def test_what_raises_or_breaks_its_bounds_is_found() -> None:
    with Trial(1, "tests.security.ill_trial") as trial:
        said = [trial.run(number).wrong for number in range(6)]
    assert said[0] == said[5] == ""
    assert said[1] == "KeyError: \"'nothing'\""
    assert said[2] == "took more than 10 s of CPU time"
    assert said[3] == "took more than 512 MB"
    assert said[4] == "ended its process (-6)"


@pytest.mark.parametrize("kind", LONG_TEMPLATES)
def test_every_field_of_40_kb_takes_linear_time(kind: str) -> None:
    """A quadratic one takes ten seconds and more, a linear one tenths of one."""
    read, late = (read_page if kind == "page" else read_feed), []
    for turn, name in enumerate(one for kind_, one in FIELDS if kind_ == kind):
        for step in range(2):
            unit = COSTLY[(turn + 5 * step) % len(COSTLY)]
            document = with_long_field(lot_of(1, turn), kind, name, repeated(unit, LONG), alone=step == 1)
            begun = process_time()
            with suppress(DocumentError):
                read(document)
            late += [(name, unit)] if process_time() - begun > 2.5 else []
    assert late == []
