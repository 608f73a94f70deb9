"""What an address may hold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from worker.web.desk.roles import Role
from worker.web.desk.visit import read_number


@given(st.text(max_size=30))
def test_a_number_is_one_that_a_database_can_hold(text: str) -> None:
    found = read_number(text)
    assert found is None or (0 <= found < 2**53 and int(text) == found)


@given(st.integers(0, 2**53 - 1))
def test_every_number_is_read(number: int) -> None:
    assert read_number(str(number)) == number


def test_who_may_more_may_less() -> None:
    assert [[role.suffices(needed) for needed in Role] for role in Role] == [
        [True, False, False], [True, True, False], [True, True, True]
    ]  # fmt: skip
