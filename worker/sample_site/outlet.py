"""The invented outlets and what each prints around its articles."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from importlib import resources


@dataclass(frozen=True, slots=True)
class SampleOutlet:
    """One invented outlet.

    `article_path` has the fields year, month, day and slug; `full_content` says that its feed carries
    whole articles. `say` holds its boilerplate by purpose: a line, or several.
    """

    key: str
    name: str
    language: str
    feed_format: str
    feed_path: str
    article_path: str
    utc_offset: int
    say: Mapping[str, str | list[str]]
    charset: str = "utf-8"
    full_content: bool = False

    def local(self, moment: datetime) -> datetime:
        """The moment on the outlet's own clock."""
        return moment.astimezone(timezone(timedelta(hours=self.utc_offset)))

    def path(self, slug: str, published: datetime) -> str:
        """Where an article of that date stands on the outlet's site."""
        day = self.local(published)
        return self.article_path.format(slug=slug, year=day.year, month=f"{day:%m}", day=f"{day:%d}")


def load_outlets() -> tuple[SampleOutlet, ...]:
    """The outlets, in the order of their file."""
    table = tomllib.loads((resources.files(__package__) / "outlets.toml").read_text(encoding="utf-8"))
    return tuple(SampleOutlet(key=key, **fields) for key, fields in table.items())
