"""`storywatch explain`: one article's way, from its feed to the digests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from worker.analysis.json_values import plain
from worker.cli.installation import open_installation
from worker.cli.stories import quote, summarise
from worker.cli.terminal import JsonOption, answer, moment, say, shorten, write_json
from worker.errors import ConfigurationError

if TYPE_CHECKING:
    from worker.cli.fate import Fate
    from worker.setup.deps import Deps
    from worker.storage.reports.explanation import Explanation, JoinedStory, OtherArticle

_SHOWN = 300  # characters of a passage
_GONE = "Gone since {:%Y-%m-%d}: it was kept as long as [keep] says, and is not announced again."


def explain(
    article: Annotated[str, typer.Argument(metavar="URL|ID", help="The article's address or number.")],
    as_json: JsonOption = False,
) -> None:
    """Tell everything known of an article: where from, what was stripped, which story, why, to whom."""
    from worker.cli.fate import fates
    from worker.storage.digests.subscribers import list_subscriptions

    deps = open_installation()
    if (gone := _gone_since(deps, article)) is not None:
        answer({"url": article, "gone_since": gone}, f"{article}\n{_GONE.format(gone)}", as_json=as_json)
        return
    found = find_explanation(deps, article)
    with deps.reading() as session:
        subscriptions = list_subscriptions(session)
    subscriber_fates = fates(found, subscriptions)
    if as_json:
        write_json({**plain(found), "subscribers": subscriber_fates})
        return
    for line in report(found, subscriber_fates):
        say(line)


def _gone_since(deps: Deps, name: str) -> date | None:
    """The day since which the article of that address is not kept any more."""
    from worker import pages
    from worker.storage.reports.explanation import find_article
    from worker.storage.retention.gone_articles import gone_since

    key = pages.canonicalize_url(name)
    with deps.reading() as session:
        return None if find_article(session, key=key, url=name) else gone_since(session, key)


def find_explanation(deps: Deps, name: str) -> Explanation:
    """Return what is known of the article with that number or address. Raises `ConfigurationError`."""
    from worker import pages
    from worker.storage.reports.explanation import explain_article, find_article

    with deps.reading() as session:
        is_number = name.isascii() and name.isdigit() and len(name) < 19
        article_id = int(name) if is_number else find_article(session, key=pages.canonicalize_url(name), url=name)
        found = explain_article(session, article_id) if article_id is not None else None
    if found is None:
        raise ConfigurationError(f"no article is known by {name[:200]!r}: give its address or its number")
    return found


def report(found: Explanation, subscriber_fates: tuple[Fate, ...]) -> Iterator[str]:
    """Yield the report for people, section by section."""
    yield f"{found.title or found.entry_title or '(no title)'}"
    yield f"{found.url}"
    language = found.language or "language not known"
    yield f"Article {found.id}, {found.outlet or 'outlet not known'}, {language}"
    yield from _origin(found)
    yield from _reading(found)
    yield from _revisions(found)
    yield from _copies(found)
    yield from _story(found)
    yield from _topics(found)
    yield "\nDigests"
    yield from (f"  {fate.address}: {fate.reason}" for fate in subscriber_fates)
    if not subscriber_fates:
        yield "  there is no subscriber"


def _origin(found: Explanation) -> Iterator[str]:
    yield "\nWhere it came from"
    for seen in found.seen_in:
        yield f"  {moment(seen.at)}  {seen.feed} ({seen.url}), entry {seen.entry_id or 'without id'}"
    if not found.seen_in:
        yield "  from no feed that is still known"


def _reading(found: Explanation) -> Iterator[str]:
    yield "\nFetching and reading"
    read = moment(found.analyzed)
    yield f"  discovered {moment(found.discovered)}, fetched {moment(found.fetched)}, read {read}"
    tries = f", {found.attempts} tries" if found.attempts else ""
    yield f"  state {found.state}{tries}" + (f", next try {moment(found.next_try)}" if found.next_try else "")
    if found.reason:
        yield f"  reason: {found.reason}"
    for page in found.pages:
        kept = f"{page.content_type or 'no type'}, {page.size} bytes, {moment(page.at)}"
        yield f"  page kept: {page.url} ({kept})"
    if found.feed_only:
        yield "  only the feed's own text could be had"
    if found.text_gone:
        yield f"  its words are gone since {moment(found.text_gone)} (text_days in [keep])"
    if found.kind:
        length = "" if found.text_gone else f" of {len(found.text.split())} words"
        facts = f"{found.kind.replace('_', ' ')}{length}"
        authors = f", by {', '.join(found.authors)}" if found.authors else ""
        yield f"  {facts}, published {moment(found.published)}{authors}"
    if found.agency:
        yield f"  credited to {found.agency}"
    yield from (f"  stripped [{rule}] {_short(line)}" for line, rule in found.removed)


def _revisions(found: Explanation) -> Iterator[str]:
    if found.revisions:
        yield "\nRevisions"
    for one in found.revisions:
        how = "substantially" if one.substantial else "slightly"
        changed = f"{how} changed {moment(one.replaced)}, {one.new_share:.0%} new"
        numbers = "".join(f", {before} → {after}" for before, after in one.numbers)
        yield f"  {one.number} “{_short(one.title, 80)}”, {len(one.text.split())} words: {changed}{numbers}"
        if one.added:
            yield f"    new: “{_short(one.added)}”"


def _copies(found: Explanation) -> Iterator[str]:
    if found.original is not None:
        yield "\nCopy"
        yield f"  {found.duplicate_kind} copy, {found.similarity or 0:.0%} alike, of {_name(found.original)}"
        if found.updates_original:
            yield "  it says something its original does not, and is told as a report of its own"
        if found.shared_passage:
            yield f"  shared: “{_short(found.shared_passage)}”"
    if found.origin is not None:
        said = found.origin
        by = f"{said.agency}, " if said.agency else ""
        first = f"first in {said.first or 'an outlet not known'}, {moment(said.first_published)}"
        yield f"\nOrigin\n  {by}printed by {said.outlets} outlets, {first}"
    if found.copies:
        yield "\nCopies of it"
        for copy in found.copies:
            yield f"  {_name(copy)}" + (f", {copy.similarity:.0%} alike" if copy.similarity is not None else "")


def _story(found: Explanation) -> Iterator[str]:
    story = found.story
    if story is None:
        return
    yield f"\nStory {story.id}: “{_short(story.life.headline, 80)}”" if story.life else f"\nStory {story.id}"
    yield from summarise(story.life) if story.life else ()
    yield from _place(found, story)
    yield from (f"  also {_name(other)}" + (" (copy)" if other.copy_of else "") for other in story.others)


def _place(found: Explanation, story: JoinedStory) -> Iterator[str]:
    """Yield why the article is in its story, and what it brought."""
    if found.original is not None:
        yield "  it is there with its original"
        return
    terms = ", ".join(f"{term} {part:.2f}" for term, part in story.evidence)
    if story.score is None:
        yield "  it came over when the story was looked at again"
    elif story.opened:
        yield "  it opened the story" + (f"; the nearest other one scored {story.score:.2f}: {terms}" if terms else "")
    else:
        yield f"  joined with a score of {story.score:.2f}: {terms or 'no shared terms'}"
    if story.life and story.life.size > 1 and not story.opened:
        yield "  it added something" if story.added is not None else "  it added nothing that was not told before"
        yield from (f"    {quote(sentence)}" for sentence in story.added or ())


def _topics(found: Explanation) -> Iterator[str]:
    yield "\nTopics"
    if found.original is not None and found.matches:  # what matched stands in the original's text, not in this one
        yield from (f"  {match.topic}: {match.score:.2f}, {match.band.value}" for match in found.matches)
        yield f"  judged by its original: 'storywatch explain {found.original.id}' says why"
        return
    for match in found.matches:
        yield f"  {match.topic}: {match.score:.2f}, {match.band.value}"
        yield from (f"    {reason}" for reason in match.reasons)
        source = {"title": found.title, "text": found.text}
        for span in match.spans:
            said = source.get(span.field, "")[span.start : span.end] or "…"
            yield f"    {span.field} {span.start}–{span.end}: “{said}” ({span.term})"
    if not found.matches:
        yield "  none" if found.state == "analyzed" else "  not read yet"


def _name(other: OtherArticle) -> str:
    return f"{other.id} “{_short(other.title, 80)}”, {other.outlet or 'outlet not known'}, {other.url}"


def _short(text: str, length: int = _SHOWN) -> str:
    return shorten(text, length)
