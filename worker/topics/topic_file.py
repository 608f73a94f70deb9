"""The topic file: a topic as a person writes it, in TOML.

    name = "tequila-tariffs"
    description = "Tariffs on tequila and mezcal."
    languages = ["en", "es"]

    model = "tequila-tariffs.model.toml"    # optional; what `storywatch topics train` learned, beside this file

    [title]                     # for display; one for each language
    en = "Tequila tariffs"

    [define]                    # parts of queries, used as @spirits; each may use those before it
    spirits = "tequila OR mezcal"

    [query]                     # what is considered at all; for one language, or for `any`
    any = "@spirits AND (tariff* OR arancel*)"

    [scoring]                   # optional; log-odds (see Topic)
    bias = -2.0
    query = 5.0

    [thresholds]                # optional; scores of the bands
    strict = 0.8
    balanced = 0.5
    wide = 0.3

    [[signal]]                  # any number; what speaks for the topic
    name = "trade talks"
    weight = 1.5
    query.en = '"trade talks" OR "trade deal"'

    [[against]]                 # any number; what speaks against it
    name = "cocktail recipes"
    weight = 3.0
    query.any = "recipe* OR receta*"

    [[subtopic]]                # any number; what a digest groups the topic's stories by, the best fit each
    name = "talks"
    title.en = "Trade talks"    # for display; one for each language
    query.any = "talks OR negotiat*"

    [[example]]                 # checked whenever the file is loaded
    name = "a duty on agave spirits"
    match = true
    language = "en"
    title = "..."
    text = "..."

A key that is not named here is refused.
"""

from __future__ import annotations

import re
import tomllib

from worker.errors import TopicFileError
from worker.text.languages import is_code
from worker.topics.file_parts import read_example, read_role, read_signals, read_subtopic
from worker.topics.file_queries import Definitions, language_queries, read_definitions, required_queries
from worker.topics.ignored import ignored_terms
from worker.topics.matching import TopicSet
from worker.topics.model import LinearModel, is_model_file, load_model
from worker.topics.roles import BIAS as ROLE_BIAS
from worker.topics.roles import Role, role_query
from worker.topics.signal import LanguageQuery
from worker.topics.thresholds import read_thresholds
from worker.topics.topic import BIAS, QUERY_WEIGHT, Topic
from worker.topics.topic_table import TopicTable

MAX_BYTES = 512 * 1024
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MODEL_MARK = "\n# --- its model, as it was when this topic was loaded\n"


def load_topic(source: str, *, name_hint: str = "", model_text: str | None = None, tried: bool = False) -> Topic:
    """Read the text of a topic file; `name_hint` (its file name, say) only opens the error messages.

    The examples of a topic that was `tried` before are not tried again, which takes a third of the time.

    `model_text` is the text of the file that `model_file(source)` names. A `Topic.source` carries it along, so
    that `load_topic(topic.source)` gives the same topic.

    Raises TopicFileError naming the key and what was expected; a fault in a query is named with its
    line and column in that query; an example that fails is named with the score it had.
    """
    where = f"{name_hint}: " if name_hint else ""
    if len(source.partition(_MODEL_MARK)[0]) > MAX_BYTES:
        raise TopicFileError(f"{where}a topic file has at most {MAX_BYTES // 1024} KB")
    try:
        written, mark, carried = source.partition(_MODEL_MARK)
        learned = carried if mark and model_text is None else model_text
        topic = _topic(TopicTable("", tomllib.loads(written)), written, learned)
        if not tried:
            _check_examples(topic)
    except (ValueError, RecursionError) as fault:
        raise TopicFileError(f"{where}not TOML: {fault}") from fault
    except TopicFileError as fault:
        raise TopicFileError(f"{where}{fault}") from fault
    return topic


def model_file(source: str) -> str | None:
    """The file name of the learned model that a topic file asks for; None where it asks for none.

    Raises TopicFileError where the text is not TOML or the name is a path.
    """
    written, _, _ = source.partition(_MODEL_MARK)
    try:
        return _model_name(TopicTable("", tomllib.loads(written)))
    except (ValueError, RecursionError) as fault:
        raise TopicFileError(f"not TOML: {fault}") from fault


