"""News numbers: a count over all stories, by which it is known which of them have changed since, whatever clocks say.

They are given out under the lock that all who change stories take (`serialize_stories`), which is held until the
change is committed. So they become visible in their order: who has seen a number has seen all that are lower.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session, aliased

from models import Story


@cache
def next_news_number() -> ScalarSelect[Any]:
    """Return the number of a story that is changed now, as an expression to write into its row."""
    others = aliased(Story)
    return select(func.coalesce(func.max(others.news_number), 0) + 1).scalar_subquery()


def latest_news_number(session: Session) -> int:
    """Return the highest number there is, 0 where there are no stories.

    It must be read before the stories themselves: what changes between is then looked at once more.
    """
    return session.scalar(select(func.max(Story.news_number))) or 0


def news_number_at(session: Session, moment: datetime) -> int:
    """Return a number below those of all stories that have developed since that moment, no lower than need be."""
    first = session.scalar(select(func.min(Story.news_number)).where(Story.developed_at > moment))
    return latest_news_number(session) if first is None else first - 1
