"""What a story's page shows of it, at the desk and to readers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from worker.digests.text import one_line
from worker.storage.stories.story_articles import StoryArticle
from worker.stories import StoryLife
from worker.web.desk.stories.timeline import lay_out, outlets_by_language, side_by_side

ARTICLES = 400
"""Of a story that are looked at."""

_STEPS, _HEADLINES, _OUTLETS = 80, 40, 60
_HEADLINE = 200  # characters


def shown_of(life: StoryLife, articles: Sequence[StoryArticle]) -> dict[str, Any]:
    """Return the values that `desk/story_told.html` and what stands around it are made from."""
    steps = lay_out(articles, life)
    languages, outlets = outlets_by_language(articles)
    return {
        "life": life, "headline": one_line(life.headline, _HEADLINE), "steps": steps[:_STEPS],
        "hidden": len(steps) - len(steps[:_STEPS]), "first": steps[0] if steps else None, "languages": languages,
        "outlets": outlets[:_OUTLETS], "columns": side_by_side(steps[:_HEADLINES]),
        "copies": len(articles) - len(steps),
    }  # fmt: skip
