from datetime import UTC, datetime, timedelta

from worker.duplicates import Printing, trace_origin

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def printed(outlet: str, hours: int, agency: str | None = None) -> Printing:
    return Printing(outlet, NOON + timedelta(hours=hours), agency)


def test_the_first_outlet_and_its_agency():
    found = trace_origin([printed("La Voz", 3, "EFE"), printed("El Faro", 1, "Reuters"), printed("el faro", 2, "EFE")])
    assert (found.first, found.first_published, found.agency, found.outlets) == (
        "El Faro", NOON + timedelta(hours=1), "Reuters", 2,
    )  # fmt: skip


def test_an_outlet_that_cuts_the_credit_off_has_the_agencys_text_all_the_same():
    group = [printed("A", 0), printed("B", 1, "AP"), printed("C", 2, "AFP"), printed("D", 3, "AP")]
    assert trace_origin(group).agency == "AP"
    assert trace_origin([printed("A", 0), printed("B", 1, "EFE"), printed("C", 1, "AFP")]).agency == "AFP"


def test_the_agencys_own_site_is_no_outlet_that_printed_it():
    found = trace_origin([printed("Reuters", 0, "Reuters"), printed("A", 1), printed("B", 2), printed("", 2)])
    assert (found.first, found.agency, found.outlets) == ("Reuters", "Reuters", 2)


def test_nothing_has_no_origin():
    assert trace_origin([]) is None
