"""What a command prints: tables and progress for people on a terminal, JSON or plain lines for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from worker.analysis.json_values import plain

if TYPE_CHECKING:
    from rich.console import Console

_Item = TypeVar("_Item")
_WIDE = 100  # columns
_GAP = "  "

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def write_json(value: Any) -> None:
    """Print the value as one JSON document."""
    written = json.dumps(plain(value), ensure_ascii=False, indent=2)
    # A lone surrogate, which UTF-8 cannot hold, is printed as the escape that JSON has for it.
    typer.echo(written.encode("utf-8", "backslashreplace"))


def answer(value: Mapping[str, Any], line: str, *, as_json: bool) -> None:
    """Print what a command did: the value for machines, or the line for people."""
    if as_json:
        write_json(value)
    else:
        say(line)


def say(text: str) -> None:
    """Print text that may hold a stranger's words."""
    typer.echo("\n".join(printable(line) for line in text.split("\n")))


def remark(text: str) -> None:
    """Print a line on standard error, where it is in no machine's way."""
    typer.echo(printable(text), err=True)


def write_table(
    headers: Sequence[str], rows: Sequence[Sequence[str]], *, title: str | None = None, where_wide: Sequence[str] = (),
    below: Sequence[str] = (),
) -> None:  # fmt: skip
    """Print a table; where no person looks, tab-separated lines under a line of headers.

    A terminal of fewer than 100 columns is spared the columns of the headers in `where_wide`, and has what stands in
    those of `below` on lines of their own under each row.
    """
    if not sys.stdout.isatty():
        for row in (headers, *rows):
            typer.echo("\t".join(printable(cell) for cell in row))
        return
    from rich.console import Console  # 50 ms that a command for machines should not pay

    console = Console()
    spared = () if console.width >= _WIDE else (*where_wide, *below)
    kept = [number for number, header in enumerate(headers) if header not in spared]
    beneath = [headers.index(header) for header in below if header in spared]
    cells = [[printable(cell) for cell in row] for row in rows]
    if beneath:
        _write_stacked(console, headers, cells, kept, beneath)
    else:
        _write_aligned(console, [headers[number] for number in kept], [[row[n] for n in kept] for row in cells], title)


def _write_aligned(console: Console, headers: Sequence[str], rows: Sequence[Sequence[str]], title: str | None) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(*headers, title=title, title_justify="left", box=box.SIMPLE, pad_edge=False)
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)


def _write_stacked(
    console: Console, headers: Sequence[str], rows: Sequence[Sequence[str]], kept: Sequence[int], beneath: Sequence[int]
) -> None:
    """Print the columns `kept`, the first as wide as is left for it, and under each row what is `beneath` it."""
    from rich.cells import cell_len, set_cell_size
    from rich.text import Text

    widths = [max(cell_len(row[number]) for row in (headers, *rows)) for number in kept]
    widths[0] = min(widths[0], console.width - sum(widths[1:]) - len(_GAP) * (len(kept) - 1))

    def line(row: Sequence[str]) -> str:
        return _GAP.join(set_cell_size(row[number], width) for number, width in zip(kept, widths, strict=True)).rstrip()

    console.print(Text(line(headers)), Text("─" * console.width), sep="\n")
    for row in rows:
        # The terminal breaks what is too long, so that an address can be copied whole.
        told = [line(row), *(f"{_GAP}{row[number]}" for number in beneath if row[number])]
        console.print(Text("\n".join(told)), soft_wrap=True)


def watched(items: Iterable[_Item], *, total: int, label: str) -> Iterator[_Item]:
    """Yield the items, with a progress bar where a person looks on."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, total=total, description=label, console=Console(stderr=True), transient=True)


def printable(text: str) -> str:
    """Return one line without control characters: a feed's title must not drive a person's terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


def shorten(text: str, length: int) -> str:
    """Return a text on one line of at most that many characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def moment(value: datetime | None, *, missing: str = "–") -> str:
    """Return a moment as people read it, in UTC."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if value else missing


def ago(value: datetime | None, now: datetime, *, missing: str = "never") -> str:
    """Return how long ago a moment was, in its largest unit."""
    if value is None:
        return missing
    seconds = max(0, round((now - value).total_seconds()))
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} s ago"
