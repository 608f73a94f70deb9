from __future__ import annotations

from worker.pages import PageRecord, find_decay

USUAL = [PageRecord(400 + 37 * (n % 9), True, n) for n in range(40)]
EMPTY = PageRecord(0, False, None)


def test_a_steady_outlet_is_well() -> None:
    assert find_decay(USUAL, USUAL[:6]) == ""
    brief = [PageRecord(90, True, 100), *USUAL[1:3], PageRecord(2100, True, 101), EMPTY, USUAL[4]]
    assert find_decay(USUAL, brief) == "", "a brief, a long read and one broken page are no decay"


def test_pages_that_give_nothing_any_more() -> None:
    said = "6 of its last 6 pages gave no whole article (0 of 40 before)"
    assert find_decay(USUAL, [EMPTY] * 6) == said
    stubs = [PageRecord(40 + n, False, n) for n in range(20)]
    assert find_decay(stubs, stubs[:6]) == "", "it never gave whole articles"


def test_pages_that_never_gave_anything() -> None:
    said = "none of its last 6 pages gave any text of an article"
    assert find_decay([], [EMPTY] * 6) == find_decay([EMPTY] * 40, [EMPTY] * 6) == said
    assert find_decay([], [*[EMPTY] * 5, PageRecord(60, False, 3)]) == ""


def test_pages_that_give_less() -> None:
    short = [PageRecord(70 + n, True, 100 + n) for n in range(6)]
    assert find_decay(USUAL, short) == "its last 6 pages gave about 72 words, 529 before"
    varied = [PageRecord(words, True, n) for n, words in enumerate([60, 200, 900, 2500] * 10)]
    assert find_decay(varied, short) == "", "an outlet of briefs and long reads"


def test_pages_that_all_say_the_same() -> None:
    wall = [PageRecord(500, True, 7)] * 4 + USUAL[:2]
    assert find_decay(USUAL, wall) == "4 of its last 6 pages gave the same text"


def test_a_new_outlet_has_nothing_to_be_compared_with() -> None:
    assert find_decay(USUAL[:11], [PageRecord(12, False, 3)] * 6) == ""
    assert find_decay(USUAL, [EMPTY] * 5) == ""
