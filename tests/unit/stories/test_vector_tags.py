"""What is carried in a vector besides its words comes back as it was."""

from worker.stories.dateline import Day
from worker.stories.facts import Facts
from worker.stories.vector_tags import TAG_WEIGHT, Tags, is_tag, read_tags, write_tags

DAY = Day(2008, 6, 9)
TAGS = Tags(
    names={"brandt": 0.75, "holm": 0.25}, headline_names={"holm": 1.0}, counts=frozenset({"4", "5.9"}),
    headline_counts=frozenset({"4"}), day=DAY, named_days=frozenset({DAY, Day(None, 7, 3)}),
    weekdays=frozenset({0, 6}), length=412, round_up=True,
)  # fmt: skip


def test_tags_are_told_from_words_in_a_vector():
    vector = {"border": 0.9, "2008": 0.1, "a-b-c": 0.1, **write_tags(TAGS)}
    assert {term for term in vector if not is_tag(term)} == {"border", "2008", "a-b-c"}
    assert read_tags(vector) == TAGS
    assert read_tags({"border": 1.0}) == Tags()


def test_facts_come_back_and_no_tag_weighs_anything():
    terms = write_tags(Tags(), facts=("m6.1", "s2-1"))
    assert read_tags(terms).facts == Facts(frozenset({6.1}), frozenset({(2, 1)}))
    assert max(write_tags(TAGS).values()) <= TAG_WEIGHT
