"""What two reports contradict each other in outweighs what they have in common."""

from datetime import UTC, datetime

import pytest

from worker.stories import StoryArticle, Weights, features, weigh_pair

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)

TOLD = """{} on {} evening on the quay of Port Alder, the harbour police said. Officers stopped the car after it drove
through a red light; the driver was released on bail. It is the second arrest at the club since the season began."""


def arrest(make, *, who="Goalkeeper Ida Holm of Alder United was arrested", day="Monday", title="", hours=0.0):
    return make(TOLD.format(who, day), title=title, hours=hours)


def test_another_person_in_the_headline_is_another_event(make):
    one = arrest(make, title="Alder goalkeeper Ida Holm arrested")
    again = arrest(make, title="Police arrest Ida Holm of Alder United")
    other = arrest(
        make, who="Striker Nils Brandt of Alder United was arrested", title="Alder striker Nils Brandt arrested"
    )
    assert weigh_pair(one, again) > 2
    assert weigh_pair(one, other) < weigh_pair(one, other, Weights(other_names=0)) - 1
    assert weigh_pair(one, other) < weigh_pair(one, again) - 2


def test_another_weekday_counts_and_the_same_day_in_both_languages_does_not(make):
    monday, tuesday = arrest(make), arrest(make, day="Tuesday")
    without = weigh_pair(monday, tuesday, Weights(other_weekday=0))
    assert weigh_pair(monday, tuesday) == pytest.approx(without + Weights().other_weekday)
    spanish = make("El lunes encalló el Alba en Port Alder.", language="es")
    english = make("The Alba ran aground at Port Alder on Monday.")
    assert weigh_pair(spanish, english) == weigh_pair(spanish, english, Weights(other_weekday=-9))


def test_another_weekday_counts_more_in_what_appeared_on_another_day(make):
    """What happened on Monday and was told then is not what happened on Tuesday; told again, it still is."""
    monday, next_day = arrest(make), arrest(make, day="Tuesday", hours=24)
    without = weigh_pair(monday, next_day, Weights(weekday_apart=0))
    assert weigh_pair(monday, next_day) == pytest.approx(without + Weights().weekday_apart)
    again, same_day = arrest(make, hours=24), arrest(make, day="Tuesday", hours=3)
    assert weigh_pair(monday, again) == weigh_pair(monday, again, Weights(weekday_apart=-9))
    assert weigh_pair(monday, same_day) == weigh_pair(monday, same_day, Weights(weekday_apart=-9))


def test_a_year_is_no_number_that_two_reports_share(make):
    told = "The harbour of Port Alder plans for {} and {}, its director said after the meeting."
    one, years = make(told.format(2031, 2032)), make(told.format(2031, 2032), hours=1)
    assert weigh_pair(one, years) == weigh_pair(one, years, Weights(numbers=9))
    berths = make(told.format(311, 320))
    assert weigh_pair(berths, berths) < weigh_pair(berths, berths, Weights(numbers=9))


def test_a_first_line_counts_as_the_title_that_a_post_lacks(make):
    said = " ".join(TOLD.format("Goalkeeper Ida Holm", "Monday").split())
    post = features(StoryArticle("", f"Alder goalkeeper arrested after chase\n{said}", "en", NOON))
    assert post.profile.tags.headline >= {"goalke", "arrest"}


def test_days_between_take_something_and_no_more_than_so_much(make):
    first, *later = (arrest(make, hours=24 * days) for days in (0, 1, 2, 3, 20))
    day, two, three, twenty = (weigh_pair(first, one) for one in later)
    assert day == weigh_pair(first, first)
    assert day > two == three == twenty


def test_headlines_that_fill_one_form_differently_are_two_events(make):
    """However alike the texts are, as those of studies that one house sells."""
    form = "The world's {0} market is to grow by {1} per cent, the study of Alder House says. " + " ".join(
        f"Part {number} of it leads through harbours, mills, quarries, chandlers, lagoons and estuaries of the north."
        for number in range(3)
    )
    ropes = make(form.format("tarred rope", 4), title="The global tarred rope market")
    again = make(form.format("tarred rope", 4), title="Tarred rope market to grow", hours=1)
    soaps = make(form.format("scented soap", 9), title="The global scented soap market")
    assert weigh_pair(ropes, again) > 2
    assert weigh_pair(ropes, soaps) < 0


