"""What a reader's mails say: their stories, and which addresses each of them names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from itertools import pairwise
from pathlib import Path

from lxml import html


@dataclass(frozen=True, slots=True)
class MailedStory:
    """A story in a mail: what stands between its headline and the next one's."""

    headline: str
    links: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Mail:
    """`text` is the part in plain text, on one line."""

    sent: datetime
    subject: str
    stories: tuple[MailedStory, ...]
    text: str


def read_outbox(folder: Path) -> list[Mail]:
    """Return the mails that were written into the folder, in order of their dates."""
    return read_mails(path.read_bytes() for path in folder.glob("*.eml"))


def read_mails(messages: Iterable[bytes]) -> list[Mail]:
    """Return the mails in order of their dates."""
    read = (_read(message_from_bytes(message, policy=policy.default)) for message in messages)
    return sorted(read, key=lambda mail: mail.sent)


def with_pages(mails: Sequence[Mail], pages: Sequence[Mail]) -> list[Mail]:
    """Return the mails, each with the stories of pages of its date that it does not show itself."""
    return [replace(mail, stories=(*mail.stories, *_unshown(mail, pages))) for mail in mails]


def _unshown(mail: Mail, pages: Sequence[Mail]) -> Iterable[MailedStory]:
    shown = {story.links[0] for story in mail.stories if story.links}
    for page in pages:
        for story in page.stories:
            if page.sent == mail.sent and story.links and story.links[0] not in shown:
                shown.add(story.links[0])
                yield story


def _read(message: EmailMessage) -> Mail:
    bodies = {kind: part.get_content() for kind in ("plain", "html") if (part := message.get_body((kind,)))}
    return Mail(
        sent=parsedate_to_datetime(str(message["date"])),
        subject=str(message["subject"]),
        stories=tuple(mailed_stories(bodies["html"])),
        text=_one_line(bodies["plain"]),
    )


def mailed_stories(document: str) -> Iterable[MailedStory]:
    """Yield the stories of a digest's HTML: each begins with a heading of the third rank."""
    root = html.document_fromstring(document)
    elements = [one for one in root.body.iter() if isinstance(one.tag, str)]
    starts = [place for place, one in enumerate(elements) if one.tag == "h3"]
    for start, end in pairwise([*starts, len(elements)]):
        within: Sequence[html.HtmlElement] = elements[start:end]
        links = (one.get("href", "") for one in within if one.tag == "a")
        said = (one.text_content() for one in within if one.tag in ("h3", "p"))
        yield MailedStory(_one_line(within[0].text_content()), tuple(dict.fromkeys(links)), _one_line(" ".join(said)))


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
