"""The documents people read, taken apart: what is code in them, what is a command, where they point."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.conftest import ROOT

DOCUMENTS = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))

TUTORIALS = {
    ROOT / "docs" / "topics.md": "tests/docs/test_topics_tutorial.py::test_the_tutorial_makes_a_second_topic",
    ROOT / "docs" / "first_hour.md": "tests/docs/test_first_hour.py::test_its_commands_run_in_order_in_an_empty_folder",
}
"""Documents whose commands belong together, and the test that runs them one after the other."""

REFERENCE = tuple(path for path in DOCUMENTS if path not in TUTORIALS)

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def blocks(language: str, paths: Sequence[Path] = DOCUMENTS) -> list[str]:
    """The fenced blocks of that language."""
    return [body for path in paths for kind, body in _BLOCK.findall(path.read_text()) if kind == language]


def console_commands(paths: Sequence[Path] = ()) -> list[str]:
    """What a reader is told to type, outside of tutorials where no document is named, without prompt and remark."""
    lines = [line for block in blocks("console", paths or REFERENCE) for line in block.splitlines() if line.strip()]
    assert all(line.startswith("$ ") for line in lines), "console blocks hold commands only"
    return [line.removeprefix("$ ").partition("  # ")[0].strip() for line in lines]


def commands(path: Path) -> Iterator[str]:
    """Every command that a document names, in its blocks and in its prose, in the order in which they stand."""
    for kind, body, span in re.findall(f"{_BLOCK.pattern}|{_SPAN.pattern}", path.read_text(), _BLOCK.flags):
        if kind == "console":
            yield from (line.removeprefix("$ ").partition("  # ")[0].strip() for line in body.splitlines())
        elif span.startswith("storywatch "):
            yield " ".join(span.split())


def prose(path: Path) -> str:
    """The text outside of fenced blocks, each paragraph and table row on one line."""
    text = _BLOCK.sub("", path.read_text())
    return re.sub(r"(?<=\S)\n(?=[^\n|#-])", " ", text)


def spans(paths: Sequence[Path] = DOCUMENTS) -> list[str]:
    """Every `code span` in the prose."""
    return [found for path in paths for found in _SPAN.findall(prose(path))]


def spans_of(text: str) -> list[str]:
    return _SPAN.findall(text)


def rows(path: Path, header: str) -> Iterator[list[str]]:
    """The rows of every table whose first column has that header."""
    inside = False
    for line in path.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            inside = False
        elif cells[0] == header:
            inside = True
        elif inside and not cells[0].startswith("--"):
            yield cells


def links(path: Path) -> list[str]:
    return _LINK.findall(path.read_text())


def anchors(path: Path) -> set[str]:
    """The names GitHub gives to a document's headings."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
