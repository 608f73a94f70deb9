from worker.duplicates import fingerprint
from worker.duplicates.alignment import align
from worker.duplicates.template import check_facts


def check(left: str, right: str):
    a, b = fingerprint(left), fingerprint(right)
    return check_facts(a, b, align(a.words, b.words))


def test_facts_against_other_facts_are_swapped():
    found = check("the train from Oslo left at 9:15 with Ana", "the train from Bergen left at 9:40 with Ana")
    assert (found.swapped, found.kept) == (2, 1)


def test_a_fact_against_a_plain_word_is_not_swapped():
    assert check("the train from Oslo left at noon", "the train from there left at noon").swapped == 0


def test_facts_are_swapped_in_long_passages_too():
    left = "the first part is here by Ana Ruiz and Jan Berg of the Oslo trade school in May and so it ends"
    right = "the first part is here 7 and so it ends"
    assert check(left, right).swapped == 1


def test_what_stands_on_one_side_only_is_left_out_and_not_swapped():
    left = "the first part is here Ana Ruiz came from Oslo and so it ends"
    assert check(left, "the first part is here and so it ends").swapped == 0


def test_nothing_aligned():
    assert check("one", "two").swap_rate == 0
    assert check("one", "two").density == 0
