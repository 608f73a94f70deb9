"""The index that copies are found by, on both databases."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import inspect, select, text

from models import SamplePage
from tests.conftest import NOW
from tests.integration.stored import DAY, analyze
from worker import duplicates
from worker.duplicates import Fingerprint
from worker.storage.articles import fingerprints, sample_months, sample_pages
from worker.storage.db.database import Database

MONTH = timedelta(days=30)


def fingerprint(*samples: int, text_hash: str = "") -> Fingerprint:
    return Fingerprint(text_hash or f"{samples}"[:40], 100, samples)


def candidates(session, article_id: int, found: Fingerprint, *, seen=NOW) -> set[int]:
    likely = fingerprints.find_candidates(session, article_id, found, seen=seen, window=MONTH)
    return {one.article_id for one in likely}


def test_texts_that_share_samples_are_candidates(database: Database) -> None:
    with database.transaction() as session:
        known = [analyze(session, f"https://{n}.example/", text=f"Text {n}.") for n in range(3)]
        fingerprints.save_samples(session, known[0], fingerprint(1, 2, 3, -(2**63)), seen=NOW)
        fingerprints.save_samples(session, known[1], fingerprint(3, 4, 2**63 - 1), seen=NOW)
        for _ in range(2):
            fingerprints.save_samples(session, known[2], fingerprint(1, 2, 9), seen=NOW)
        wanted = fingerprint(1, 2, 3, 4, -(2**63))
        assert candidates(session, known[2], wanted) == {known[0], known[1]}, "not oneself"
        assert fingerprints.read_texts(session, known[:2]) == {known[0]: "Text 0.", known[1]: "Text 1."}
        assert candidates(session, known[0], fingerprint(3)) == set(), "one sample is not enough"
        assert candidates(session, known[0], fingerprint()) == set()
        assert fingerprints.read_texts(session, []) == {}


def test_the_most_senior_article_of_the_same_words_is_a_candidate_however_old(database: Database) -> None:
    words = "The same words."
    same = fingerprint(text_hash=duplicates.fingerprint(words).text_hash)
    with database.transaction() as session:
        late = analyze(session, "https://a.example/", text=words, published=NOW)
        early = analyze(session, "https://b.example/", text=words, published=NOW - 400 * DAY)
        assert candidates(session, late, same, seen=NOW + 800 * DAY) == {early}
        assert candidates(session, early, same) == {late}
        analyze(session, "https://c.example/", text="")
        nothing = duplicates.fingerprint("")
        assert fingerprints.find_candidates(session, late, nothing, seen=NOW, window=MONTH) == []


def test_a_set_phrase_is_no_sign_of_a_copy(database: Database) -> None:
    crowded, rare = fingerprint(10, 11), fingerprint(10, 11, 20, 21)
    with database.transaction() as session:
        ids = [analyze(session, f"https://{n}.example/", text=f"{n}") for n in range(60)]
        for article_id in ids[:-1]:
            fingerprints.save_samples(session, article_id, crowded, seen=NOW)
        fingerprints.save_samples(session, ids[-1], rare, seen=NOW)
        stored = sample_pages.read_articles(session, [10], [sample_months.month_of(NOW)])
        assert len(stored[10]) == 51, "once it is crowded, it is no longer indexed"
        assert candidates(session, ids[-1], crowded) == set()
        assert candidates(session, ids[0], rare) == {ids[-1]}


def test_copies_do_not_crowd_out_their_original(database: Database) -> None:
    with database.transaction() as session:
        ids = [analyze(session, f"https://{n}.example/", text=f"{n}") for n in range(90)]
        fingerprints.save_samples(session, ids[0], fingerprint(1, 2, 3), seen=NOW)
        for article_id in ids[1:]:
            fingerprints.save_samples(
                session, article_id, fingerprint(1, 2, 3, 1000 + article_id), seen=NOW, known=(1, 2, 3)
            )
        assert candidates(session, ids[-1], fingerprint(1, 2, 3)) == {ids[0]}


@pytest.mark.parametrize(
    ("days", "found"), [(0, True), (29, True), (31, False), (-29, True), (-31, False), (95, False)]
)
def test_near_copies_are_found_within_the_window(database: Database, days: int, found: bool) -> None:
    with database.transaction() as session:
        known, new = analyze(session, "https://a.example/"), analyze(session, "https://b.example/", text="Other.")
        fingerprints.save_samples(session, known, fingerprint(1, 2), seen=NOW)
        assert (known in candidates(session, new, fingerprint(1, 2), seen=NOW + days * DAY)) is found


def test_months_are_prepared_and_pruned(database: Database) -> None:
    """What came before its month had a partition is taken over by it, and goes with it."""
    with database.transaction() as session:
        old, new = analyze(session, "https://a.example/"), analyze(session, "https://b.example/", text="Other.")
        fingerprints.save_samples(session, old, fingerprint(1, 2), seen=NOW - 70 * DAY)
        fingerprints.save_samples(session, old, fingerprint(1, 2), seen=NOW)
        sample_months.prepare_months(session, now=NOW)
        sample_months.prepare_months(session, now=NOW)
        fingerprints.save_samples(session, old, fingerprint(7, 8), seen=NOW + 20 * DAY)
        assert candidates(session, new, fingerprint(1, 2)) == {old}
        assert candidates(session, new, fingerprint(7, 8)) == {old}
        assert sample_months.prune_months(session, before=NOW - MONTH) == 1, "the page of the month without partition"
        assert sum(len(page.entries) for page in session.scalars(select(SamplePage))) == 4 * 12
        sample_months.prune_months(session, before=NOW + 70 * DAY)
        assert session.scalars(select(SamplePage)).all() == []
        if not database.is_sqlite:
            left = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'sample_pages'::regclass"
            assert session.scalar(text(left)) == 1, "the partitions are gone, but for the one of all others"
    assert "sample_pages" in inspect(database.engine).get_table_names()


def test_pages_hold_what_was_put_into_them_however_they_part(database: Database) -> None:
    """Beside a plain dictionary: many articles, samples near each other, far apart and at both ends, some taken out."""
    rng, month = Random(4), sample_months.month_of(NOW)
    ends = [-(2**63), 2**63 - 1, 0, -1]
    near, far = [*range(256)], [rng.randrange(-(2**63), 2**63) for _ in range(600)]
    known: dict[int, set[int]] = {}
    with database.transaction() as session:
        for article_id in range(1, 121):
            samples = {*rng.sample(near, 6), *rng.sample(far, 20), rng.choice(ends)}
            samples.update(range(1000 * article_id, 1000 * article_id + (700 if article_id % 40 == 0 else 0)))
            sample_pages.add_entries(session, article_id, samples, month=month, crowd=50)
            for sample in samples:
                known.setdefault(sample, set()).add(article_id)
            if article_id % 3 == 0:
                gone = rng.sample(sorted(samples), 15)
                sample_pages.remove_entries(session, article_id, gone, month=month)
                for sample in gone:
                    known[sample].discard(article_id)
        found = sample_pages.read_articles(session, [*known, 999_999_999], [month - 1, month])
        assert {sample: sorted(articles) for sample, articles in found.items()} == {
            sample: sorted(articles) for sample, articles in known.items() if articles
        }
        pages = session.scalars(select(SamplePage).order_by(SamplePage.first)).all()
        assert pages[0].first == sample_pages.LOWEST
        assert max(len(page.entries) for page in pages) <= 12 * sample_pages.FULL
        assert len(pages) < sum(map(len, known.values())) / 40, "pages are at least a third full"


@pytest.mark.parametrize("words", [100, 30_000])
def test_a_text_made_to_meet_every_bucket_meets_few_articles(sqlite: Database, words: int) -> None:
    """Whatever is stored and whatever comes in: few samples, few candidates, a bounded part of each text."""
    said = " ".join(f"word{number}" for number in range(words))
    taken = duplicates.fingerprint(said)
    assert len(taken.samples) <= 1_000
    with sqlite.transaction() as session:
        for number in range(60):
            article_id = analyze(session, f"https://{number}.example/", text=f"{said} end{number}")
            fingerprints.save_samples(session, article_id, taken, seen=NOW)
        first = taken.samples[0]
        assert len(sample_pages.read_articles(session, [first], [sample_months.month_of(NOW)])[first]) == 51
        fresh = [
            analyze(session, f"https://new{number}.example/", text=f"{said} and so on {number}") for number in range(25)
        ]
        for number, article_id in enumerate(fresh):
            own = duplicates.fingerprint(f"other{number} " * 3 + " ".join(f"o{n}" for n in range(200)))
            fingerprints.save_samples(session, article_id, own, seen=NOW)
        mine = duplicates.fingerprint(" ".join(f"o{n}" for n in range(200)) + f" {said}")
        near = fingerprints.find_candidates(session, fresh[0], mine, seen=NOW, window=MONTH)
        assert len(near) == (20 if words == 100 else 8)
        texts = fingerprints.read_texts(session, [one.article_id for one in near])
        assert max(map(len, texts.values())) <= duplicates.COMPARED_CHARACTERS
