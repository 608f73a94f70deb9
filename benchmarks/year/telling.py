"""What the readers were told, mail by mail, against what was published."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from benchmarks.year.press import Report

_BETWEEN_STORIES = re.compile(r"\n\s*\n")
_REPORT = re.compile(r"https?://(\w+)\.example(/\d{4}/\d\d/\d\d/[\w-]+)")


class Told:
    """What each reader has been told of each event: the outlets of its reports, whose addresses end alike."""

    def __init__(self, readers: Collection[str]) -> None:
        self._told: Mapping[str, dict[str, set[str]]] = {reader: {} for reader in readers}
        self._again = list[str]()
        self.mails = 0

    def take(self, mails: Iterable[bytes]) -> None:
        """Read mails that have arrived."""
        for raw in mails:
            message = email.message_from_bytes(raw, policy=email.policy.default)
            body = message.get_body(("plain",))
            if body is None:
                raise AssertionError("a digest has a plain text")
            self.mails += 1
            stories = [set(_REPORT.findall(story)) for story in _BETWEEN_STORIES.split(body.get_content())]
            self._note(str(message["To"]), list(filter(None, stories)))

    def _note(self, reader: str, stories: Sequence[set[tuple[str, str]]]) -> None:
        """A story may come once more with a report that was not known; without one, its events are told twice."""
        told = self._told[reader]
        known = {(outlet, event) for event, outlets in told.items() for outlet in outlets}
        twice = {event for reports in stories if reports <= known for _, event in reports}
        self._again += [f"{reader} was told twice of {event}" for event in sorted(twice)]
        for outlet, event in set().union(*stories):
            told.setdefault(event, set()).add(outlet)

    def twice(self) -> Sequence[str]:
        """What somebody was told again without a new report."""
        return tuple(self._again)

    def missing(self, reports: Iterable[Report], until: Mapping[str, datetime]) -> Iterator[str]:
        """What nobody told a reader of the news that was out before the reader's last digest began to be made."""
        news = {one.path: one.published for one in reports if one.is_news}
        for reader, told in self._told.items():
            due = (path for path, at in news.items() if at < until[reader])
            yield from (f"{reader} was not told of {path}" for path in due if path not in told)
