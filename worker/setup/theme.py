"""A theme: the owner's own templates of the digest, in place of those built in."""

from __future__ import annotations

from pathlib import Path

from worker import digests
from worker.errors import ConfigurationError


def read_theme(folder: Path) -> dict[str, str]:
    """Return the templates in that folder by name; none when there is no such folder.

    Raises `ConfigurationError` for a file that is no template: a misspelled one would have no effect.
    """
    if not folder.is_dir():
        return {}
    names = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    if unknown := set(names).difference(digests.TEMPLATES):
        raise ConfigurationError(f"{folder / min(unknown)} is no template; there are {', '.join(digests.TEMPLATES)}")
    try:
        return {name: (folder / name).read_text(encoding="utf-8") for name in names}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"theme {folder} cannot be read: {error}") from error
