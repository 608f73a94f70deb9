"""Articles as lists see them that were not written from them."""

from __future__ import annotations

from worker.topics import Label, LabelledArticle, TopicArticle, load_topic
from worker.topics.learning.lesson import SIGNAL, Lesson, Row, deal, without
from worker.topics.learning.training import train
from worker.topics.learning.unread import unread_rows

TOPIC = load_topic("""
name = "ferries"
languages = ["en"]
[lists]
boats = "ferry, launch, catamaran"
harbours = "harbour, quay"
[[role]]
name = "boats"
query.any = "@boats"
[[role]]
name = "harbours"
query.any = "@harbours"
""")


def labelled(number: int, boat: str, *, yes: bool = True) -> LabelledArticle:
    article = TopicArticle(f"Report {number}", f"The {boat} left the harbour on day {number}.", "en")
    return LabelledArticle(article, Label.YES if yes else Label.NO, f"event {number}", id=str(number))


ROWS = [labelled(number, "ferry", yes=number % 2 == 0) for number in range(9)] + [labelled(9, "catamaran")]


def shown(row: Row) -> set[str]:
    return {name.removeprefix(SIGNAL) for name in row.features or () if name.startswith(SIGNAL)}


def test_an_article_is_read_without_the_word_that_no_other_has() -> None:
    unread = unread_rows(TOPIC, ROWS, 5, 0)
    assert [row.labelled for row in unread] == ROWS, "in their order"
    assert unread[9].features is None, "its boat is known from nowhere else, and a harbour alone is no candidate"
    assert all("boats and harbours" in shown(row) for row in unread[:9])
    assert unread[:9] == Lesson(TOPIC, 0).rows(ROWS[:9])


def test_a_topic_with_roles_learns_from_both() -> None:
    rows = [labelled(number, "ferry") for number in range(12)]
    rows += [labelled(number, "launch", yes=False) for number in range(12, 24)]
    lesson = Lesson(TOPIC, 0)
    once = lesson.fit_calibrated(lesson.rows(rows), 5)
    twice = lesson.fit_calibrated(lesson.rows(rows), 5, unread_rows(TOPIC, rows, 5, 0))
    assert train(TOPIC, rows).model.bias == round(twice.weights["bias"], 3) != round(once.weights["bias"], 3)


def test_what_is_held_back_is_held_back_twice() -> None:
    rows = [labelled(number, "ferry", yes=number % 2 == 0) for number in range(20)]
    rows += [labelled(20, "catamaran"), labelled(21, "launch", yes=False)]
    lesson = Lesson(TOPIC, 0)
    read, unread = lesson.rows(rows), unread_rows(TOPIC, rows, 5, 0)
    held_back = next(fold for fold in deal(rows, 5, 0) if 20 in fold)
    apart = lesson.fit_calibrated(without(read, held_back), 5, without(unread, held_back))
    assert train(TOPIC, rows).judged[20].score == apart.score(read[20])
    assert apart.score(read[20]) != lesson.fit_calibrated(without(read, held_back), 5, unread).score(read[20])
