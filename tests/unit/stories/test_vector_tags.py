from worker.stories.dateline import Day
from worker.stories.vector_tags import days_among, is_tag, mark, names_among, strongest_tags

DAY = Day(2008, 6, 9)


def test_marks_are_told_from_words_in_a_vector():
    vector = {"border": 0.9, "2008": 0.1, "a-b-c": 0.1, **mark(DAY, {"brandt": 0.75, "holm": 0.25})}
    assert days_among(vector) == {DAY}
    assert names_among(vector) == {"brandt": 0.0075, "holm": 0.0025}
    assert {term for term in vector if not is_tag(term)} == {"border", "2008", "a-b-c"}
    assert mark(None, {}) == {}


def test_the_strongest_names_and_all_days_are_kept():
    total = {**mark(DAY, {"brandt": 0.75, "holm": 0.25}), "--06-10": 0.01, "herring": 3.0}
    assert strongest_tags(total, names=1) == {"@brandt", "2008-06-09", "--06-10"}
