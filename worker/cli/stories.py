"""`storywatch stories`: what is being told, by whom, since when, and what is new in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.installation import open_installation
from worker.cli.moments import parse_since
from worker.cli.terminal import JsonOption, ago, moment, say, shorten, write_json, write_table
from worker.errors import ConfigurationError

if TYPE_CHECKING:
    from worker.storage.stories.story_lives import StoryHappening, StoryRecord
    from worker.stories import StoryLife, StoryReport

stories_app = typer.Typer(name="stories", help="What is being told, by whom, and what is new.", no_args_is_help=True)

_QUOTE = 300  # characters
_TITLE = 80
LanguageOption = Annotated[str | None, typer.Option(help="Headlines in this language where there is a report in it.")]


@stories_app.command(name="list")
def list_latest(
    topic: Annotated[str | None, typer.Option(help="Only stories on this topic.")] = None,
    since: Annotated[str | None, typer.Option(help="Only those with a report since: 12h, 30d, a date.")] = None,
    language: LanguageOption = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="At most so many.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """List the stories, those that got a report last first; `developed` is when one last added something."""
    from worker.storage.stories.story_lives import list_stories

    deps = open_installation()
    moment_asked = parse_since(since, now=deps.now()) if since else None
    with deps.reading() as session:
        found = list_stories(session, topic=topic, since=moment_asked, language=language, limit=limit)
    if as_json:
        write_json(found)
        return
    told = [(story, story.life) for story in found if story.life]
    rows = [
        (
            str(story.id), ago(life.last_developed, deps.now()), str(life.size), str(len(life.outlets)),
            ", ".join(life.languages), ", ".join(story.topics), shorten(life.headline, _TITLE) or "(no title)",
        )
        for story, life in told
    ]  # fmt: skip
    headers = ("story", "developed", "reports", "outlets", "languages", "topics", "headline")
    write_table(headers, rows, where_wide=("languages", "topics"))


@stories_app.command()
def show(
    story: Annotated[int, typer.Argument(help="The story's number, as `explain` and `list` print it.", min=1)],
    since: Annotated[str | None, typer.Option(help="What is new since: 12h, 30d, a date.")] = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a story: its headline, who tells it, what developed, and how it was merged and split."""
    from worker.storage.stories.story_lives import read_story

    deps = open_installation()
    moment_asked = parse_since(since, now=deps.now()) if since else None
    with deps.reading() as session:
        found = read_story(session, story, language=language, since=moment_asked)
    if found is None:
        raise ConfigurationError(f"there is no story {story}: 'storywatch stories list' names the latest")
    if as_json:
        write_json(found)
        return
    for line in report(found, since=moment_asked):
        say(line)


def report(story: StoryRecord, *, since: datetime | None) -> Iterator[str]:
    """Yield the report for people."""
    life = story.life
    if life is not None:
        yield life.headline or "(no title)"
    about = f", on {', '.join(story.topics)}" if story.topics else ""
    yield f"Story {story.id}{about}"
    if story.merged_into is not None:
        yield f"  merged into story {story.merged_into}: 'storywatch stories show {story.merged_into}'"
    if life is not None:
        yield from summarise(life)
        yield f"\nNew since {moment(since)}" if since else "\nDevelopment after the first report"
        yield from _development(life)
        yield "\nReports, the most central first"
        yield from (_report(each) for each in sorted(life.reports, key=lambda each: -each.central))
    yield "\nWhat happened to it"
    yield from (_happening(each) for each in story.history)


def summarise(life: StoryLife) -> Iterator[str]:
    """Yield who tells the story and since when."""
    spoken = f", {' and '.join(life.languages)}" if life.languages else ""
    told = f"{_count(life.size, 'report')} in {_count(len(life.outlets), 'outlet')}"
    yield f"  {told}{spoken}: {', '.join(life.outlets) or '–'}"
    yield f"  first seen {moment(life.first_seen)}, last developed {moment(life.last_developed)}"


def quote(sentence: str) -> str:
    """Return a sentence as it is quoted in a report."""
    return f"“{shorten(sentence, _QUOTE)}”"


def _development(life: StoryLife) -> Iterator[str]:
    for each in life.development:
        how = " (changed)" if each.changed == each.at else ""
        yield f"  {moment(each.at)}  {each.outlet or 'outlet not known'}, article {each.article_id}{how}"
        yield from (f"    {quote(sentence)}" for sentence in each.added or (each.title,))
    if not life.development:
        yield "  nothing"


def _report(each: StoryReport) -> str:
    adds = "" if each.added is not None else ", adds nothing"
    said = f"“{shorten(each.title, _TITLE)}”, {each.outlet or 'outlet not known'}"
    return f"  {each.article_id} {said}, {moment(each.published)}, {each.central:.0%} of the story{adds}"


def _happening(each: StoryHappening) -> str:
    article, other = f"article {each.article_id or '–'}", f"story {each.other_story_id or '–'}"
    told = {
        "opened": f"opened by {article}",
        "joined": f"{article} joined",
        "left": f"{article} left",
        "moved": f"{article} came over from {other}",
        "merged": f"merged into {other}",
        "split": f"split off from {other}",
    }
    why = f": {each.detail}" if each.detail else ""
    return f"  {moment(each.at)}  {told.get(each.kind, each.kind)}{why}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
