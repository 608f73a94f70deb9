import pytest

from worker.duplicates.wording import read_wording


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("“Don’t go,” said José — twice.", '"DON\'T GO" - SAID JOSE, TWICE'),
        ("straße", "STRASSE"),
        ("co\u00adoperation\u200b now", "cooperation now"),
        ("a\n\nb\tc", "a b c"),
        ("caf\u00e9", "cafe\u0301"),
    ],
)
def test_case_accents_quotes_and_spaces_do_not_count(text, same):
    assert read_wording(text).words == read_wording(same).words


def test_numbers_keep_their_separators():
    assert read_wording("5.3 at 14:05, 1,200 in all").words == ("5.3", "at", "14:05", "1,200", "in", "all")


def test_each_chinese_character_is_a_word():
    assert read_wording("新聞 news").words == ("新", "聞", "news")


def facts_of(text: str) -> set[str]:
    wording = read_wording(text)
    return {wording.words[place] for place in wording.facts}


def test_facts_are_numbers_days_and_names():
    assert facts_of("He met Ana Ruiz in Oslo on monday with 12 men. Nobody spoke.") == {
        "ana",
        "ruiz",
        "oslo",
        "monday",
        "12",
    }


def test_a_name_that_opens_a_sentence_is_known_from_its_other_places():
    assert "oslo" in facts_of("Oslo is cold, and people who live in Oslo know it.")


def test_capitals_say_nothing_where_all_words_have_them():
    assert facts_of("THE MAYOR OF OSLO RESIGNED AFTER 3 YEARS") == {"3"}


@pytest.mark.parametrize("text", ["", " \n", "...!?", "\u200b", "___"])
def test_text_without_words(text):
    assert read_wording(text).words == ()
