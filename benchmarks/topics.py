"""How well the built-in topic tells articles apart, and what many topics cost.

    python -m benchmarks.topics --data ../shared/bench/topics [--seed 0] [--write MODEL] [--errors] [--rounds 3]

Quality, protocol: five folds, alike in labels and languages; reports of one event (alike in their first words and
at most four days apart) stay in one fold. An article is judged by a model of the four other folds: the choice of
words, the weights, the calibration and the three thresholds are made of these alone (thresholds and calibration by
five folds within them). The topic's own examples are fitted to, in every fold, and never counted. What no fold can
undo: the *words of the topic's queries* were written by people who had read the development set. `singletons` bounds
that: the same protocol with every term taken out of the queries that occurs in at most two articles of the set.
`words alone` has no hand-written signal at all.

`in use` is the topic as it is installed. Where it has a model, articles which that model was fitted to count with the
score they had while they were held back. `curve` moves one threshold over the scores of articles held back: to choose
a point on it is hindsight.

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
from itertools import product
from pathlib import Path
from time import process_time

from worker.topics import (
    LabelledArticle,
    LanguageQuery,
    Quality,
    Topic,
    TopicArticle,
    TopicQuery,
    TopicSet,
    builtin_topics,
    load_topic,
    train,
)
from worker.topics.backtest import without_term
from worker.topics.quality import Label, measure
from worker.topics.query_tree import Term, leaves
from worker.topics.tokens import tokenise

NAME = "us-mexico-migration"
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
    rows = read(folder / "IN.jsonl")
    gold = {row["id"]: row for row in read(folder / "GOLD.jsonl")}
    labels = [Label(gold[row["id"]]["label"]) for row in rows]
    articles = [TopicArticle(str(row["title"]), str(row["text"]), str(row["language"])) for row in rows]
    days = [datetime.fromisoformat(str(row["published"])).date() if row["published"] else None for row in rows]
    groups = event_groups(articles, days)
    return [
        LabelledArticle(article, label, group, hard=bool(gold[row["id"]]["hard_negative"]), id=str(row["id"]))
        for row, article, label, group in zip(rows, articles, labels, groups, strict=True)
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
        options.write.write_text(result.model.dump(), encoding="utf8")


def report_optimism(topic: Topic, labelled: Sequence[LabelledArticle], seed: int) -> None:
    rare = list(rare_terms(topic, labelled, at_most=2))
    fewer = topic
    for term in rare:
        fewer = without_term(fewer, term)
    bare = replace(topic, signals=(), bias=-2.0, source="bare")
    for name, each in ((f"singletons ({len(rare)} terms taken out)", fewer), ("words alone", bare)):
        result = train(replace(each, model=None, examples=topic.examples), labelled, seed=seed)
        print(name)
        for language, quality in result.quality.items():
            show(f"  {language}", quality)


def rare_terms(topic: Topic, labelled: Sequence[LabelledArticle], *, at_most: int) -> Iterator[Term]:
    queries = [*topic.queries, *(each for signal in topic.signals for each in signal.queries)]
    terms = {leaf for each in queries for leaf in leaves(each.query.root) if isinstance(leaf, Term)}
    ordered = sorted(terms, key=lambda term: (term.source, term.scope))
    tried = tuple(
        Topic(str(number), (LanguageQuery(None, TopicQuery(term.source, term)),), bias=20.0, source=str(number))
        for number, term in enumerate(ordered)
    )
    found = dict.fromkeys((each.name for each in tried), 0)
    compiled = TopicSet(tried)
    for each in labelled:
        for match in compiled.match(each.article):
            found[match.topic] += 1
    return (term for number, term in enumerate(ordered) if found[str(number)] <= at_most)


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
    parser.add_argument("--write", type=Path, metavar="MODEL", help="write the model trained on all of the set")
    parser.add_argument("--today", type=date.fromisoformat, help="the date written into that model")
    options = parser.parse_args()
    topic = next(topic for topic in builtin_topics() if topic.name == NAME)
    labelled = labelled_articles(options.data)
    report_quality(topic, labelled, options)
    report_optimism(topic, labelled, options.seed)
    report_speed([each.article for each in labelled], options.rounds)


if __name__ == "__main__":
    main()
