from __future__ import annotations

from pathlib import Path

import pytest

from tests.email import samples
from worker.digests import RenderedDigest, render_all

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def rendered() -> dict[tuple[int, str], RenderedDigest]:
    """The sample digests, rendered, by (stories, language)."""
    return {
        (count, language): render_all(samples.digest(count, language), links=samples.links(count))
        for count, language in samples.CASES
    }
