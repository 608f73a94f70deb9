"""Mail as files, for running without an SMTP host."""

from __future__ import annotations

import hashlib
import os
import secrets
from email.errors import MessageError
from email.parser import BytesParser
from email.policy import compat32, default
from pathlib import Path

from worker.net.mail import SendOutcome, SendResult, one_line


class OutboxFolderMailer:
    """Writes each message as NAME.eml and, where it has an HTML part, NAME.html into `folder`.

    NAME is a hash of the Message-ID: sending a message again replaces its files and adds none. A file is
    either whole or not there. A full or missing disk is a RETRY.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: bytes, *, sender: str, recipient: str) -> SendOutcome:
        path = self._folder / file_name(message)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            html = _html_part(message)
            if html is not None:
                _write(path.with_suffix(".html"), html)
            _write(path, message)
        except OSError as error:
            return SendOutcome(SendResult.RETRY, one_line(f"{path}: {error.strerror}"))
        return SendOutcome(SendResult.SENT, str(path))


def file_name(message: bytes) -> str:
    """The .eml name of a message, the same whenever its Message-ID is the same."""
    # compat32 never looks into a header's value, so no header can make it fail.
    headers = BytesParser(policy=compat32).parsebytes(message, headersonly=True)
    identity = (
        str(headers["Message-ID"]).strip().encode("utf-8", "surrogateescape") if headers["Message-ID"] else message
    )
    return f"{hashlib.sha256(identity).hexdigest()[:32]}.eml"


def _html_part(message: bytes) -> bytes | None:
    parsed = BytesParser(policy=default).parsebytes(message)
    try:
        part = parsed.get_body(preferencelist=("html",))
        text = part.get_content() if part is not None else None
    except (MessageError, LookupError, ValueError, AttributeError):  # an .eml is written all the same
        return None
    return text.encode("utf-8", "replace") if isinstance(text, str) else None


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
