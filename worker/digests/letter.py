"""A single mail with one thing to say and one link: a confirmation, a new link to the settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from worker.digests.headers import checked_address, checked_message_id, header_text, sender_parts
from worker.digests.message import multipart
from worker.digests.wire import WireHeader, address_header, text_header, token_header

if TYPE_CHECKING:
    from jinja2 import Template


@dataclass(frozen=True, slots=True)
class Letter:
    """Ready sentences in the reader's language. `link` is an absolute URL, `button` what it is called."""

    language: str
    subject: str
    before: Sequence[str]
    button: str
    link: str
    after: Sequence[str] = ()
    postal_address: str = ""


def write_letter(letter: Letter, *, sender: str, recipient: str, message_id: str, at: datetime) -> EmailMessage:
    """The message, ready to be frozen. Raises ConfigurationError for an address that mail cannot be sent to."""
    headers = _headers(letter, sender, recipient, message_id, at)
    return multipart(headers, message_id, text=_text(letter), html=_template().render(letter=letter))


def _headers(letter: Letter, sender: str, recipient: str, message_id: str, at: datetime) -> Iterator[WireHeader]:
    yield address_header("From", *sender_parts(sender))
    yield address_header("To", "", checked_address(recipient))
    yield token_header("Date", format_datetime(at))
    yield token_header("Message-ID", checked_message_id(message_id))
    yield text_header("Subject", header_text(letter.subject))
    yield token_header("Auto-Submitted", "auto-generated")  # RFC 3834: no vacation notice shall answer


def _text(letter: Letter) -> str:
    parts = ["STORYWATCH", *letter.before, f"{letter.button}:\n{letter.link}", *letter.after]
    return "\n\n".join(part for part in (*parts, letter.postal_address) if part) + "\n"


@cache
def _template() -> Template:
    from jinja2 import DictLoader, Environment, StrictUndefined

    source = (files("worker.digests") / "templates" / "letter.html.jinja").read_text("utf-8")
    loader = DictLoader({"letter": source})
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("letter")
