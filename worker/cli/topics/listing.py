"""`storywatch topics list`: what is looked for, and what each topic found in seven days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from worker.cli.terminal import JsonOption, write_json, write_table
from worker.cli.topics.choice import installation_if_any
from worker.setup.settings import load_settings

if TYPE_CHECKING:
    from worker.storage.topics.topic_rows import MatchCount
    from worker.topics import Topic

_WEEK = timedelta(days=7)


def list_topics(as_json: JsonOption = False) -> None:
    """List the topics in use, built in and from the configured files, and what each found in seven days."""
    from worker.setup.topic_sources import load_topics

    found = load_topics(load_settings())
    matches = _matches_of_a_week()
    if as_json:
        write_json([_facts(one, matches) for one in found])
        return
    rows = [
        (
            one.name, one.title("en"), ", ".join(one.languages), describe_model(one),
            f"{one.thresholds.strict:g} / {one.thresholds.balanced:g} / {one.thresholds.wide:g}",
            _count(one, matches), one.description,
        )
        for one in found
    ]  # fmt: skip
    headers = ("name", "title", "languages", "model", "strict / balanced / wide", "7 days", "description")
    write_table(headers, rows, where_wide=("model", "strict / balanced / wide", "description"), below=("title",))


def describe_model(topic: Topic) -> str:
    """Return the topic's learned model in a few words."""
    model = topic.model
    if model is None:
        return "–"
    return f"{len(model.words)} words from {model.yes} yes, {model.no} no" + (
        f", {model.trained}" if model.trained else ""
    )


def _count(topic: Topic, matches: Mapping[str, MatchCount] | None) -> str:
    found = matches.get(topic.name) if matches else None
    if found is None:
        return "–" if matches is None else "0"
    return f"{found.hits} + {found.borderline} borderline" if found.borderline else str(found.hits)


def _matches_of_a_week() -> Mapping[str, MatchCount] | None:
    """By topic; None where there is no database yet."""
    from worker.storage.topics.topic_rows import count_matches

    deps = installation_if_any()
    if deps is None:
        return None
    with deps.reading() as session:
        return count_matches(session, since=deps.now() - _WEEK)


def _facts(topic: Topic, matches: Mapping[str, MatchCount] | None) -> dict[str, object]:
    found = matches.get(topic.name) if matches else None
    return {
        "name": topic.name,
        "titles": dict(topic.titles),
        "description": topic.description,
        "languages": topic.languages,
        "model": describe_model(topic) if topic.model else None,
        "thresholds": topic.thresholds,
        "matches_of_7_days": None if matches is None else found.hits if found else 0,
        "borderline_of_7_days": None if matches is None else found.borderline if found else 0,
    }
