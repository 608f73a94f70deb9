"""`storywatch extract`: what is left of a page once its boilerplate is gone, and which rule took what."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker.analysis.document_pool import Source, read_one
from worker.analysis.json_values import plain
from worker.cli.installation import open_installation
from worker.cli.manifest import extract_pages, read_manifest
from worker.cli.source import get_source
from worker.cli.terminal import JsonOption, remark, say, write_json
from worker.errors import ConfigurationError
from worker.replay.json_lines import write_json_lines
from worker.setup.settings import Settings, load_settings

if TYPE_CHECKING:
    from worker.pages import SiteProfile


def extract(
    source: Annotated[str, typer.Argument(metavar="[URL|FILE]", help="A page; a file may be packed (.gz).")] = "",
    url: Annotated[str, typer.Option(help="Where the file came from.")] = "",
    explain: Annotated[
        bool, typer.Option("--explain", help="Show all lines of the page, kept or removed, and by which rule.")
    ] = False,
    learned: Annotated[
        bool, typer.Option("--learned", help="Also take out what the service has learned of the site by now.")
    ] = False,
    manifest: Annotated[Path | None, typer.Option(help="Many stored pages: JSON lines of id, path and url.")] = None,
    out: Annotated[Path | None, typer.Option(help="With --manifest: the JSON lines to write.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Extract the article from a page, or from every page a manifest names.

    The selectors of [[sites]] hold for a single page; a manifest's pages are read by the rules alone.
    """
    settings = load_settings()
    limits = settings.analyze
    if manifest is not None:
        if out is None or source:
            raise ConfigurationError("extract: --manifest needs --out, and no URL or FILE beside it")
        count = write_json_lines(out, extract_pages(read_manifest(manifest), limits))
        remark(f"{count} pages written to {out}")
        return
    if not source:
        raise ConfigurationError("extract: name a URL or FILE, or use --manifest")
    from worker.net import ACCEPT_PAGE

    page = get_source(source, accept=ACCEPT_PAGE, url=url)
    site = plain(_site_of(page, settings, learned=learned))
    found = read_one("account" if explain else "page", page, limits, site)
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
    if not explain:
        say(found["text"] or "(no text)")
        return
    for line in found["lines"]:
        say(f"- [{line['rule']}] {line['line']}" if line["rule"] else f"+ {line['line']}")


def _site_of(page: Source, settings: Settings, *, learned: bool) -> SiteProfile:
    """Return what is known of the page's site: from the configuration, and from the database if that is wanted."""
    from worker.pages import site_key
    from worker.setup.deps import Deps
    from worker.storage.sites.site_rows import learned_lines

    host = site_key(page.url)
    site = Deps(settings).overrides_for(host)
    if not learned:
        return site
    with open_installation().reading() as session:
        return replace(site, boilerplate=learned_lines(session, host))
