"""The sentences of a digest, in the reader's language. Everything translatable stands here."""

from __future__ import annotations

from collections.abc import Sequence

from worker.digests.catalog import Catalog


def subject(say: Catalog, stories: int, headline: str) -> str:
    """Count and top headline; the headline comes last, where a phone may cut it."""
    if not stories:
        return say.gettext("No new stories")
    return f"{counted_stories(say, stories)}: {headline}"


def counted_stories(say: Catalog, count: int) -> str:
    """How many stories, in words."""
    return say.ngettext("%(num)s story", "%(num)s stories", count)


def summary(say: Catalog, *, stories: int, reports: int, outlets: int) -> str:
    """One line: how much is in it."""
    return say.gettext("%(stories)s in %(reports)s from %(outlets)s") % {
        "stories": counted_stories(say, stories),
        "reports": say.ngettext("%(num)s report", "%(num)s reports", reports),
        "outlets": say.ngettext("%(num)s outlet", "%(num)s outlets", outlets),
    }


def developed(say: Catalog, stories: int) -> str:
    """How many of the stories the reader has had before."""
    return say.ngettext("%(num)s updated since your last digest", "%(num)s updated since your last digest", stories)


def nothing(say: Catalog, *, watched: int, troubled: int) -> str:
    """The line of an empty digest."""
    if not watched:
        return say.gettext("Nothing matched your topics.")
    if troubled:
        healthy = say.gettext("%(healthy)s of %(watched)s feeds healthy") % {
            "healthy": say.number(max(watched - troubled, 0)),
            "watched": say.number(watched),
        }
    else:
        healthy = say.ngettext("the %(num)s feed is healthy", "all %(num)s feeds healthy", watched)
    return say.gettext("Nothing matched your topics; %(healthy)s.") % {"healthy": healthy}


def preheader(say: Catalog, headlines: Sequence[str]) -> str:
    """What an inbox shows after the subject: the next headlines."""
    return say.gettext("Also: %(headlines)s") % {"headlines": " · ".join(headlines)} if headlines else ""


def updated(say: Catalog, news: int) -> str:
    """Mark of a story the reader has had before."""
    return say.ngettext("updated: %(num)s new report", "updated: %(num)s new reports", news)


def new_report(say: Catalog) -> str:
    """Before a report that the reader has not had, of a story they have."""
    return say.gettext("new")


def told_as(say: Catalog, headline: str) -> str:
    """Under a headline that is not the one they had the story by."""
    return say.gettext("before: “%(headline)s”") % {"headline": headline}


def opinion(say: Catalog) -> str:
    """Over what comments on the news."""
    return say.gettext("Opinion")


def other_subtopic(say: Catalog) -> str:
    """Over the stories that belong to none of their topic's parts."""
    return say.gettext("More on this topic")


def reprints(say: Catalog, count: int, names: Sequence[str]) -> str:
    """Copies folded into their original; `names` are the outlets, with an ellipsis where there are more."""
    counted = say.ngettext("+%(num)s reprint", "+%(num)s reprints", count)
    return f"{counted}: {', '.join(names)}" if names else counted


def wire_reprints(say: Catalog, wire: str, count: int, names: Sequence[str]) -> str:
    """A wire agency's report and the outlets that printed it; `names` as for `reprints`."""
    counted = say.ngettext("reprinted by %(num)s", "reprinted by %(num)s", count)
    return f"{wire}, {counted}: {', '.join(names)}" if names else f"{wire}, {counted}"


def unsure(say: Catalog) -> str:
    """Over the matches of the widest band."""
    return say.gettext("Wider matches: these may be beside the point")


def feed_only(say: Catalog) -> str:
    """Mark of a report of which only what its outlet announced could be had, not the page."""
    return say.gettext("summary only")


def rewritten(say: Catalog) -> str:
    """Mark of a report that says more than it did, or something else."""
    return say.gettext("updated")


def untitled(say: Catalog) -> str:
    """In place of a headline for an article that has no title."""
    return say.gettext("untitled")


def matched(say: Catalog, terms: Sequence[str]) -> str:
    """Why a story is here."""
    return say.gettext("matched: %(terms)s") % {"terms": ", ".join(terms)}


def more_reports(say: Catalog, count: int) -> str:
    """Reports not named one by one."""
    return say.ngettext("+%(num)s more report", "+%(num)s more reports", count)


def more_stories(say: Catalog, count: int) -> str:
    """Stories cut to keep the length."""
    return say.ngettext("%(num)s more story", "%(num)s more stories", count)


def state(say: Catalog, name: str) -> str:
    """A feed's state; one without a phrase is shown by its name."""
    return {
        "failing": say.gettext("failing"),
        "blocked": say.gettext("blocked"),
        "gone": say.gettext("gone"),
        "silent": say.gettext("silent"),
    }.get(name, name)


def more_troubles(say: Catalog, count: int) -> str:
    """Feeds with trouble that are not named one by one."""
    return say.ngettext("and %(num)s more feed", "and %(num)s more feeds", count)


def why(say: Catalog, address: str, topics: Sequence[str]) -> str:
    """Why this person gets this mail."""
    if not topics:
        return say.gettext("You get this because %(address)s is subscribed.") % {"address": address}
    return say.gettext("You get this because %(address)s is subscribed to %(topics)s.") % {
        "address": address,
        "topics": ", ".join(topics),
    }


def times(say: Catalog, place: str) -> str:
    """Whose clock the times are on."""
    return say.gettext("Times: %(place)s") % {"place": place}


def labels(say: Catalog) -> dict[str, str]:
    """Fixed words the templates use, by name."""
    return {
        "feedback": say.gettext("Relevant?"),
        "relevant": say.gettext("yes"),
        "not_relevant": say.gettext("no"),
        "mute": say.gettext("Mute"),
        "contents": say.gettext("In this digest"),
        "first": say.gettext("Back to the first page"),
        "past": say.gettext("Past digests"),
        "troubles": say.gettext("Trouble with sources"),
        "archive": say.gettext("Read in the browser"),
        "in_archive": say.gettext("in the archive"),
        "manage": say.gettext("Change topics or schedule"),
        "unsubscribe": say.gettext("Unsubscribe"),
    }
