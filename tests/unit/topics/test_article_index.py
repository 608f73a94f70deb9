from worker.topics import TopicArticle
from worker.topics.article_index import LEAD_WORDS, WINDOW, index_article
from worker.topics.queries.tree import Scope


def body(words: int) -> TopicArticle:
    return TopicArticle("the title", " ".join(f"w{number}" for number in range(words)))


def test_title_words_lie_in_title_and_opening() -> None:
    index = index_article(body(200))
    assert index.passages_at(0) == 0b11


def test_lead_words_lie_in_the_opening_too() -> None:
    index = index_article(body(200))
    assert index.passages_at(index.body_start) & 0b11 == 0b10
    assert index.passages_at(index.body_start + LEAD_WORDS) & 0b11 == 0


def test_windows_overlap_by_half_and_cover_every_word() -> None:
    index = index_article(body(200))
    assert index.windows == 6
    masks = [index.passages_at(index.body_start + word) >> 2 for word in range(200)]
    assert masks[0] == 0b1
    assert masks[WINDOW // 2] == 0b11
    assert masks[WINDOW] == 0b110
    assert masks[199] == 0b100000
    assert all(0 < mask < 1 << 6 for mask in masks)


def test_a_short_or_empty_body_has_one_window() -> None:
    for words in (0, 1, 30, 31, 60):
        index = index_article(body(words))
        assert index.windows == 1
        assert index.passages == 0b111
        assert all(index.passages_at(index.body_start + word) == 0b110 for word in range(words))
    assert index_article(body(61)).windows == 2


def test_scopes() -> None:
    index = index_article(body(200))
    title, lead, rest = 0, index.body_start, index.body_start + LEAD_WORDS
    held = {scope: [index.within(scope, place) for place in (title, lead, rest)] for scope in Scope}
    assert held == {
        Scope.ANYWHERE: [True, True, True],
        Scope.TITLE: [True, False, False],
        Scope.DATELINE: [False, False, False],
        Scope.LEAD: [False, True, False],
        Scope.BODY: [False, True, True],
    }


def test_characters() -> None:
    index = index_article(body(3))
    assert index.characters(1, 1) == ("title", 4, 9)
    assert index.characters(index.body_start, index.body_start + 1) == ("text", 0, 5)
