"""What the templates of a digest see: every string chosen, translated, bounded and on one line. Nothing is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReportView:
    """One outlet's report. `marks` are its language, where foreign, "updated" and "summary only".

    `headline` is its own, where it is not the story's, and `language` the headline's code; `new` says that the reader
    has the story but not this report, `apart` stands before the first one that is opinion. `reprints`, `excerpt` and
    all but the outlet may be "".
    """

    outlet: str
    href: str
    time: str
    marks: tuple[str, ...]
    reprints: str
    headline: str = ""
    language: str = ""
    new: str = ""
    apart: str = ""
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class StoryView:
    """`language` is a code for `lang=`, `mark` its name where it is not the reader's. Most may be "".

    `told_as` says what the headline was; `part` is the heading of the sub-topic that begins with this story, and
    `anchor` the name of that place in the page. `whole` is where all of the story stands.
    """

    headline: str
    href: str
    language: str
    mark: str
    updated: str
    told_as: str
    excerpt: str
    reports: tuple[ReportView, ...]
    more: str
    matched: str
    relevant: str
    not_relevant: str
    mute: str
    part: str = ""
    anchor: str = ""
    whole: str = ""


@dataclass(frozen=True, slots=True)
class SectionView:
    """A topic with its stories; `count` says how many, in words.

    `unsure` says of a section of the widest matches why they stand apart; it is "" for the others.
    """

    title: str
    count: str
    unsure: str
    stories: tuple[StoryView, ...]
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class ContentsLine:
    """A part of a digest in its list of contents: its name, how many stories it has, and its first headlines."""

    title: str
    count: str
    anchor: str
    headlines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DigestView:
    """Everything a template needs. `labels` are fixed words by name; strings and URLs may be "".

    `contents` is empty where the digest is short enough to be seen at a glance.
    """

    language: str
    subject: str
    preheader: str
    period: str
    times: str
    summary: str
    developed: str
    contents: tuple[ContentsLine, ...]
    sections: tuple[SectionView, ...]
    more: str
    more_href: str
    troubles: tuple[str, ...]
    why: str
    archive: str
    first: str
    past: str
    manage: str
    unsubscribe: str
    postal_address: str
    labels: Mapping[str, str]
