"""An archive of articles to be replayed: its lines, and when each article is taken to have arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from worker.errors import ConfigurationError
from worker.replay.json_lines import read_json_lines, take_text

_APART = timedelta(minutes=1)
_YEARS = range(1000, 9000)  # far from where a zone or the undated articles before it lead beyond what there is
_DATELESS = datetime(2001, 1, 1, tzinfo=UTC)  # any fixed moment will do: two replays must come out alike


@dataclass(frozen=True, slots=True)
class ArchivedArticle:
    """One line of an archive."""

    id: str
    title: str
    text: str
    url: str
    published: datetime | None
    language: str | None


def read_archive(path: Path) -> list[ArchivedArticle]:
    """Return the archive's articles. Raises `ConfigurationError` for a wrong line or a doubled id."""
    found: dict[str, ArchivedArticle] = {}
    for number, row in read_json_lines(path):
        article = _article(row, f"{path} line {number}")
        if article.id in found:
            raise ConfigurationError(f"{path} line {number}: the id {article.id!r:.60} was there before")
        found[article.id] = article
    return list(found.values())


def arrivals(published: Sequence[datetime | None], *, undated: datetime = _DATELESS) -> list[datetime]:
    """Return when each article arrives: a dated one at its date, an undated one a minute after the last.

    A run of undated articles before the first dated one ends a minute before it; where none has a date, they begin
    a minute after `undated`.
    """
    leading = next(((index, moment) for index, moment in enumerate(published) if moment is not None), None)
    clock = (leading[1] - (leading[0] + 1) * _APART) if leading else undated
    found: list[datetime] = []
    for moment in published:
        clock = moment if moment is not None else clock + _APART
        found.append(clock)
    return found


def _article(row: dict[str, Any], where: str) -> ArchivedArticle:
    return ArchivedArticle(
        id=take_text(row, "id", where),
        title=take_text(row, "title", where, default=""),
        text=take_text(row, "text", where, default=""),
        url=take_text(row, "url", where, default=""),
        published=_moment(take_text(row, "published", where, default=""), where),
        language=take_text(row, "language", where, default="") or None,
    )


def _moment(text: str, where: str) -> datetime | None:
    """Return an ISO 8601 date or moment; one without a zone is UTC."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigurationError(f"{where}: 'published' is {text!r:.60}, expected ISO 8601") from error
    if moment.year not in _YEARS:
        raise ConfigurationError(f"{where}: 'published' is {text!r:.60}, expected a year from 1000 to 8999")
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
