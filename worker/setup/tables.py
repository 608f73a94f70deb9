"""The tables of the configuration file, each with what its settings mean and may be; channels bring their own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from worker.channels.tables import Address, Table

LOOPBACK = "127.0.0.1"
"""Where the owner's pages stand: whoever asks there is on this machine."""

_MISSED_TICKS = 5
_LEAST_ALARM = timedelta(minutes=1)


def _reference(value: str) -> str:
    if not re.fullmatch(r"env:[A-Za-z_][A-Za-z0-9_]*|file:\S.*", value):
        raise ValueError("must say where the secret is kept: env:VARIABLE or file:PATH")
    return value


_HEADER_NAME = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"


def _header(value: str) -> str:
    name, colon, text = value.partition(":")
    if not colon or not re.fullmatch(_HEADER_NAME, name.strip()) or not text.strip().isprintable():
        raise ValueError('must be a header line such as "Cookie: env:VARIABLE"')
    if re.search(r"authorization|cookie|key|token|secret|auth", name, re.IGNORECASE):
        _reference(text.strip())
    return value


Header = Annotated[str, AfterValidator(_header)]
Reference = Annotated[str, AfterValidator(_reference)]
Share = Annotated[float, Field(gt=0, le=1)]


class FetchSettings(Table):
    """`[fetch]`: what we ask of other people's servers."""

    contact: str = ""
    timeout_seconds: float = Field(10, gt=0, le=120)
    max_megabytes: float = Field(5, gt=0, le=50)
    max_redirects: int = Field(5, ge=0, le=10)
    per_host: int = Field(2, ge=1, le=16)
    spacing_seconds: float = Field(5, ge=0, le=300)
    threads: int = Field(16, ge=1, le=200)
    shortest_minutes: float = Field(5, ge=1, le=10_080)
    longest_minutes: float = Field(1440, ge=1, le=10_080)
    allow_private_hosts: tuple[str, ...] = ()
    proxy: str = Field("", repr=False)

    @model_validator(mode="after")
    def _shortest_is_no_longer(self) -> Self:
        if self.shortest_minutes > self.longest_minutes:
            raise ValueError(
                f"fetch.shortest_minutes is {self.shortest_minutes:g}: it must be no more than fetch.longest_minutes, "
                f"here {self.longest_minutes:g}"
            )
        return self

    @property
    def feed_spacing_seconds(self) -> float:
        """How far apart feeds of one host are polled: they are made for machines, so five times as often as pages."""
        return self.spacing_seconds / 5


class AnalyzeSettings(Table):
    """`[analyze]`: the limits of the processes that read what strangers published."""

    processes: int = Field(1, ge=1, le=64)
    limit_seconds: int = Field(10, ge=1, le=600)
    limit_megabytes: int = Field(512, ge=256, le=16384)


class DuplicatesTable(Table):
    """`[duplicates]`: how far apart copies are looked for, and how alike they must be.

    The thresholds are those of `worker.duplicates.DuplicateSettings`, which says what each of them means and what
    holds where it is not set here; the window is that of `worker.duplicates.DuplicateRules`.
    """

    window_days: float | None = Field(None, ge=1, le=366)
    min_containment: Share | None = None
    min_candidate_containment: Share | None = None
    min_aligned: Share | None = None
    min_coverage: Share | None = None
    max_part: Share | None = None
    min_beginning: Share | None = None
    tolerance: Share | None = None
    template_swaps: int | None = Field(None, ge=1, le=1000)
    template_swap_rate: Share | None = None
    template_density: Share | None = None

    def thresholds(self) -> dict[str, Any]:
        """Return the thresholds that are set, by name; the window is none of them, for it is a time."""
        return self.model_dump(exclude={"window_days"}, exclude_none=True)


class StoriesTable(Table):
    """`[stories]`: how long a story stays open for new reports."""

    window_days: float | None = Field(None, gt=0, le=60)


class WebSettings(Table):
    """`[web]`: the readers' pages, on loopback unless told otherwise, and the owner's, always there.

    `status_port` is where the owner's stand; 0 leaves them out. `subscribe` opens the form; `topic_feeds` says who may
    read matched stories as Atom and JSON Feed; `metrics` shows numbers to Prometheus among the readers' pages too.
    """

    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    status_port: int = Field(8081, ge=0, le=65535)
    base_url: str = Field("", pattern=r"^(https?://(\[[\da-fA-F:.]+\]|[^\s/?#@\[\]:]+)(:\d+)?(/\S*)?)?$")
    subscribe: bool = False
    topic_feeds: Literal["off", "token", "open"] = "token"
    metrics: bool = False


