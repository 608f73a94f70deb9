"""What a feed is asked with that its publisher gave to us alone: headers, cookies, a login.

The configuration says where a secret is kept (`env:NAME`, `file:PATH`), never the secret itself, and it is read when
the feed is asked: it comes into no database, log or message, and a changed file counts at once.
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Collection, Mapping
from pathlib import Path

from worker.errors import ConfigurationError
from worker.setup.secret_files import read_secret
from worker.setup.settings import Settings
from worker.setup.tables import FeedSetting


class FeedAccess:
    """The headers and logins that the configuration has for some of its feeds; false where it has none."""

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.folder
        self._feeds = {feed.url: feed for feed in settings.feeds if feed.headers or feed.username}

    def __bool__(self) -> bool:
        return bool(self._feeds)

    def headers(self, url: str, left: Collection[str] = ()) -> Mapping[str, str] | None:
        """Return what the feed is to be asked with, if the configuration says anything of it.

        It may still name an address that the feed has `left`: that counts while the feed stays with its host, as a
        redirect to another is not given our secrets either. Raises `ConfigurationError` that names the variable or
        file that is missing, and nothing of what is in others.
        """
        named = [self._feeds[one] for one in (url, *left) if one in self._feeds]
        feed = next((feed for feed in named if feed.url == url or _origin(feed.url) == _origin(url)), None)
        return None if feed is None else _own_headers(feed, self._folder)


def _origin(url: str) -> str:
    from worker.net.web_address import read_address  # only who asks for feeds needs it, and has it loaded

    return read_address(url).origin


def _own_headers(feed: FeedSetting, folder: Path) -> dict[str, str]:
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
