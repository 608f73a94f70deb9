"""A digest, and tables under which every channel opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NOW
from worker.channels import ChannelContext, ChannelTables
from worker.digests import (
    Digest,
    DigestArticle,
    DigestLinks,
    DigestStory,
    DigestSubscriber,
    Period,
    TopicSection,
)  # fmt: skip
from worker.setup.secret_files import read_secret

LINKS = DigestLinks(
    sender="Storywatch <a@news.example>", list_id="digest.news.example", message_id="<abc@news.example>",
    archive="https://news.example/archive/x",
)  # fmt: skip


def digest_for(address: str, *, stories: int = 1) -> Digest:
    told = tuple(
        DigestStory(
            number, 1, "migration", 0.9,
            (DigestArticle(f"Ferry {number}", f"https://h.example/{number}", "H", "en", NOW, "Waves. " * 60),),
        )
        for number in range(stories)
    )  # fmt: skip
    reader = DigestSubscriber(address, "Ana", "en", "UTC")
    return Digest(reader, Period(NOW - timedelta(days=1), NOW), (TopicSection("migration", "Migration", told),))


def tables(**given: Any) -> ChannelTables:
    return ChannelTables.model_validate(given)


@pytest.fixture
def context(tmp_path: Path) -> ChannelContext:
    return ChannelContext(tmp_path, "Storywatch/0", lambda: NOW, read_secret, private_hosts=("127.0.0.1",))


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str], str]:
    """Writes a file and returns its name."""

    def write(name: str, text: str) -> str:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return name

    return write
