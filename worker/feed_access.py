"""What a feed is asked with that its publisher gave to us alone: headers, cookies, a login.

The configuration says where a secret is kept (`env:NAME`, `file:PATH`), never the secret itself, and it is read when
the feed is asked: it comes into no database, log or message, and a changed file counts at once.
"""

from __future__ import annotations

import os
from base64 import b64encode
from pathlib import Path

from worker.errors import ConfigurationError
from worker.secret_files import read_secret
from worker.settings import FeedSetting


def own_headers(feed: FeedSetting, folder: Path) -> dict[str, str]:
    """Return the headers to ask the feed with; paths are relative to `folder`.

    Raises `ConfigurationError` that names the variable or file that is missing, and nothing of what is in others.
    """
    stated = (header.partition(":") for header in feed.headers)
    headers = {name.strip(): _value(value.strip(), folder) for name, _, value in stated}
    if feed.username:
        login = f"{feed.username}:{_value(feed.password, folder)}"
        headers["Authorization"] = f"Basic {b64encode(login.encode()).decode()}"
    return headers


def _value(stated: str, folder: Path) -> str:
    kind, _, place = stated.partition(":")
    if kind == "env":
        if place not in os.environ:
            raise ConfigurationError(f"the environment variable {place}, which holds a secret of this feed, is not set")
        return os.environ[place].strip()
    if kind == "file":
        return read_secret(folder / place, "a secret of this feed:")
    return stated
