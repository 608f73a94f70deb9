"""How well the built-in topic tells articles apart, what each part of it is worth, and what many topics cost.

    python -m benchmarks.topics --data ../shared/bench/topics [--seed 0] [--write MODEL] [--errors] [--rounds 3]
    python -m benchmarks.topics --data ../shared/bench/topics --ablations --halves

The development rows are those of DATA (long articles), of DATA/short, and the project's own short items
(tests/golden/topics/short_items.jsonl), taken together.

Quality, protocol: five folds, alike in labels and languages; reports of one event (alike in their first words and
at most four days apart) stay in one fold. An article is judged by a model of the four other folds: the weights, the
calibration and the three thresholds are made of these alone (thresholds and calibration by five folds within them).
The topic's own examples are fitted to, in every fold, and never counted. What no fold can undo: the *words of the
topic's lists* were written by people who had read the rows. `--halves` bounds that: every term is taken out of the
lists that occurs in rows of one half (by hash of the id) and in none of the other, so that the lists are as if written
from that other half; the half that was not read is judged, fitted to the other. Both halves in turn. `--ablations`
takes out one role, one guard or one other signal at a time, and crosses lengths: fitted to long articles and judged on
short ones, and the reverse.

`--write` writes a model whose cuts are chosen on the long and the short set alone, from scores held back.

`in use` is the topic as it is installed; articles which its model was fitted to count with the score they had while
they were held back. `curve` moves one threshold over the scores of articles held back: to choose a point on it is
hindsight.

Speed: articles per second of CPU time, best of `--rounds`, tokenising and explaining included. The many topics are
distinct: each has its own places and subjects, words and prefixes in two languages; the built-in one, by far the
heaviest, is the first of them, so a light one is measured alone as well. The loop beside them searches a compiled
regular expression for each topic's words and does nothing more.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from itertools import product
from pathlib import Path
from time import process_time

from worker.topics import (
    Band,
    JudgedArticle,
    LabelledArticle,
    LanguageQuery,
    LinearModel,
    Quality,
    Topic,
    TopicArticle,
    TopicQuery,
    TopicSet,
    TrainingResult,
    builtin_topics,
    load_topic,
    role_signals,
    train,
)
from worker.topics.article_index import Length, index_article
from worker.topics.backtest import without_term
from worker.topics.learning.lesson import Lesson
from worker.topics.learning.quality import BALANCED_PRECISION, Label, choose_thresholds, decided, fires, measure
from worker.topics.model import article_key
from worker.topics.queries.tree import Term, leaves
from worker.topics.roles import role_query
from worker.topics.tokens import tokenise

NAME = "us-mexico-migration"
OWN_ITEMS = Path(__file__).parent.parent / "tests" / "golden" / "topics" / "short_items.jsonl"
EVENT_DAYS, EVENT_LIKENESS, EVENT_WORDS = 4, 0.12, 60
PLACES = """
argentina argentin*, bolivia bolivian*, brazil brasil*, canada canadian*, chile chilean*, china chin*,
colombia colombian*, cuba cuban*, ecuador quito, egypt egip*, france franc*, germany aleman*, haiti haitian*,
india indi*, iran teheran, israel israel*, italy ital*, japan japon*, kenya kenian*, korea core*, libya libi*,
nigeria nigerian*, norway norueg*, pakistan pakistan*, panama panamen*, peru peruan*, poland polon*, russia
rus*, spain espan*, sudan sudan*, sweden sueci*, syria siri*, turkey turqui*, ukraine ucrani*, venezuela
venezol*, texas texan*, california californi*, arizona phoenix, florida miami, chicago illinois
"""
SUBJECTS = """
tariff* arancel* trade comercio, elections eleccion* ballot* votante*, wildfire* incendio* drought* sequia*,
vaccin* vacuna* hospital* virus, football futbol league liga
"""
HOSTILE_WORDS = "migrants mexico border asylum caravan deported juarez frontera migrante deportados trump tariff"


def read(path: Path) -> list[dict[str, object]]:
    with path.open(encoding="utf8") as lines:
        return [json.loads(line) for line in lines]


def labelled_articles(folder: Path) -> list[LabelledArticle]:
    """All development rows: their ids begin with the name of their set."""
    sets = [("long", folder), ("short", folder / "short")]
    return [row for name, place in sets if place.is_dir() for row in rows_of(place, name)] + own_items()


def rows_of(folder: Path, name: str) -> list[LabelledArticle]:
    rows = read(folder / "IN.jsonl")
    gold = {row["id"]: row for row in read(folder / "GOLD.jsonl")}
    labels = [Label(gold[row["id"]]["label"]) for row in rows]
    articles = [TopicArticle(str(row["title"]), str(row["text"]), str(row["language"])) for row in rows]
    days = [datetime.fromisoformat(str(row["published"])).date() if row["published"] else None for row in rows]
    groups = event_groups(articles, days)
    return [
        LabelledArticle(
            article, label, f"{name} {group}", hard=bool(gold[row["id"]]["hard_negative"]), id=f"{name} {row['id']}"
        )
        for row, article, label, group in zip(rows, articles, labels, groups, strict=True)
    ]


def own_items() -> list[LabelledArticle]:
    return [
        LabelledArticle(
            TopicArticle(str(row["title"]), str(row["text"]), str(row["language"])),
            Label(str(row["label"])),
            f"own {row['id']}",
            hard=row["label"] == "no",
            id=f"own {row['id']}",
        )
        for row in read(OWN_ITEMS)
    ]


def event_groups(articles: Sequence[TopicArticle], days: Sequence[date | None]) -> list[str]:
    """A name for each article, the same for reports of one event: chains of first words that are alike."""
    openings = [
        {word[:6] for word in (*tokenise(each.title).words, *tokenise(each.text).words[:EVENT_WORDS]) if len(word) > 3}
        for each in articles
    ]
    group = list(range(len(articles)))
    for one, first in enumerate(openings):
        for other in range(one):
            day, before = days[one], days[other]
            apart = abs((day - before).days) if day and before else 0
            second = openings[other]
            if apart <= EVENT_DAYS and len(first & second) > EVENT_LIKENESS * len(first | second):
                group = [group[other] if each == group[one] else each for each in group]
    return [str(each) for each in group]


def show(name: str, quality: Quality) -> None:
    print(
        f"{name:16} P {quality.precision:.3f}  R {quality.recall:.3f}  F1 {quality.f1:.3f}  "
        f"(tp {quality.hits} fp {quality.false_alarms} fn {quality.misses})  "
        f"hard negatives fired {quality.hard_fired:.3f}  borderline fired {quality.borderline_fired:.3f}"
    )


def report_quality(topic: Topic, labelled: Sequence[LabelledArticle], options: argparse.Namespace) -> None:
    start = process_time()
    result = train(topic, labelled, seed=options.seed, today=options.today)
    print(f"cross-validated, {len(labelled)} articles, {process_time() - start:.1f} s")
    for name, quality in result.quality.items():
        show(f"  {name}", quality)
    for name, quality in result.quality_before.items():
        show(f"  in use, {name}", quality)
    for band, quality in result.bands.items():
        show(f"  {band}", quality)
    for name, quality in (*result.lengths.items(), *by_set(result.judged)):
        show(f"  {name}", quality)
    print(f"  better than the one in use: {result.better} ({result.why})")
    print("calibration: score, articles, mean score, share yes")
    for row in result.calibration:
        print(f"  {row.low:.1f}-{row.high:.1f} {row.articles:4} {row.mean_score:6.3f} {row.share_yes:6.3f}")
    print("curve")
    for least in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9):
        show(f"  {least:.2f}", measure(result.judged, lambda each, least=least: each.score >= least))
    for each in result.judged if options.errors else ():
        if not each.is_right:
            print(f"  {each.labelled.label:4} {each.score:.2f} {each.labelled.id} {each.labelled.article.title[:90]}")
    if options.write:
        options.write.write_text(with_cuts_of_news(result).dump(), encoding="utf8")


def with_cuts_of_news(result: TrainingResult) -> LinearModel:
    """The model with cuts chosen on rows of the news alone, held back: the project's own items are half traps, which
    weights should know and by whose share precision must not be reckoned. Balanced is as low as its precision allows.
    """
    news = [each for each in decided(result.judged) if not each.labelled.id.startswith("own ")]
    chosen = choose_thresholds([each.score for each in news], [each.labelled.label is Label.YES for each in news])
    cuts = [cut / 100 for cut in range(5, 98)]
    precise = [cut for cut in cuts if measure(news, partial(reaches, cut)).precision >= BALANCED_PRECISION]
    balanced = min(precise, default=chosen.balanced)
    thresholds = replace(chosen, balanced=balanced, wide=min(chosen.wide, balanced))
    seen = {article_key(each.labelled.article): each.score for each in result.judged}
    return replace(result.model, thresholds=thresholds, seen=seen)


def reaches(cut: float, judged: JudgedArticle) -> bool:
    return judged.score >= cut


def by_set(judged: Sequence[JudgedArticle]) -> Iterator[tuple[str, Quality]]:
    for name in ("long", "short", "own"):
        part = [each for each in judged if each.labelled.id.startswith(f"{name} ")]
        if part:
            yield name, measure(part, lambda each: fires(each, Band.BALANCED))


def report_halves(topic: Topic, labelled: Sequence[LabelledArticle], seed: int) -> None:
    """Lists as if written from one half of the rows, judged on the other."""
    judged: list[JudgedArticle] = []
    halves = ([each for each in labelled if half(each) == side] for side in (0, 1))
    one, two = halves
    for written, unread in ((one, two), (two, one)):
        strange = terms_only_in(topic, unread, written)
        fewer = topic
        for term in strange:
            fewer = without_term(fewer, term)
        found = judge_apart(replace(fewer, model=None), written, unread, seed)
        judged += found
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
    fitted = lesson.fit_calibrated(lesson.rows(taught), 5)
    return [fitted.judge(row) for row in lesson.rows(tested)]


def report_judged(judged: Sequence[JudgedArticle]) -> None:
    def counted(part: Sequence[JudgedArticle], band: Band = Band.BALANCED) -> Quality:
        return measure(part, lambda each: fires(each, band))

    for band in Band:
        show(f"  {band}", counted(judged, band))
    for language in ("en", "es"):
        show(f"  {language}", counted([each for each in judged if each.labelled.article.language == language]))
    for length in Length:
        show(f"  {length}", counted([e for e in judged if index_article(e.labelled.article).length is length]))
    for name, quality in by_set(judged):
        show(f"  set {name}", quality)


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


def terms_only_in(topic: Topic, unread: Sequence[LabelledArticle], written: Sequence[LabelledArticle]) -> list[Term]:
    there, here = counted_terms(topic, unread), counted_terms(topic, written)
    return [term for term, count in there.items() if count and not here[term]]


def counted_terms(topic: Topic, labelled: Sequence[LabelledArticle]) -> dict[Term, int]:
    """In how many of the articles each term of the topic occurs."""
    queries = [each for signal in topic.signals for each in signal.queries]
    terms = {leaf for each in queries for leaf in leaves(each.query.root) if isinstance(leaf, Term)}
    ordered = sorted(terms, key=lambda term: (term.source, term.scope))
    tried = tuple(
        Topic(str(number), (LanguageQuery(None, TopicQuery(term.source, term)),), bias=20.0, source=str(number))
        for number, term in enumerate(ordered)
    )
    found = dict.fromkeys(ordered, 0)
    compiled = TopicSet(tried)
    for each in labelled:
        for match in compiled.match(each.article):
            found[ordered[int(match.topic)]] += 1
    return found


def distinct_topics(count: int) -> list[Topic]:
    """The built-in topic, and topics of a place and a subject each."""
    topics = [topic for topic in builtin_topics() if topic.name == NAME]
    for number, (subject, place) in enumerate(product(SUBJECTS.split(","), PLACES.split(",")), 1):
        names, words = " OR ".join(place.split()), " OR ".join(subject.split())
        topics.append(
            load_topic(
                f'name = "t{number}"\nlanguages = ["en", "es"]\n[query]\nany = "({names}) AND ({words})"\n'
                f'[[signal]]\nname = "both near"\nweight = 1.5\nquery.any = "title:({words}) AND ({names})"\n'
                f"[[against]]\nname = 'other'\nweight = 1.0\n"
                f"query.any = 'weather OR clima OR \"{place.split()[0]} street\"'\n"
            )
        )
    return topics[:count]


def report_speed(articles: Sequence[TopicArticle], rounds: int) -> None:
    topics = distinct_topics(200)
    light = TopicSet((topics[1],))
    spent = best(rounds, lambda: [light.match(each) for each in articles])
    print(f"   1 light topic: {len(articles) / spent:.0f} articles a second")
    single = 0.0
    for count in (1, 20, 200):
        compiled = TopicSet(tuple(topics[:count]))
        patterns = [pattern(topic) for topic in topics[:count]]
        ours = best(rounds, lambda compiled=compiled: [compiled.match(each) for each in articles])
        theirs = best(1 if count == 200 else rounds, lambda patterns=patterns: search(patterns, articles))
        single = single or ours
        print(
            f"{count:4} topics: {len(articles) / ours:7.0f} articles a second ({ours / single:.2f} x one topic), "
            f"regular expressions {len(articles) / theirs:7.0f}"
        )
    copies = TopicSet(tuple(replace(topics[0], name=f"copy-{number}") for number in range(200)))
    print(f" 200 copies of {NAME}: slowest article {slowest(copies, articles, rounds) * 1000:.1f} ms")
    for name, article in hostile():
        print(f" hostile, {name}: 200 copies {slowest(copies, [article], rounds) * 1000:.1f} ms, "
              f"200 distinct {slowest(TopicSet(tuple(topics)), [article], rounds) * 1000:.1f} ms")  # fmt: skip


def hostile() -> Iterator[tuple[str, TopicArticle]]:
    words = HOSTILE_WORDS.split()
    turns = [words[number * number % 97 % len(words)] for number in range(150_000)]
    yield "1 MB of one letter", TopicArticle("migrants", "a" * 1_000_000)
    yield "one word repeated", TopicArticle("migrants", "migrants " * 110_000)
    yield "the topic's words repeated", TopicArticle("migrants mexico", " ".join(turns))
    yield "a new word each time", TopicArticle("x", " ".join(f"migrant{n} mexic{n} w{n}" for n in range(40_000)))


def pattern(topic: Topic) -> re.Pattern[str]:
    queries = [*topic.queries, *(each for signal in topic.signals for each in signal.queries)]
    terms = {leaf for each in queries for leaf in leaves(each.query.root) if isinstance(leaf, Term)}
    written = {r"\W+".join(re.escape(w.text) + (r"\w*" if w.prefix else "") for w in term.words) for term in terms}
    return re.compile(rf"\b(?:{'|'.join(sorted(written))})\b", re.IGNORECASE)


def search(patterns: Sequence[re.Pattern[str]], articles: Sequence[TopicArticle]) -> int:
    return sum(
        len(each.findall(part)) for each in patterns for article in articles for part in (article.title, article.text)
    )


def slowest(compiled: TopicSet, articles: Sequence[TopicArticle], rounds: int) -> float:
    return max(best(rounds, lambda article=article: compiled.match(article)) for article in articles)


def best(rounds: int, work: Callable[[], object]) -> float:
    spent = []
    for _ in range(rounds):
        start = process_time()
        work()
        spent.append(process_time() - start)
    return min(spent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--errors", action="store_true", help="list the articles that are judged wrong")
    parser.add_argument("--halves", action="store_true", help="lists of one half of the rows, judged on the other")
    parser.add_argument("--ablations", action="store_true", help="what each role, guard and signal is worth")
    parser.add_argument("--write", type=Path, metavar="MODEL", help="write the model trained on all of the set")
    parser.add_argument("--today", type=date.fromisoformat, help="the date written into that model")
    options = parser.parse_args()
    topic = next(topic for topic in builtin_topics() if topic.name == NAME)
    labelled = labelled_articles(options.data)
    report_quality(topic, labelled, options)
    if options.halves:
        report_halves(topic, labelled, options.seed)
    if options.ablations:
        report_ablations(topic, labelled, options.seed)
    report_speed([each.article for each in labelled], options.rounds)


if __name__ == "__main__":
    main()
