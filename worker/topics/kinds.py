"""The kinds of articles that a learned model weighs differently: by length, and by language."""

from __future__ import annotations

from worker.text.languages import primary_subtag
from worker.topics.article_index import ArticleIndex


def kinds_of(index: ArticleIndex) -> tuple[str, ...]:
    """Its length (`short`, `medium`, `long`) and, where it is known, its language as a code of two letters."""
    language = primary_subtag(index.article.language)
    return (index.length, language) if language else (index.length,)