class DeskSettings(Table):
    """`[desk]`: where the team works in a browser. It always stands among the owner's pages, on this machine.

    `public` lets it stand at the readers' address too, below `/desk`. `login_header` is the header in which a proxy in
    front of that address names the person it has logged in, by mail address; whoever can send that header is that
    person. A browser that is not used for `session_days` is logged out.
    """

    public: bool = False
    login_header: str = ""
    session_days: float = Field(30, gt=0, le=366)

    @model_validator(mode="after")
    def _header_can_come(self) -> Self:
        if self.login_header and not re.fullmatch(_HEADER_NAME, self.login_header):
            raise ValueError(f"desk.login_header is {self.login_header!r:.80}: it must be the name of a header")
        if self.login_header and not self.public:
            raise ValueError("desk.login_header is set and desk.public is not: no proxy leads to the desk then")
        return self


class ClockSettings(Table):
    """`[clock]`: how often each periodic job runs, in seconds."""

    feeds_seconds: float = Field(15, gt=0, le=3600)
    pages_seconds: float = Field(5, gt=0, le=3600)
    digests_seconds: float = Field(30, gt=0, le=3600)
    sweep_seconds: float = Field(60, gt=0, le=3600)
    topics_seconds: float = Field(15, gt=0, le=3600)
    stories_seconds: float = Field(300, gt=0, le=3600)
    housekeeping_seconds: float = Field(86400, gt=0, le=31_536_000)
    lease_seconds: float = Field(90, gt=0, le=3600)

    def late_jobs(self, ticks: Mapping[str, datetime], *, now: datetime) -> tuple[str, ...]:
        """Return the jobs that have not run for five times as long as they should, or never.

        One that is to run every few seconds is given a minute.
        """
        expected = {"feeds": self.feeds_seconds, "digests": self.digests_seconds}
        return tuple(
            name
            for name, seconds in expected.items()
            if name not in ticks or now - ticks[name] > max(_MISSED_TICKS * timedelta(seconds=seconds), _LEAST_ALARM)
        )


class KeepSettings(Table):
    """`[keep]`: how long what is only of passing use is kept, and when what is old goes.

    Nothing goes while it may still be compared with what comes (`worker.queue.prunings`).
    """

    document_days: float = Field(7, ge=0, le=36_500)
    poll_days: float = Field(30, ge=0, le=36_500)
    mail_days: float = Field(30, ge=1, le=36_500)
    site_days: float = Field(30, ge=1, le=36_500)
    unsubscribed_days: float = Field(30, ge=1, le=36_500)
    unmatched_days: float = Field(90, ge=31, le=36_500)
    text_days: float = Field(400, ge=31, le=36_500)
    article_days: float = Field(1100, ge=31, le=36_500)
    digest_days: float = Field(400, ge=31, le=36_500)
    delivery_days: float = Field(400, ge=31, le=36_500)
    event_days: float = Field(400, ge=31, le=36_500)
    label_days: float = Field(3650, ge=31, le=36_500)
    key_days: float = Field(1100, ge=31, le=36_500)


class OperatorSettings(Table):
    """`[operator]`: who is written to when something needs a person; `webhook` is the name of one of `[[webhooks]]`."""

    address: Address | Literal[""] = ""
    webhook: str = ""


class FeedSetting(Table):
    """`[[feeds]]`: one feed to watch."""

    url: str = Field(pattern=r"^https?://\S+$")
    title: str = ""
    outlet: str = ""
    site: str = ""
    category: str = ""
    language: str | None = Field(None, max_length=16)
    headers: tuple[Header, ...] = Field((), repr=False)
    username: str = Field("", pattern=r"^[^:\r\n]*$")
    password: Reference | Literal[""] = Field("", repr=False)


class SiteSetting(Table):
    """`[[sites]]`: what a person knows better of one site's pages, as CSS selectors."""

    host: str = Field(pattern=r"^[\w.-]+(:\d+)?$", max_length=255)
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
