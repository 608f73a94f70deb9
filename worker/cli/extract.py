"""`storywatch extract`: what is left of a page once its furniture is gone, and which rule took what."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from worker.cli.json_lines import write_json_lines
from worker.cli.manifest import extract_pages, read_manifest
from worker.cli.reading_pool import read_one
from worker.cli.source import get_source
from worker.cli.terminal import JsonOption, remark, say, write_json
from worker.errors import ConfigurationError
from worker.settings import load_settings


def extract(
    source: Annotated[str, typer.Argument(metavar="[URL|FILE]", help="A page; a file may be packed (.gz).")] = "",
    url: Annotated[str, typer.Option(help="Where the file came from.")] = "",
    explain: Annotated[bool, typer.Option("--explain", help="Also show what was removed, by which rule.")] = False,
    manifest: Annotated[Path | None, typer.Option(help="Many stored pages: JSON lines of id, path and url.")] = None,
    out: Annotated[Path | None, typer.Option(help="With --manifest: the JSON lines to write.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Extract the article from a page, or from every page a manifest names."""
    limits = load_settings().analyze
    if manifest is not None:
        if out is None or source:
            raise ConfigurationError("extract: --manifest needs --out, and no URL or FILE beside it")
        count = write_json_lines(out, extract_pages(read_manifest(manifest), limits))
        remark(f"{count} pages written to {out}")
        return
    if not source:
        raise ConfigurationError("extract: name a URL or FILE, or use --manifest")
    from worker.net import ACCEPT_PAGE

    found = read_one("page", get_source(source, accept=ACCEPT_PAGE, url=url), limits)
    if as_json:
        write_json(found)
    else:
        _show(found, explain=explain)


def _show(found: dict[str, Any], *, explain: bool) -> None:
    say(found["title"] or "(no title)")
    facts = (
        found["kind"].replace("_", " "), found["reason"], found["published"] or "no date",
        found["language"] or "language not known", ", ".join(found["authors"]),
    )  # fmt: skip
    say(" · ".join(fact for fact in facts if fact) + "\n")
    say(found["text"] or "(no text)")
    if explain:
        say("\nRemoved:" if found["removed"] else "\nNothing was removed by a rule.")
        for line in found["removed"]:
            say(f"  [{line['rule']}] {line['line']}")
