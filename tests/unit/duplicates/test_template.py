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


def test_a_long_replacement_is_another_sentence():
    long = "by Ana Ruiz and Jan Berg of the Oslo trade school in May"
    assert (
        check(f"the first part is here {long} and so it ends", "the first part is here 7 and so it ends").swapped == 0
    )


def test_nothing_aligned():
    assert check("one", "two").swap_rate == 0
    assert check("one", "two").density == 0
