"""What reports of many events share tells none of them, in either language."""

from worker.stories.lexicon import as_terms
from worker.stories.news_terms import distinction


def test_the_more_reports_have_a_term_the_less_it_tells_them_apart():
    assert 0 <= distinction("the") < distinction("presid") < distinction("senate") < distinction("herrin") == 1


def test_the_words_of_both_languages_are_known_by_their_terms():
    spanish, english = as_terms(["presidente"], "es"), as_terms(["president"], "en")
    assert [distinction(term) for term in spanish] == [distinction(term) for term in english]
    assert distinction("afirmo") < 1


def test_two_reports_of_one_field_are_not_one_event_by_its_words(make):
    """Any two reports from a parliament share as many words as these; two from a harbour would not."""
    talks = make("The senate and the president said the bill on the border would pass the house this week.")
    other = make("The president said the house and the senate would vote on a border bill this year.")
    harbour = make("The harbour pilot and the herring trawler collided off the lighthouse at the breakwater.")
    again = make("A herring trawler hit a harbour pilot near the breakwater under the lighthouse of the port.")
    assert _likeness(harbour, again) > _likeness(talks, other)


def _likeness(one, other):
    return sum(weight * other.profile.words.get(term, 0.0) for term, weight in one.profile.words.items())