def with_model(source: str, name: str) -> str:
    """The text of a topic file, without what it carries along, asking for the model of that file name."""
    written, _, _ = source.partition(_MODEL_MARK)
    lines = [line for line in written.splitlines(keepends=True) if not re.match(r"model\s*=", line)]
    return f'model = "{name}"\n' + "".join(lines)


def _topic(table: TopicTable, source: str, model_text: str | None) -> Topic:
    name = table.text("name")
    if not _NAME.fullmatch(name) or len(name) > 80:
        raise TopicFileError(f"name: {name!r}; expected small letters, digits and hyphens")
    languages = _languages(table)
    definitions = read_definitions(table)
    scoring = table.table("scoring")
    thresholds = read_thresholds(table.table("thresholds"))
    model = _model(table, name, model_text)
    ignored = ignored_terms(language_queries(table.table("ignore"), languages, definitions))
    roles = tuple(read_role(each, languages, definitions, ignored) for each in table.tables("role"))
    topic = Topic(
        name=name,
        titles=tuple(_titles(table).items()),
        description=table.text("description", ""),
        languages=languages,
        queries=_considered(table, languages, definitions, roles),
        bias=scoring.number("bias", ROLE_BIAS if roles else BIAS),
        query_weight=scoring.number("query", 0.0 if roles else QUERY_WEIGHT),
        signals=read_signals(table, languages, definitions, roles, ignored),
        roles=roles,
        thresholds=model.thresholds if model else thresholds,
        subtopics=tuple(read_subtopic(each, languages, definitions) for each in table.tables("subtopic")),
        examples=tuple(read_example(each) for each in table.tables("example")),
        model=model,
        source=f"{source}{_MODEL_MARK}{model_text}" if model else source,
    )
    scoring.done()
    table.done()
    return topic


def _model_name(table: TopicTable) -> str | None:
    name = table.optional_text("model")
    if name is not None and not is_model_file(name):
        raise TopicFileError(f"model: {name!r}; expected the name of a file beside the topic file")
    return name


def _model(table: TopicTable, topic: str, text: str | None) -> LinearModel | None:
    name = _model_name(table)
    if name is None:
        return None
    if text is None:
        raise TopicFileError(f"model: the file {name} is missing; put it beside the topic file or take out this line")
    if len(text) > MAX_BYTES:
        raise TopicFileError(f"model: {name} is larger than {MAX_BYTES // 1024} KB")
    try:
        model = load_model(text)
    except TopicFileError as fault:
        raise TopicFileError(f"model: {name}: {fault}") from fault
    if model.topic != topic:
        raise TopicFileError(f"model: {name} was trained for {model.topic!r}, not for {topic!r}")
    return model


def _languages(table: TopicTable) -> tuple[str, ...]:
    languages = table.texts("languages")
    if not all(map(is_code, languages)):
        raise TopicFileError('languages: expected codes of two small letters, such as ["en", "es"]')
    return languages


def _titles(table: TopicTable) -> dict[str, str]:
    titles = table.table("title")
    return {language: titles.text(language) for language in titles.names()}


def _considered(
    table: TopicTable, languages: tuple[str, ...], definitions: Definitions, roles: tuple[Role, ...]
) -> tuple[LanguageQuery, ...]:
    """The topic's query; where it has roles they make it, and one written besides narrows them."""
    if not roles:
        return required_queries(table, "query", languages, definitions)
    if len(roles) == 1 or len({role.name for role in roles}) < len(roles):
        raise TopicFileError("role: expected two roles or more, with different names")
    if "query" in table.names():
        raise TopicFileError("query: a topic with roles is considered where two of them show; take out the query")
    return role_query(roles, languages)


def _check_examples(topic: Topic) -> None:
    compiled = TopicSet((topic,))
    for example in topic.examples:
        found = compiled.match(example.article)
        matched = bool(found) and not found[0].band.is_unsure
        if matched != example.matches:
            wanted = "must match" if example.matches else "must not match"
            score = f"scores {found[0].score:.2f}" if found else f"scores below {topic.thresholds.wide:.2f}"
            why = "; ".join(found[0].reasons[:3]) if found else "no reason for it was found"
            raise TopicFileError(
                f"example {example.name!r} {wanted}, but {score} (balanced is {topic.thresholds.balanced:.2f}): {why}"
            )
