"""`storywatch topics train`: a topic's weights learned from labelled articles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker.analysis.json_values import plain
from worker.cli.terminal import JsonOption, say, write_json, write_table
from worker.cli.topics.choice import find_topic, topic_path
from worker.cli.topics.labels import read_label
from worker.errors import ConfigurationError
from worker.replay.json_lines import read_json_lines, take_text

if TYPE_CHECKING:
    from worker.topics import Topic
    from worker.topics.learning.quality import LabelledArticle, Quality
    from worker.topics.learning.training import TrainingResult


def train(
    name: Annotated[str, typer.Argument(metavar="FILE|NAME", help="A topic file, or the name of a topic in use.")],
    labels: Annotated[
        Path | None, typer.Option(help="JSON lines of title, text, language, label. Without: the stored labels.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The model file to write. Without: beside the topic file.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write it even where it is no better.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Learn a topic's weights from labelled articles; the model in use is replaced only by a better one."""
    from worker.setup.base_deps import utc_now
    from worker.topics.learning.training import train as train_topic

    topic = find_topic(name)
    target = out or _model_path(name, topic)
    labelled = _read_labels(labels) if labels else _stored_labels(topic)
    result = train_topic(topic, labelled, today=utc_now().date())
    written = result.better or force
    if written:
        _write(target, result.model.dump())
        if topic_path(name) is None:
            _write_topic(target.with_name(f"{topic.name}.toml"), topic, target.name)
    if as_json:
        write_json(_as_json(topic, result, target if written else None))
    else:
        _show(result)
        _say_what_next(topic, result, target, written=written)
    if not written:
        raise typer.Exit(1)


def _model_path(name: str, topic: Topic) -> Path:
    from worker.topics import model_file

    path = topic_path(name)
    if path is None:
        raise ConfigurationError(f"{topic.name} is built in: name the model file to write with --out")
    return path.parent / (model_file(topic.source) or f"{topic.name}.model.toml")


def _read_labels(path: Path) -> list[LabelledArticle]:
    from worker import pages, topics
    from worker.topics.learning.quality import LabelledArticle

    def read(number: int, row: dict[str, Any]) -> LabelledArticle:
        where = f"{path} line {number}"
        title, text = (take_text(row, key, where, default="") for key in ("title", "text"))
        language = take_text(row, "language", where, default="") or pages.detect_language(text)
        return LabelledArticle(
            topics.TopicArticle(title, text, language),
            read_label(take_text(row, "label", where), f"{where}: 'label'"),
            group=take_text(row, "group", where, default=""), id=take_text(row, "id", where, default=str(number)),
        )  # fmt: skip

    return [read(number, row) for number, row in read_json_lines(path)]


def _stored_labels(topic: Topic) -> list[LabelledArticle]:
    from worker.cli.installation import open_installation
    from worker.storage.topics.labels import labelled_articles

    with open_installation().reading() as session:
        return labelled_articles(session, topic.name)


def _write(path: Path, text: str) -> None:
    unfinished = path.with_name(path.name + ".part")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _write_topic(path: Path, topic: Topic, model: str) -> None:
    """A built-in topic beside its new model, so that it can be named in `topic_files`."""
    from worker.topics.topic_file import with_model

    if not path.exists():
        _write(path, with_model(topic.source, model))
        say(f"Written: {path}; name it in topic_files to use it in place of the built-in one")


def _as_json(topic: Topic, result: TrainingResult, written: Path | None) -> dict[str, Any]:
    def figures(quality: Quality) -> dict[str, Any]:
        return {**plain(quality), "precision": quality.precision, "recall": quality.recall, "f1": quality.f1}

    return {
        "topic": topic.name, "better": result.better, "why": result.why, "written": written,
        "quality": {name: figures(quality) for name, quality in result.quality.items()},
        "quality_in_use": {name: figures(quality) for name, quality in result.quality_before.items()},
        "bands": {band.value: figures(quality) for band, quality in result.bands.items()},
        "lengths": {length.value: figures(quality) for length, quality in result.lengths.items()},
        "calibration": result.calibration, "thresholds": result.model.thresholds,
    }  # fmt: skip


def _show(result: TrainingResult) -> None:
    model = result.model
    say(f"{model.yes} articles labelled yes, {model.no} no; each judged by weights that had not seen it\n")
    rows = [
        (language, *_figures(result.quality_before[language]), *_figures(quality))
        for language, quality in result.quality.items()
    ]
    write_table(("language", "precision in use", "recall", "F1", "precision learned", "recall", "F1"), rows)
    say("\nBy band")
    bands = [
        (band.value, f"{model.thresholds.least(band):.2f}", *_figures(found)) for band, found in result.bands.items()
    ]
    write_table(("band", "from", "precision", "recall", "F1"), bands)
    say("\nBy length")
    lengths = [(length.value, *_figures(found)) for length, found in result.lengths.items()]
    write_table(("length", "precision", "recall", "F1"), lengths)
    say("\nCalibration")
    calibration = [
        (f"{row.low:.1f}–{row.high:.1f}", str(row.articles), f"{row.mean_score:.2f}", f"{row.share_yes:.2f}")
        for row in result.calibration
    ]
    write_table(("score", "articles", "mean score", "share of yes"), calibration)


def _figures(quality: Quality) -> tuple[str, str, str]:
    return f"{quality.precision:.2f}", f"{quality.recall:.2f}", f"{quality.f1:.2f}"


def _say_what_next(topic: Topic, result: TrainingResult, target: Path, *, written: bool) -> None:
    say(f"\n{'Better' if result.better else 'Not better'}: {result.why}")
    if not written:
        say(f"{target} is left as it is; --force writes it all the same")
        return
    say(f"Written: {target}")
    if topic.model is None:
        say(f'To use it, write into the topic file, below its name: model = "{target.name}"')
