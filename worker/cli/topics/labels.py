"""`storywatch topics label`, `labels` and `confusion`: what people say of articles, and where a topic differs."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker.analysis.json_values import plain
from worker.cli.explain import find_explanation
from worker.cli.installation import open_installation
from worker.cli.terminal import JsonOption, answer, moment, say, write_json, write_table
from worker.cli.topics.choice import NameArgument, topic_in_use
from worker.errors import ConfigurationError

if TYPE_CHECKING:
    from worker.topics import Label, LabelledArticle, Topic
    from worker.topics.learning.confusion import Confusion, LabelledScore


def label(
    name: NameArgument,
    article: Annotated[str, typer.Argument(metavar="URL|ID", help="The article's address or number.")],
    said: Annotated[str, typer.Argument(metavar="yes|no|borderline", help="Whether it is about the topic.")],
    who: Annotated[str, typer.Option(help="Who says so. Default: the name you are logged in by.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Say whether an article is about a topic; saying it again replaces what you said before."""
    from worker.storage.topics.labels import save_label

    word = read_label(said, "the label")
    topic, deps = topic_in_use(name), open_installation()
    found, person = find_explanation(deps, article), who or _login()
    with deps.transaction() as session:
        save_label(session, topic.name, found.id, word, who=person, via="command", now=deps.now())
    title = found.title or found.entry_title
    answer(
        {"topic": topic.name, "article": found.id, "url": found.url, "label": said, "who": person},
        f"{said}: {title}", as_json=as_json,
    )  # fmt: skip


def read_label(text: str, where: str) -> Label:
    """Return the label that is written. Raises `ConfigurationError` that begins with `where`."""
    from worker.topics.learning.quality import Label

    if text not in list(Label):
        raise ConfigurationError(f"{where} is {text!r:.40}: write {', '.join(Label)}")
    return Label(text)


def labels(
    name: NameArgument,
    out: Annotated[Path | None, typer.Option(help="Also write them as JSON lines that 'train --labels' reads.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List what people said of the topic's articles: who, when, and how."""
    from worker.storage.topics.labels import labelled_articles, labels_of

    topic, deps = topic_in_use(name), open_installation()
    with deps.reading() as session:
        found = labels_of(session, topic.name)
        labelled = labelled_articles(session, topic.name) if out else []
    if out is not None:
        _write_labels(out, labelled)
    if as_json:
        write_json(found)
        return
    rows = [(one.label.value, str(one.article_id), one.title, one.who, one.via, moment(one.at)) for one in found]
    write_table(("label", "article", "headline", "who", "via", "when"), rows)


def confusion(name: NameArgument, as_json: JsonOption = False) -> None:
    """Show where the topic, as it is now, and the labelled articles differ.

    An article that the topic's learned model was fitted to counts with the score it had before that.
    """
    from worker.storage.topics.labels import labelled_articles
    from worker.topics.learning.confusion import confuse

    topic, deps = topic_in_use(name), open_installation()
    with deps.reading() as session:
        scored = _score(topic, labelled_articles(session, topic.name))
    found = confuse(scored, topic.thresholds.balanced)
    if as_json:
        write_json({**plain(found), "precision": found.precision, "recall": found.recall})
    else:
        _show(topic.name, found)


def _score(topic: Topic, labelled: Sequence[LabelledArticle]) -> list[LabelledScore]:
    from worker.topics import TopicSet
    from worker.topics.backtest import open_to_all
    from worker.topics.learning.confusion import LabelledScore
    from worker.topics.model import article_key

    topic_set = TopicSet((open_to_all(topic),))
    seen = topic.model.seen if topic.model else {}
    found = []
    for each in labelled:
        match = next(iter(topic_set.match(each.article)), None)
        held_back = seen.get(article_key(each.article))
        score = held_back if held_back is not None else match.score if match else 0.0
        found.append(
            LabelledScore(int(each.id), each.article.title, each.label.value, score, held_back=held_back is not None)
        )
    return found


def _show(name: str, found: Confusion) -> None:
    say(f"Topic {name}, a hit from {found.threshold:g}")
    rows = [
        ("yes", str(found.right_hits), str(len(found.missed))),
        ("no", str(len(found.wrong_hits)), str(found.right_misses)),
        ("borderline", str(len(found.borderline_hits)), str(len(found.borderline_misses))),
    ]
    write_table(("labelled", "hit", "no hit"), rows)
    say(f"precision {_share(found.precision)}, recall {_share(found.recall)}")
    for title, articles in (
        ("Hits labelled no", found.wrong_hits),
        ("Labelled yes and missed", found.missed),
        ("Borderline hits", found.borderline_hits),
    ):
        if articles:
            lines = [(f"{each.score:.2f}", str(each.article_id), each.title) for each in articles]
            write_table(("score", "article", "headline"), lines, title=title)


def _write_labels(path: Path, labelled: Sequence[LabelledArticle]) -> None:
    from worker.replay.json_lines import write_json_lines

    write_json_lines(
        path,
        (
            {
                "id": each.id, "title": each.article.title, "text": each.article.text,
                "language": each.article.language, "label": each.label.value, "group": each.group,
            }
            for each in labelled
        ),
    )  # fmt: skip


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
