"""What an ailment means to a person, and what they do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worker.delivery.diagnosis import Ailment
from worker.digests import Catalog


@dataclass(frozen=True, slots=True)
class Advice:
    """What is ill, what to do, how it was `found` out, and a page below `/desk` that helps, or ""."""

    title: str
    act: str
    found: str
    page: str = ""
    is_severe: bool = True


def advise(ailment: Ailment, say: Catalog) -> Advice:
    """Return what is said of the ailment; one without words of its own is told as it was found."""
    words = _words(say).get(ailment.name) or (_of_topics(say) if ailment.part == "topics" else None)
    title, act, page = words or (ailment.said, "", "")
    return Advice(title, act, ailment.said, page, ailment.is_severe)


def unusable(line: str, say: Catalog) -> Advice:
    """Return what is said of a setting that keeps something from working."""
    act = say.gettext("Mend it in storywatch.toml and restart; everything else goes on meanwhile.")
    return Advice(say.gettext("A setting keeps work from being done"), act, line)


def without_redis(found: str, say: Catalog) -> Advice:
    """Return what is said where workers cannot be told of work."""
    act = say.gettext("Start it, or look at REDIS_URL. The service finds its work by the clock as soon as it is back.")
    return Advice(say.gettext("Redis cannot be reached: nobody works"), act, found)


def undelivered(count: int, say: Catalog) -> Advice:
    """Return what is said of mails that were given up."""
    title = say.ngettext("%(num)s mail could not be delivered", "%(num)s mails could not be delivered", count)
    act = say.gettext("What they told goes with the next digest. Each says why, and can be tried again.")
    return Advice(title, act, "", "/readers", is_severe=False)


def ill_feeds(count: int, of: int, say: Catalog) -> Advice:
    """Return what is said of feeds that do not fare well, where they are too few to be an ailment."""
    title = say.ngettext("%(num)s feed needs a look", "%(num)s feeds need a look", count)
    found = say.gettext("%(ill)s of %(all)s feeds") % {"ill": count, "all": of}
    act = say.gettext("Each says why. Remove what is gone, and wait for what is only away.")
    return Advice(title, act, found, "/feeds?state=ill", is_severe=False)


def _of_topics(say: Catalog) -> tuple[str, str, str]:
    act = say.gettext(
        "Do its feeds still bring news, and does its query still fit? Search for what it should have found."
    )
    return say.gettext("A topic has fallen silent"), act, "/topics"


def _words(say: Catalog) -> Mapping[str, tuple[str, str, str]]:
    """By ailment: what is ill, what to do, and the page that helps."""
    return {
        "clock": (
            say.gettext("The clock is not ticking: nothing is fetched or mailed"),
            say.gettext("Is the service running, with its beat and its workers? Its log says why it ended."), "",
        ),
        "clock jumped": (
            say.gettext("The machine's clock was set"),
            say.gettext("If it is right now, there is nothing to do."), "",
        ),
        "disk": (
            say.gettext("The disk is nearly full"),
            say.gettext("Make room, or keep less: [keep] in storywatch.toml. Work goes on by itself."), "",
        ),
        "mail refused": (
            say.gettext("The mail server takes nothing from us"),
            say.gettext("Look at login and sender in [mail]. What waits goes out by itself afterwards."), "/readers",
        ),
        "mail server": (
            say.gettext("A mail server is out of order"),
            say.gettext("It is tried again by itself. If that lasts, look at [mail]."), "/readers",
        ),
        "webhook refused": (
            say.gettext("A webhook does not let us in"),
            say.gettext("Look at its address and its secret in [[webhooks]]."), "/readers",
        ),
        "no feed read": (
            say.gettext("No feed could be read for an hour"),
            say.gettext("Is the machine on the net? Look at its DNS and its proxy."), "/feeds",
        ),
        "feeds failing": (
            say.gettext("Many feeds fail"),
            say.gettext("Each says why. Remove what is gone, and wait for what is only away."), "/feeds?state=ill",
        ),
    }  # fmt: skip
