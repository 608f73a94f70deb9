import random
from datetime import UTC, datetime, timedelta

import pytest

from worker.duplicates import Candidate, DuplicateKind, decide, fingerprint

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def known(number: int, text: str, *, hours: float = 0, published: bool = True) -> Candidate:
    when = NOON + timedelta(hours=hours)
    return Candidate(number, fingerprint(text), when if published else None, when)


def near(text: str, *candidates: Candidate) -> int | None:
    decision = decide(fingerprint(text), candidates)
    assert decision.kind is not DuplicateKind.EXACT
    return decision.duplicate_of


def test_the_same_words_are_an_exact_copy_of_the_earliest(report):
    decision = decide(
        fingerprint(report.upper()), [known(1, report, hours=2), known(2, report), known(3, report, hours=1)]
    )
    assert (decision.kind, decision.duplicate_of, decision.similarity) == (DuplicateKind.EXACT, 2, 1.0)
    assert decision.evidence.startswith("the harbour council")
    assert len(decision.evidence) <= 300


def test_ties_go_to_the_lowest_id_and_undated_ones_count_as_seen(report):
    assert decide(fingerprint(report), [known(5, report), known(4, report)]).duplicate_of == 4
    undated = known(1, report, hours=3, published=False)
    assert decide(fingerprint(report), [undated, known(9, report)]).duplicate_of == 9


def test_short_texts_are_copies_only_when_all_words_agree():
    assert decide(fingerprint("Ferry closed."), [known(1, "FERRY CLOSED")]).kind is DuplicateKind.EXACT
    assert near("Ferry closed today.", known(1, "Ferry closed.")) is None


@pytest.mark.parametrize("empty", ["", "   ", "…!"])
def test_empty_texts_are_no_copies_of_each_other(empty):
    assert decide(fingerprint(empty), [known(1, "")]).kind is DuplicateKind.UNIQUE


def test_rewritten_text(report, reworded):
    decision = decide(fingerprint(reworded), [known(1, report)])
    assert (decision.kind, decision.duplicate_of) == (DuplicateKind.NEAR, 1)
    assert decision.similarity == pytest.approx(0.55, abs=0.1)
    assert decision.evidence in " ".join(fingerprint(report).words)


def test_excerpt_and_embedding(report, other):
    assert near(" ".join(report.split()[:70]), known(1, report)) == 1
    assert near(f"{report} {other}", known(1, report)) == 1


def test_a_collection_is_the_original_of_what_it_begins_with_alone(report, other):
    rest = " ".join(timetable(random.Random(seed)) for seed in range(4))
    assert near(report, known(1, f"{report} {rest} {other}", hours=-5)) == 1
    assert near(report, known(1, f"{' '.join(other.split()[:25])} {report} {rest}", hours=-5)) == 1, "after a notice"
    assert near(other, known(1, f"{report} {rest} {other}", hours=-5)) is None
    assert near(" ".join(report.split()[100:]), known(1, report)) == 1, "its second half is no small part"


def test_boilerplate_and_correction(report):
    edited = report.replace("Tuesday", "Wednesday").replace("14 million", "15 million").replace("18", "16")
    assert near(f"By A REPORTER (AP) - Advertisement. Correction: a figure. {edited}", known(1, report)) == 1


def test_a_feature_that_quotes_a_short_note_is_no_copy_of_it(report, other):
    note = " ".join(report.split()[:60])
    filler = " ".join(f"{word}{number}" for number in range(12) for word in set(other.split()))
    assert near(f"{note} {filler}", known(1, note)) is None


def test_other_articles_are_unique(report, other):
    assert near(other, known(1, report)) is None


def test_the_original_is_preferred_to_an_equally_good_later_text(report, other):
    assert near(" ".join(report.split()[:90]), known(1, f"{report} {other}", hours=3), known(2, report)) == 2


def test_repeated_words_are_no_copy_of_a_text_that_has_them_once():
    assert near("ha " * 900, known(1, "ha ha ha " + " ".join(f"w{n}" for n in range(200)))) is None


NAMES = ["Alba", "Brisa", "Candela", "Duna", "Estrella", "Fuente"]


def timetable(rng: random.Random) -> str:
    day = rng.choice(["Monday", "Tuesday", "Sunday"])
    return (
        f"The {rng.choice(NAMES)} ferry reached {rng.choice(NAMES)} harbour {rng.randint(3, 59)} minutes "
        f"late on {day}, the port said, {rng.randint(80, 990)} passengers and {rng.randint(5, 90)} cars "
        f"aboard. The wind blew at {rng.uniform(4, 20):.1f} metres per second. Passengers who arrive more "
        f"than {rng.randint(20, 70)} minutes late can ask for {rng.randint(10, 90)} percent of their fare "
        "at the ticket office, which is open every day and answers by post. The port publishes this notice "
        "after every crossing, and keeps a list of them for the public."
    )


def bulletin(rng: random.Random) -> str:
    day = rng.choice(["lunes", "martes", "viernes"])
    return (
        f"{rng.choice(NAMES)} amaneció con {rng.randint(2, 30)} grados y el índice de calidad del aire marcó "
        f"{rng.randint(20, 180)} puntos este {day}, informó la red de monitoreo. La estación "
        f"{rng.choice(NAMES)} registró {rng.randint(10, 99)} microgramos de partículas y la de "
        f"{rng.choice(NAMES)} llegó a {rng.randint(10, 99)}. Para la tarde se esperan ráfagas de "
        f"{rng.randint(5, 60)} kilómetros por hora. Se aconseja a las personas con asma evitar el ejercicio "
        "al aire libre, cerrar las ventanas y consultar el aviso que la red publica cada mañana."
    )


