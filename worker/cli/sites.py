"""`storywatch sites`: what was learned of each site's boilerplate, and how to unlearn it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.installation import open_installation
from worker.cli.terminal import JsonOption, ago, answer, moment, say, write_json, write_table
from worker.errors import ConfigurationError

if TYPE_CHECKING:
    from worker.storage.sites.site_facts import JudgedLine, SiteFacts

sites_app = typer.Typer(name="sites", help="What was learned of each site's pages.", no_args_is_help=True)

_SHOWN = 200  # characters of a line
HostArgument = Annotated[str, typer.Argument(metavar="HOST|URL", help="The site, or the address of one of its pages.")]


@sites_app.command(name="list")
def list_read(as_json: JsonOption = False) -> None:
    """List the sites that articles were read of, and how much was learned of each."""
    from worker.storage.sites.site_facts import list_sites

    deps = open_installation()
    with deps.reading() as session:
        found = list_sites(session)
    if as_json:
        write_json(found)
        return
    rows = [
        (site.host, str(site.articles), str(site.learned), str(site.kept), ago(site.last_read, deps.now()))
        for site in found
    ]
    write_table(("site", "articles counted", "lines learned", "lines kept", "last read"), rows)


@sites_app.command()
def show(host: HostArgument, as_json: JsonOption = False) -> None:
    """Show the lines that recur on a site: which are taken out, which stay, since when, and why."""
    from worker.storage.sites.site_facts import site_facts

    deps = open_installation()
    with deps.reading() as session:
        found = site_facts(session, _site(host))
    if found is None:
        raise _unknown(host)
    if as_json:
        write_json(found)
        return
    for line in report(found):
        say(line)


@sites_app.command()
def forget(
    host: HostArgument,
    line: Annotated[str, typer.Option(help="Only this line, which then stays in the site's articles for good.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Forget what was learned of a site; the last days' articles are read again without it.

    Only articles read from now on can teach the site's boilerplate again.
    """
    from worker.storage.db.database import serialize_stories
    from worker.storage.sites.site_facts import forget_site, keep_line

    deps = open_installation()
    name = _site(host)
    with deps.transaction() as session:
        serialize_stories(session)  # whoever saves an article after this knows what was forgotten
        now = deps.now()
        kept = bool(line) and keep_line(session, name, line, now=now)
        forgotten = None if line else forget_site(session, name, now=now)
    if not kept and forgotten is None:
        raise _unknown(host)
    said = f"Kept from now on: {line}" if line else f"Forgotten: {forgotten} lines of {name}"
    answer({"host": name, "forgotten": forgotten or 0, "kept": line or None}, said, as_json=as_json)


def report(found: SiteFacts) -> Iterator[str]:
    """Yield the report for people."""
    summary = found.summary
    yield f"{summary.host}: {summary.articles} articles counted, read since {moment(summary.since)}"
    if found.forgotten:
        yield f"forgotten {moment(found.forgotten)}"
    if found.trouble:
        yield f"given up: {found.trouble}"
    if found.templates:
        yield "text stood in " + ", ".join(f"{name or 'no container'} ({n})" for name, n in found.templates.items())
    titles = {"boilerplate": "Taken out", "kept": "Kept by a person", "story": "Looked at and left"}
    for verdict, title in titles.items():
        lines = [line for line in found.lines if line.verdict == verdict]
        if lines:
            yield f"\n{title}"
        for line in lines:
            yield from _describe(line)
    if not found.lines:
        yield "nothing recurs here yet: it takes five articles"


def _describe(line: JudgedLine) -> Iterator[str]:
    yield f"  {line.line[:_SHOWN]}{'…' if len(line.line) > _SHOWN else ''}"
    times = f", seen {line.sightings} times from {moment(line.first)} to {moment(line.last)}" if line.sightings else ""
    yield f"    since {moment(line.decided)}: {line.reason}{times}"
    yield from (f"    in {url}" for url in line.examples)


def _site(host: str) -> str:
    from worker import pages

    return pages.site_key(host)


def _unknown(host: str) -> ConfigurationError:
    return ConfigurationError(f"no article of {host[:200]!r} was read: see 'storywatch sites list'")
