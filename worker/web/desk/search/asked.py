"""What is asked of the archive, as it stands in the page's address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from worker.topics.search import Wanted, narrowed, read_wanted
from worker.web.desk.visit import Visit, read_number


@dataclass(frozen=True, slots=True)
class Asked:
    """The form as it was filled in, "" or None where it was not. `older` is the number below which is looked."""

    words: str = ""
    topic: str = ""
    outlet: str = ""
    language: str = ""
    after: date | None = None
    before: date | None = None
    copies: bool = False
    older: int | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether anything but words is asked for."""
        return replace(self, words="", older=None) != Asked()

    def address(self, page: int = 1, *, older: int | None = None) -> str:
        """Return what stands behind a page's address for the same, further back in the archive."""
        values = {
            "q": self.words, "topic": self.topic, "outlet": self.outlet, "language": self.language,
            "after": self.after or "", "before": self.before or "", "copies": self.copies and "yes",
            "older": older or "", "page": page if page > 1 else "",
        }  # fmt: skip
        given = {name: value for name, value in values.items() if value}
        return f"?{urlencode(given)}" if given else ""

    def wanted(self) -> Wanted:
        """Return what that is. Raises `QueryError` where the words are no query."""
        read = read_wanted(self.words)
        wanted = narrowed(
            read, after=self.after, before=self.before, topic=self.topic, outlet=self.outlet, language=self.language
        )
        return replace(wanted, copies=wanted.copies or self.copies)


def asked_by(visit: Visit) -> Asked:
    """Return what the address asks for; what it says beside words that cannot be is as if it were not there."""
    return Asked(
        words=visit.asked.get("q", "").replace("\x00", "").strip(),  # not cut off: it would be another query
        topic=visit.query("topic")[:80],
        outlet=visit.query("outlet")[:200],
        language=visit.query("language")[:16],
        after=_day(visit.query("after")),
        before=_day(visit.query("before")),
        copies=visit.query("copies") == "yes",
        older=read_number(visit.query("older")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
