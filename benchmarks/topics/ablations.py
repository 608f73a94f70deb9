"""What each part of the topic is worth, what its lists are worth unread, and what one length teaches of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from benchmarks.topics.quality import by_set, report_judged, show
from worker.topics import (
    Band,
    JudgedArticle,
    LabelledArticle,
    Topic,
    role_signals,
    train,
)
from worker.topics.article_index import Length, index_article
from worker.topics.fewer_terms import terms_of_one_part, without_terms
from worker.topics.learning.lesson import Lesson
from worker.topics.learning.quality import fires, measure
from worker.topics.learning.unread import unread_rows
from worker.topics.roles import role_query


def report_halves(topic: Topic, labelled: Sequence[LabelledArticle], seed: int) -> None:
    """Lists as if written from one half of the rows, judged on the other."""
    judged: list[JudgedArticle] = []
    sides = [{number for number, each in enumerate(labelled) if half(each) == side} for side in (0, 1)]
    only = terms_of_one_part(topic, [each.article for each in labelled], sides)
    one, two = ([labelled[number] for number in sorted(side)] for side in sides)
    for written, unread, strange in ((one, two, only[1]), (two, one, only[0])):
        judged += judge_apart(replace(without_terms(topic, strange), model=None), written, unread, seed)
        print(f"lists of one half ({len(strange)} terms taken out), {len(unread)} articles of the other")
    report_judged(judged)


def report_ablations(topic: Topic, labelled: Sequence[LabelledArticle], seed: int) -> None:
    whole = train(replace(topic, model=None), labelled, seed=seed)
    tried = {f"without the role {role.name}": without_role(topic, role.name) for role in topic.roles}
    generated = {signal.name for signal in role_signals(topic.roles, topic.languages)}
    others = [signal for signal in topic.signals if signal.name not in generated]
    tried |= {f"without {signal.name!r}": without_signals(topic, {signal.name}) for signal in others}
    guards = {signal.name for signal in others if signal.weight < 0}
    tried["without any guard"] = without_signals(topic, guards)
    tried["roles and guards alone"] = without_signals(topic, {each.name for each in others if each.weight > 0})
    print("ablations: balanced F1 of each set, difference to the whole")
    known = dict(by_set(whole.judged))
    print("  whole           " + "  ".join(f"{name} {quality.f1:.3f}" for name, quality in known.items()))
    for name, each in tried.items():
        result = train(replace(each, model=None, examples=()), labelled, seed=seed)
        parts = dict(by_set(result.judged))
        print(f"  {name:60} " + "  ".join(f"{part} {parts[part].f1 - known[part].f1:+.3f}" for part in known))
    lengths = {each.id: index_article(each.article).length for each in labelled}
    long = [each for each in labelled if lengths[each.id] is Length.LONG]
    short = [each for each in labelled if lengths[each.id] is not Length.LONG]
    for name, taught, tested in (("long on short", long, short), ("short on long", short, long)):
        judged = judge_apart(replace(topic, model=None), taught, tested, seed)
        show(f"  {name}", measure(judged, lambda each: fires(each, Band.BALANCED)))


def judge_apart(
    topic: Topic, taught: Sequence[LabelledArticle], tested: Sequence[LabelledArticle], seed: int
) -> list[JudgedArticle]:
    lesson = Lesson(topic, seed)
    fitted = lesson.fit_calibrated(lesson.rows(taught), 5, unread_rows(topic, taught, 5, seed))
    return [fitted.judge(row) for row in lesson.rows(tested)]


def without_signals(topic: Topic, names: set[str]) -> Topic:
    return replace(topic, signals=tuple(signal for signal in topic.signals if signal.name not in names))


def without_role(topic: Topic, name: str) -> Topic:
    roles = tuple(role for role in topic.roles if role.name != name)
    generated = {signal.name for signal in role_signals(topic.roles, topic.languages)}
    kept = tuple(signal for signal in topic.signals if signal.name not in generated)
    return replace(
        topic, roles=roles, queries=role_query(roles, topic.languages),
        signals=(*role_signals(roles, topic.languages), *kept),
    )  # fmt: skip


def half(labelled: LabelledArticle) -> int:
    """By the group, so that no event stands in both."""
    return sha256(labelled.group.encode()).digest()[0] % 2
