"""What no pattern in the source may hold."""

from __future__ import annotations

import re

from tests.conftest import ROOT


def test_no_repeated_group_is_possessive() -> None:
    """Python before 3.11.5, Debian 12's among them, finds nothing with those (python/cpython#106052)."""
    sources = [path for suffix in ("py", "toml") for path in sorted((ROOT / "worker").rglob(f"*.{suffix}"))]
    found = [path.name for path in sources if re.search(r"(?<!\\)\)(?:[*+?]|\{[\d,]*\})\+", path.read_text())]
    assert len(sources) > 200
    assert not found
