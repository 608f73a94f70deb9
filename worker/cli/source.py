"""A document a person names on the command line: a URL that is fetched, or a file that is read."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from worker.analysis.document_pool import Source
from worker.errors import ConfigurationError
from worker.setup.settings import load_settings

MAX_FILE_BYTES = 50_000_000


def is_url(text: str) -> bool:
    """Whether a person means something on the web, and not a file."""
    return text.lower().startswith(("http://", "https://"))


def get_source(name: str, *, accept: str, url: str = "") -> Source:
    """Fetch the URL or read the file (`url` then says where it came from).

    Raises `FetchError` for the one, `ConfigurationError` for the other.
    """
    if not is_url(name):
        return Source(read_file(Path(name)), url)
    from worker.net import FetchedResource
    from worker.setup.deps import Deps

    answer = Deps(load_settings()).fetcher.fetch(name, accept=accept)
    if not isinstance(answer, FetchedResource):
        raise ConfigurationError(f"{name} answered 304 to a plain request")
    return Source(answer.body, answer.url, answer.content_type)


def read_file(path: Path) -> bytes:
    """Return the file's content, unpacked when its name ends in .gz.

    Raises `ConfigurationError` when it cannot be read or is larger than 50 MB.
    """
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            body = file.read(MAX_FILE_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ConfigurationError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(body) > MAX_FILE_BYTES:
        raise ConfigurationError(f"{path} is larger than {MAX_FILE_BYTES // 1_000_000} MB")
    return body
