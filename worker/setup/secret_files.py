"""Secrets that are kept in files: those that settings name, and the one that links are signed with."""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path

from worker.errors import ConfigurationError


def read_secret(path: Path, whose: str) -> str:
    """Return what stands in a file that holds a secret, without the line's end.

    Raises `ConfigurationError` that begins with `whose` and tells nothing of what the file holds.
    """
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise ConfigurationError(f"{whose} {path} cannot be read: {reason}") from error


def keep_secret(path: Path) -> str:
    """Return the installation's own signing secret, made when it is first needed.

    It comes into being whole or not at all: a half-written one would make every link of every digest wrong.
    """
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
            fresh.touch(mode=0o600, exist_ok=False)
            fresh.write_text(secrets.token_urlsafe(32), encoding="ascii")
            with contextlib.suppress(FileExistsError):  # another process was faster: its secret counts
                path.hardlink_to(fresh)
            fresh.unlink()
        secret = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ConfigurationError(f"the signing secret {path} cannot be kept: {error.strerror}") from error
    if not secret:
        raise ConfigurationError(f"the signing secret {path} is empty: delete the file, and a new one is made")
    return secret
