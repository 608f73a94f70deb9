from __future__ import annotations

import pytest

from worker.pages.tree.spacing import fold_space, join_runs


@pytest.mark.parametrize(
    ("runs", "line"),
    [
        (["work with ", "", "Guatemala", "", "with the South"], "work with Guatemala with the South"),
        (["the ", "", "issue", "", "“They use it”"], "the issue “They use it”"),
        (["Hyper", "", "link", "", "ed pages"], "Hyperlinked pages"),
        (["", "migrant", "", "s waited"], "migrants waited"),
        (["H", "", "2", "", "O"], "H2O"),
        (["", "T", "", "he river"], "The river"),
        (["one", "", " two ", "", "three"], "one two three"),
        (["Rep. ", "", "Omar", "", "Ilhan Omar spoke"], "Rep. Omar Ilhan Omar spoke"),
        (["", "Guatemala", "", "", "officials", ""], "Guatemala officials"),
        (["glued", "words stay as the page wrote them"], "gluedwords stay as the page wrote them"),
    ],
)
def test_join_runs(runs: list[str], line: str) -> None:
    assert join_runs(runs) == line


def test_fold_space_drops_what_cannot_be_seen() -> None:
    assert fold_space(" a\u00a0\n b\u200b\u202ec \u00add ") == "a bc d"