@pytest.mark.parametrize("template", [timetable, bulletin])
@pytest.mark.parametrize("case", [str, str.upper])
def test_reports_made_from_one_template_are_no_copies(template, case):
    rng = random.Random(11)
    texts = [case(template(rng)) for _ in range(24)]
    stored = [known(number, text) for number, text in enumerate(texts)]
    flagged = sum(near(text, *stored[max(0, number - 20) : number]) is not None for number, text in enumerate(texts))
    assert flagged <= 1


def test_a_templated_report_with_one_mended_fact_is_a_copy():
    text = timetable(random.Random(3))
    assert near(text.replace("Sunday", "Monday").replace("Tuesday", "Monday") + " Updated.", known(1, text)) == 1


def test_one_address_makes_one_article_unless_the_texts_differ(report, reworded, other):
    shortened = " ".join(report.split()[:45]) + " " + " ".join(f"word{number}" for number in range(60))
    stored = Candidate(1, fingerprint(report), NOON, NOON, address="page")
    alike = decide(fingerprint(shortened), [stored], address="page")
    assert (alike.kind, alike.duplicate_of) == (DuplicateKind.EXACT, 1)
    assert decide(fingerprint(shortened), [stored], address="another").kind is not DuplicateKind.EXACT
    assert decide(fingerprint(shortened), [stored]).kind is not DuplicateKind.EXACT
    assert decide(fingerprint(other), [stored], address="page").kind is DuplicateKind.UNIQUE, "a section's address"
    brief = Candidate(1, fingerprint("Ferry closed."), NOON, NOON, address="page")
    assert decide(fingerprint("Museum open."), [brief], address="page").kind is DuplicateKind.UNIQUE


def test_who_quotes_two_paragraphs_and_writes_more_is_no_copy(report, other):
    """A release, and a report that has four parts in ten from it."""
    taken = " ".join(report.split()[:80])
    own = " ".join(f"{word}{number}" for number in range(4) for word in other.split())
    quoting = f"{' '.join(own.split()[:60])} {taken} {' '.join(own.split()[60:130])}"
    assert near(quoting, known(1, taken)) is None
    assert near(f"{' '.join(own.split()[:40])} {taken}", known(1, taken)) == 1, "a local opening before a wire's report"


REMOVAL = (
    "El Instituto de Migración de Alder devolvió a {} personas por el puente de Brisa el {} de agosto en {} buses. "
    "El Instituto de Migración de Alder trabaja con la Cruz Roja, la Casa Candela y la Fundación Duna. "
    "Quien regresa por Brisa recibe agua, un teléfono y el número de la oficina de la Casa Candela en la calle Fuente. "
    "La Casa Candela y la Fundación Duna atienden todos los días en Brisa y en Puerto Estrella."
)


def removal(number: int, *facts: int, title: str = "", days: float = 0) -> Candidate:
    when = NOON + timedelta(days=days)
    return Candidate(number, fingerprint(REMOVAL.format(*facts), title=title), when, when)


def copied(article: Candidate, *candidates: Candidate) -> int | None:
    return decide(article.fingerprint, candidates, published=article.published).duplicate_of


def test_headlines_that_fill_one_form_anew_make_no_copies_of_texts_full_of_stock_sentences():
    first = removal(1, 118, 3, 4, title="Devuelven a 118 por Brisa")
    later = removal(2, 96, 10, 3, title="Devuelven a 96 por Brisa", days=1)
    assert copied(later, first) is None
    assert copied(removal(3, 118, 3, 4, title="Devuelven a 118 por Brisa", days=1), first) == 1
    assert copied(removal(4, 118, 3, 4, title="Regresan por el puente", days=1), first) == 1, "a headline of its own"
    assert copied(removal(5, 118, 3, 5, title="Devuelven a 119 por Brisa", days=1), first) == 1, "a corrected figure"


def test_what_is_alike_a_week_later_with_other_facts_is_no_copy():
    first, again = removal(1, 118, 3, 4), removal(2, 141, 13, 5, days=7)
    assert copied(again, first) is None
    assert copied(removal(3, 118, 3, 4, days=7), first) == 1, "printed once more"


def test_a_form_whose_sentences_stand_in_another_order_days_later_is_no_copy():
    first = removal(1, 118, 3, 4, title="Devuelven a 118 por Brisa el jueves")
    said = REMOVAL.format(96, 10, 3).split(". ")
    turned, title = ". ".join([*said[2:], *said[:2]]), "Devuelven a 96 por Brisa el viernes"
    for days, headline, expected in ((1, title, 1), (4, title, None), (4, title.replace("96", "118"), 1)):
        when = NOON + timedelta(days=days)
        assert copied(Candidate(2, fingerprint(turned, title=headline), when, when), first) == expected


def test_two_items_that_share_a_newsletter_sentence_are_no_copies():
    appeal = (
        "Pulsa enviar y recibirás nuestro boletín con lo más importante del puerto cada mañana en tu correo; puedes "
        "darte de baja cuando quieras, y conviene mirar también en la carpeta de los mensajes que no deseas."
    )
    one = f"El Alba encalló al mediodía con doce pasajeros. {appeal} Nadie resultó herido en la maniobra."
    other = f"Sube el precio del arenque por tercer mes. {appeal} Los mayoristas culpan al tiempo y al combustible."
    assert near(other, known(1, one)) is None