def test_a_wrong_year_at_new_year_parts_nothing(make):
    said = " The Alder Front extends its truce with the government of Ruritania, its leader Ida Holm said."
    one, other = make("January 1, 2025 -" + said), make("December 31, 2025 -" + said)
    far = make("March 1, 2025 -" + said)
    assert weigh_pair(one, other) > 2
    assert weigh_pair(one, far) < weigh_pair(one, other) - 2


def test_reports_that_name_only_days_far_apart_are_less_likely_one_event(make):
    sank = "The ferry of Port Alder sank off the quay, and divers of the police raised it. It was built in Orvel."
    one, other = make(f"{sank} It had sailed on June 3."), make(f"{sank} It had sailed on June 29.")
    same, none = make(f"{sank} It had sailed on June 5."), make(sank)
    apart = weigh_pair(one, other, Weights(far_days=0)) - weigh_pair(one, other)
    assert apart == pytest.approx(-Weights().far_days)
    assert weigh_pair(one, same) == weigh_pair(one, same, Weights(far_days=0))
    assert weigh_pair(one, none) == weigh_pair(one, none, Weights(far_days=0))


SNOW = """Snow closed the mountain roads above {0} for a second day, and the army brought blankets to villages without
heating. Ploughs are to clear the passes by the weekend, the weather service expects milder air."""
MILLS = """Three of four flour mills stand idle in {0}, a survey of the bakers' guild found. Grain that used to come by
rail now goes to the ports, and millers ask for a loan to get through the spring."""
NIEVE = """La nieve cerró por segundo día las carreteras de montaña sobre {0}, y el ejército llevó cobijas a pueblos sin
calefacción. Las máquinas despejarán los puertos antes del domingo."""
MOLINOS = """Tres de cada cuatro molinos de harina están parados en {0}, halló una encuesta del gremio de panaderos. El
grano que llegaba por tren se va ahora al mar, y los molineros piden un crédito."""


@pytest.mark.parametrize(("first", "second"), [(SNOW, MILLS), (NIEVE, MOLINOS), (SNOW, MOLINOS)])
def test_provinces_that_stand_in_a_row_in_both_are_no_event(make, first, second):
    language = {SNOW: "en", MILLS: "en"}
    one, other = (
        make(text.format("Durango, Sinaloa" + (" and " if text in language else " y ") + "Nayarit"),
             language=language.get(text, "es"))
        for text in (first, second)
    )  # fmt: skip
    assert weigh_pair(one, other) < 0
    assert weigh_pair(one, other) < weigh_pair(one, other, Weights(names_alone=0)) - 0.5
    assert weigh_pair(one, one) == weigh_pair(one, one, Weights(names_alone=0))


def test_shared_numbers_speak_for_one_event_in_any_language(make):
    english = make("Four died and eleven were hurt in Port Alder.", title="Four die in Port Alder")
    spanish = make("Cuatro muertos y once heridos en Port Alder.", title="Mueren cuatro en Port Alder", language="es")
    others = make("Seis muertos y nueve heridos en Port Alder.", title="Mueren seis en Port Alder", language="es")
    assert weigh_pair(english, spanish) > weigh_pair(english, others) + 1


def test_what_says_nothing_is_like_nothing(make):
    assert weigh_pair(make(""), make("")) is None


@pytest.mark.parametrize("language", ["en", "es", None, "fi"])
def test_two_headlines_with_one_word_in_common_are_two_events(make, language):
    bridge = make("", title="Orvel opens its longest bridge", language=language)
    baker = make("", title="Tarn mourns its oldest baker", language="en")
    again = make("", title="Longest bridge of Orvel opens", language=language)
    assert weigh_pair(bridge, baker) is None
    assert weigh_pair(bridge, again) > 0


def test_a_word_that_titles_repeat_is_no_common_word(make):
    """Without a known language, a text's own repetitions tell its common words; that a title counts thrice does not."""
    title = "Orvel opens its longest bridge"
    unknown, known = make("", title=title, language=None), make("", title=title, language="en")
    assert unknown.vector == known.vector
