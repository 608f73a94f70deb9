"""What is matched against a topic."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TopicArticle:
    """An article as topics see it. `language` is an ISO 639-1 code or None where it is not known."""

    title: str
    text: str
    language: str | None = None
    outlet: str = ""
