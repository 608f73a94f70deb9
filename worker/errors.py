"""Every fault Storywatch raises on purpose.

    StorywatchError
    ├── ConfigurationError      a setting, file or command line is wrong; a person must change it
    │   ├── SettingError        one named setting is wrong (knows which)
    │   ├── SettingsError       settings are wrong (knows each fault)
    │   ├── TopicFileError      a topic file cannot be used
    │   └── QueryError          a topic query cannot be read (knows line and column)
    ├── FetchError              a URL could not be had (knows reason, whether to try again, and when)
    ├── DocumentError           bytes that were fetched cannot be read as what they should be
    ├── StorageError            the database is missing, older than the code, or full
    ├── SearchError             a search of the archive would take too long
    ├── ConflictError           another has just written what was to be written once
    └── AlreadyRunningError     another service holds this data folder

Expected outcomes ("not modified", "duplicate", "no match") are values, never members of this tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from pathlib import Path


class StorywatchError(Exception):
    """Root of the tree. The message is one line that names the thing, the value and what to do."""


class ConfigurationError(StorywatchError):
    """A setting, file or command line is wrong."""


class SettingError(ConfigurationError):
    """One setting is wrong; `setting` is its name as the configuration spells it, "" where several do not agree."""

    def __init__(self, message: str, *, setting: str) -> None:
        super().__init__(message)
        self.setting = setting


class MissingExtraError(ConfigurationError):
    """What the configuration asks for needs packages that only some installations have."""

    def __init__(self, asked: str, extra: str) -> None:
        super().__init__(
            f"{asked}, and the packages for it are not installed: 'make extras' in a checkout, or "
            f"pip install 'storywatch[{extra}]'"
        )


class SettingsError(ConfigurationError):
    """Settings are wrong: `faults` has a line for each; those that begin with `line` stand in `file`."""

    def __init__(self, file: Path, faults: Sequence[str]) -> None:
        self.faults = tuple(f"{file}, {fault}" if fault.startswith("line ") else fault for fault in faults)
        super().__init__("; ".join(self.faults))


class TopicFileError(ConfigurationError):
    """A topic file cannot be used; the message says which key and why."""


class QueryError(ConfigurationError):
    """A topic query cannot be read. `line` and `column` count from 1."""

    def __init__(self, message: str, *, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}: {message}")
        self.line = line
        self.column = column


class FetchReason(StrEnum):
    """Why a URL could not be had; stored with the feed or article and shown to people."""

    ADDRESS_REFUSED = "address_refused"
    BLOCKED = "blocked"  # 401, 403, 451: the host does not want us
    CONNECTION = "connection"
    DNS = "dns"
    GONE = "gone"  # 410
    HTTP_STATUS = "http_status"
    MALFORMED = "malformed"  # not HTTP, bad encoding, bad redirect
    NOT_FOUND = "not_found"  # 404
    ROBOTS = "robots"
    THROTTLED = "throttled"  # 429, 503
    TIMEOUT = "timeout"
    TLS = "tls"
    TOO_LARGE = "too_large"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    WRONG_TYPE = "wrong_type"  # a PDF, an image where a page was expected


class FetchError(StorywatchError):
    """A URL could not be had.

    The message names the URL; `why` does not, for whoever shows it beside the URL. `transient` says whether trying
    again may help; `retry_after` is what the host asks for, already capped; `status` is the HTTP status where there
    was one; `sent` says that the request had left already, so that the host may have acted on it.
    """

    def __init__(
        self,
        reason: FetchReason,
        why: str,
        *,
        transient: bool,
        url: str = "",
        status: int | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(f"{url}: {why}" if url else why)
        self.reason = reason
        self.why = why
        self.transient = transient
        self.status = status
        self.retry_after = retry_after
        self.sent = status is not None


class DocumentError(StorywatchError):
    """Fetched bytes cannot be read as a feed or page; `code` is a short stable name of the reason."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class StorageError(StorywatchError):
    """The database is missing, older than the code, or cannot be written."""


class SearchError(StorywatchError):
    """A search of the archive would take too long; the message says what to ask instead."""


class ConflictError(StorywatchError):
    """Another has just written what was to be written once; the transaction comes to nothing."""


class AlreadyRunningError(StorywatchError):
    """Another service holds this data folder."""
