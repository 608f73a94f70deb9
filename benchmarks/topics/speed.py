"""What topics cost: one and many, and on texts made to be hard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from time import process_time

from worker.topics import Topic, TopicArticle, TopicSet, builtin_topics, load_topic
from worker.topics.queries.tree import Term, leaves

NAME = "us-mexico-migration"
WORDS = 400
"""Of the article whose time is told in milliseconds."""

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


def report_speed(articles: Sequence[TopicArticle], rounds: int) -> None:
    topics = distinct_topics(200)
    light, built_in = TopicSet((topics[1],)), TopicSet((topics[0],))
    cut = [TopicArticle(each.title, " ".join(each.text.split()[:WORDS]), each.language) for each in articles]
    whole = [each for each in cut if len(each.text.split()) == WORDS]
    spent = best(rounds, lambda: [built_in.match(each) for each in whole])
    print(f"   {NAME}: {spent / max(1, len(whole)) * 1000:.2f} ms an article of {WORDS} words")
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
