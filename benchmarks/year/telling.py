"""What the readers were told, mail by mail, against what was published."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from benchmarks.year.press import Report

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
            self._note(str(message["To"]), set(_REPORT.findall(body.get_content())))

    def _note(self, reader: str, reports: set[tuple[str, str]]) -> None:
        """An event may come once more with a report that was not known; without one, it is told twice."""
        told = self._told[reader]
        for event in {path for _, path in reports}:
            outlets = {outlet for outlet, path in reports if path == event}
            if event in told and outlets <= told[event]:
                self._again.append(f"{reader} was told twice of {event}")
            told[event] = told.get(event, set()) | outlets

    def twice(self) -> Sequence[str]:
        """What somebody was told again without a new report."""
        return tuple(self._again)

    def missing(self, reports: Iterable[Report], until: Mapping[str, datetime]) -> Iterator[str]:
        """What nobody told a reader of the news that was out before the reader's last digest began to be made."""
        news = {one.path: one.published for one in reports if one.is_news}
        for reader, told in self._told.items():
            due = (path for path, at in news.items() if at < until[reader])
            yield from (f"{reader} was not told of {path}" for path in due if path not in told)
