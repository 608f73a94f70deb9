from __future__ import annotations

import pytest

from worker.pages.tree.names import fold_names, without_numbers


@pytest.mark.parametrize("written", ["postDate", "post_date", "Post-Date"])
def test_names_have_one_form(written: str) -> None:
    assert fold_names(written) == "post-date"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("box box-1", "box box-22"),
        ("widget 6f677730-826a-42ce-989e-a86f663c70ae", "widget ad6ed79d-88fd-4c8e-a27a-ff8349c9446f"),
    ],
    ids=["counter", "key"],
)
def test_what_a_machine_counts_or_draws_makes_no_other_kind(one: str, other: str) -> None:
    assert without_numbers(one) == without_numbers(other)
    assert without_numbers(one) != without_numbers("card card-1")
