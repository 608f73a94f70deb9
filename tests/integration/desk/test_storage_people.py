"""People, links and sessions, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from worker.errors import ConflictError
from worker.storage.db.database import Database
from worker.storage.people import logins, person_rows

HOUR = timedelta(hours=1)


def test_people_are_found_changed_and_removed(database: Database) -> None:
    with database.transaction() as session:
        ana = person_rows.add_person(session, " Ana@desk.example ", "owner", now=NOW)
        assert person_rows.find_person(session, "ana@DESK.example") == ana
        assert person_rows.read_person(session, ana.id) == ana
        with pytest.raises(ConflictError, match="only owner"):
            person_rows.remove_person(session, ana.id)
        eva = person_rows.add_person(session, "eva@desk.example", "editor", now=NOW)
        assert person_rows.add_person(session, "eva@desk.example", "owner", now=NOW).id == eva.id
        person_rows.save_choices(session, ana.id, language="es", zone="Europe/Madrid")
        person_rows.save_look(session, ana.id, before=3, since=NOW, latest=7, at=NOW + HOUR)
    with database.transaction() as session:
        first, second = person_rows.list_people(session)
        assert (first.language, first.zone, first.news_before, first.news_latest) == ("es", "Europe/Madrid", 3, 7)
        assert (first.looked_before, first.looked_at) == (NOW, NOW + HOUR)
        assert (second.role, second.looked_at) == ("owner", None)
        assert person_rows.remove_person(session, ana.id)
        assert not person_rows.remove_person(session, ana.id)
        assert person_rows.add_person(session, "new@desk.example", "editor", now=NOW).id > eva.id


def test_a_link_is_used_once(database: Database) -> None:
    with database.transaction() as session:
        ana = person_rows.add_person(session, "ana@desk.example", "owner", now=NOW)
        logins.save_link(session, ana.id, "secret", now=NOW, expires_at=NOW + HOUR)
        assert logins.whose_link(session, "secret", now=NOW) == ana
        assert logins.whose_link(session, "Secret", now=NOW) is None
        assert logins.use_link(session, "secret", now=NOW) == ana
        assert logins.use_link(session, "secret", now=NOW) is None
        logins.save_link(session, ana.id, "late", now=NOW, expires_at=NOW + HOUR)
        assert logins.use_link(session, "late", now=NOW + HOUR) is None


def test_of_a_persons_sessions_the_newest_twenty_last(database: Database) -> None:
    with database.transaction() as session:
        ana = person_rows.add_person(session, "ana@desk.example", "owner", now=NOW)
        eva = person_rows.add_person(session, "eva@desk.example", "editor", now=NOW)
        for number, person in ((1, eva), *((number, ana) for number in range(2, 24))):
            at = NOW + number * timedelta(minutes=1)
            logins.begin_session(session, person.id, f"t{number}", agent="x" * 900, now=at, expires_at=NOW + HOUR)
        assert logins.find_session(session, "t2", now=NOW) is None
        found = logins.find_session(session, "t23", now=NOW)
        assert found is not None
        assert (found[1], len(found[0].agent)) == (ana, 200)
        assert len(logins.list_sessions(session, ana.id, now=NOW)) == 20
        assert logins.find_session(session, "t23", now=NOW + HOUR) is None
        logins.end_other_sessions(session, ana.id, found[0].id)
        assert [one.id for one in logins.list_sessions(session, ana.id, now=NOW)] == [found[0].id]
        assert logins.find_session(session, "t1", now=NOW) is not None
        assert person_rows.remove_person(session, eva.id)
        assert logins.find_session(session, "t1", now=NOW) is None
        assert logins.prune_logins(session, before=NOW + 2 * HOUR) == 1
