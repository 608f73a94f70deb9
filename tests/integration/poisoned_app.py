"""The real Celery application, with a reader that never comes back from a poisoned article."""

from typing import Any

from worker.analysis import reading
from worker.queue.celery_app import app

_read_article = reading.read_article


def _read_or_hang(article: Any, page: Any, **given: Any) -> Any:
    while "POISON" in article.entry_title:
        pass
    return _read_article(article, page, **given)


reading.read_article = _read_or_hang

__all__ = ["app"]
