"""What the readers were told, mail by mail, against what was published."""

from __future__ import annotations

import email
import email.policy
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from benchmarks.year.press import Report

_EVENT = re.compile(r"https?://\w+\.example(/\d{4}/\d\d/\d\d/[\w-]+)")


class Told:
    """Counts, for each reader, in how many mails each event stood: its reports' addresses end alike."""

    def __init__(self, readers: Collection[str]) -> None:
        self._counts: Mapping[str, Counter[str]] = {reader: Counter() for reader in readers}
        self.mails = 0

    def take(self, mails: Iterable[bytes]) -> None:
        """Read mails that have arrived."""
        for raw in mails:
            message = email.message_from_bytes(raw, policy=email.policy.default)
            body = message.get_body(("plain",))
            if body is None:
                raise AssertionError("a digest has a plain text")
            self.mails += 1
            self._counts[str(message["To"])].update(set(_EVENT.findall(body.get_content())))

    def twice(self) -> Iterator[str]:
        """What somebody was told in more than one mail."""
        for reader, counts in self._counts.items():
            yield from (f"{reader} was told {count} times of {one}" for one, count in counts.items() if count > 1)

    def missing(self, reports: Iterable[Report], until: Mapping[str, datetime]) -> Iterator[str]:
        """What nobody told a reader of the news that was out before the reader's last digest began to be made."""
        news = {one.path: one.published for one in reports if one.is_news}
        for reader, counts in self._counts.items():
            due = (path for path, at in news.items() if at < until[reader])
            yield from (f"{reader} was not told of {path}" for path in due if not counts[path])
