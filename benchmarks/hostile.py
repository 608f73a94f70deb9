"""What an article made to hurt costs, part by part of its whole way, in CPU time; and whether it harms the others.

    python -m benchmarks.hostile [--stored 1000]

A SQLite database holds articles that came in by the product's own way, so that CPU time includes the database. Then
each text comes in as a page: extraction, what the article is by itself (agency, fingerprint, story features, topics),
looking around and comparing, and its placement (the decision again, story, saving). The best of three counts, because
the machine may be busy; nothing stays. The limit is 200 ms without extraction, whose cost is that of the page's bytes
(at most 5 MB are read). "Others moved" counts stored articles whose original or story is another one after the text
stood among them and its stories were reclustered.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it also runs as a file

from benchmarks.dedupe.corpus import Corpus
from models import Article, StoryKey
from worker import duplicates, pages, stories, topics
from worker.analysis.copy_candidates import compare, find_candidates
from worker.analysis.judgement import Judgement, judge
from worker.analysis.placing import place
from worker.analysis.recluster_stories import recluster_next
from worker.duplicates import MEASURED
from worker.setup.settings import Settings
from worker.setup.topic_sources import load_topics
from worker.storage.articles import discoveries, fingerprints
from worker.storage.db import migrations
from worker.storage.db.database import Database

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
LIMIT = 200.0
"""Milliseconds for an article of any kind."""

LARGE = 1_000_000
_SCRIPTS = ["слово", "words", "単語", "كلمة", "λέξη", "ñandú", "12"]
PARTS = ("extract", "agency", "fingerprint", "features", "topics", "compare", "place")


class StockedArchive:
    """A database of ordinary articles, and what is needed to read one more."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.corpus = english_corpus()
        self.topic_set = topics.TopicSet(load_topics(Settings()))
        self.count = 0

    def read(self, title: str, said: str) -> Judgement:
        """What the article is by itself."""
        article = pages.ExtractedArticle(pages.PageKind.ARTICLE, title, said, published=NOW, language="en")
        return judge(article, published=NOW, outlet="news.example", topic_set=self.topic_set)

    def announce(self, session: Session) -> int:
        """A row for an article that comes in."""
        self.count += 1
        url = f"https://news.example/{self.count}"
        new = discoveries.NewArticle(url, url, has_page=True, entry_id=url, title="", body="", published=NOW)
        return discoveries.discover(session, None, "Example", [new], now=NOW)[0].id

    def store(self, title: str, said: str) -> int:
        """Let an article take its place."""
        judgement = self.read(title, said)
        with self.database.transaction() as session:
            article_id = self.announce(session)
            place(session, article_id, judgement, now=NOW)
        return article_id

    def fill(self, count: int) -> None:
        """Store ordinary articles, and what meets a long text as often as anything can."""
        for _, words, _ in self.corpus.articles(count, 1):
            said = self.corpus.text(words)
            self.store(" ".join(said.split()[20:28]).capitalize(), said)
        long = self.long_text().split()
        with self.database.transaction() as session:
            for number in range(50):
                self._store_variant(session, " ".join([*long[:-1], f"end{number}"]))

    def _store_variant(self, session: Session, said: str) -> None:
        """As if it were no copy: worse than an article can be."""
        article_id = self.announce(session)
        row = session.get_one(Article, article_id)
        row.state, row.text, row.text_hash, row.published_at = "analyzed", said, f"{article_id}", NOW
        fingerprints.save_samples(session, article_id, duplicates.fingerprint(said), seen=NOW)

    def long_text(self) -> str:
        """As much as is compared of a text."""
        corpus = english_corpus(11)
        return " ".join(corpus.text(corpus._write()) for _ in range(10))[: duplicates.COMPARED_CHARACTERS]


def english_corpus(seed: int = 7) -> Corpus:
    """Articles of English words, as frequent as they are: what is rare in one tells it from the others."""
    from wordfreq import top_n_list

    corpus = Corpus(seed)
    words = top_n_list("en", len(corpus.vocabulary), wordlist="large")
    corpus.vocabulary[: len(words)] = words
    return corpus


def hostile_texts(archive: StockedArchive) -> dict[str, tuple[str, str]]:
    """By kind: title and text."""
    rng, corpus = Random(1), archive.corpus
    words = rng.choices(corpus.vocabulary, k=160_000)
    sentences = [" ".join(words[n : n + 12]).capitalize() + "." for n in range(0, len(words), 12)]
    with archive.database.reading() as session:
        some = session.scalars(select(Article.text).order_by(Article.id).limit(400)).all()
        keys = session.scalars(select(StoryKey.key).order_by(StoryKey.article_id)).all()
    pieces = " ".join(" ".join(one.split()[:12]) for one in some)
    openings = " ".join(" ".join(one.split()[:60]) for one in some)
    names = " ".join(f"Anna {word.capitalize()} said" for word in words[:120_000])
    return {
        "empty": ("", ""), "three words": ("Ferry", "Ferry closed today."),
        "1 MB of words": ("Words", " ".join(words)[:LARGE]),
        "1 MB of sentences": ("Words", " ".join(sentences)[:LARGE]),
        "1 MB of names": ("Anna", names[:LARGE]), "1 MB title": (" ".join(words)[:LARGE], sentences[0]),
        "one word a million times": ("Ha", "ha " * LARGE), "one word of 1 MB": ("Ha", "h" * LARGE),
        "a million digits": ("1", "".join(rng.choices("0123456789", k=LARGE))),
        "all digits": ("7", " ".join(str(rng.randrange(10**6)) for _ in range(150_000))),
        "1 MB of dates": ("May", "On 3 May 2026 and Monday 4 June, " * 30_000),
        "mixed scripts": ("слово", " ".join(rng.choices(_SCRIPTS, k=160_000))),
        "1 MB of Chinese": ("単語", "".join(rng.choices("単語東京大学新聞記者", k=LARGE // 3))),
        "a million accents": ("a", "a" + "\u0301" * LARGE), "a million dots": ("...", "." * LARGE),
        "a million line breaks": ("Lines", "ferry\n\n" * (LARGE // 7)),
        "1 MB of addresses": ("www", "https://news.example/a?b=c " * 38_000),
        "pieces of 400 articles": ("Pieces", pieces), "beginnings of 400 articles": ("Pieces", openings),
        "every set phrase": ("Phrases", " ".join(corpus.text(phrase) for phrase in corpus.phrases[:300])),
        "every hash bucket": ("Buckets", archive.long_text()),
        "glue: keys of all stories": (" ".join(keys[:60]), " ".join(keys)),
        "glue: one key of each story": (" ".join(keys[::12][:40]), " ".join(keys[::12] * 3)),
        "glue: headlines of all": (" ".join(keys[:40]), ". ".join(" ".join(one.split()[20:28]) for one in some)),
    }  # fmt: skip


def as_page(title: str, said: str) -> bytes:
    paragraphs = "".join(f"<p>{said[start : start + 2_000]}</p>" for start in range(0, len(said), 2_000))
    head = f"<html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>"
    return f"{head}{paragraphs}</article></body></html>".encode()


def measure(archive: StockedArchive, title: str, said: str) -> dict[str, float]:
    """CPU milliseconds of each part: of three rounds, those of the fastest."""
    rounds = []
    for _ in range(3):
        spent = {}
        page, article = as_page(title, said), stories.StoryArticle(title, said, "en", NOW)
        begin = time.process_time()
        pages.extract_article(page, "https://news.example/1", content_type="text/html; charset=utf-8", now=NOW)
        spent["extract"], begin = _lap(begin)
        duplicates.find_agency(said, ())
        spent["agency"], begin = _lap(begin)
        duplicates.fingerprint(said)
        spent["fingerprint"], begin = _lap(begin)
        stories.features(article)
        spent["features"], begin = _lap(begin)
        topics.match_all(topics.TopicArticle(title, said, "en", "news.example"), archive.topic_set)
        spent["topics"], begin = _lap(begin)
        judgement = archive.read(title, said)
        with archive.database.reading() as session:  # which is rolled back
            article_id = archive.announce(session)
            session.flush()
            begin = time.process_time()
            around = find_candidates(session, article_id, judgement, rules=MEASURED)
            alike = compare(around, rules=MEASURED)
            spent["compare"], begin = _lap(begin)
            place(session, article_id, judgement, now=NOW, before=alike)
            session.flush()
            spent["place"], begin = _lap(begin)
        rounds.append(spent)
    return min(rounds, key=lambda spent: sum(spent.values()))


def _lap(begin: float) -> tuple[float, float]:
    now = time.process_time()
    return 1000 * (now - begin), now


def count_moved(archive: StockedArchive, title: str, said: str) -> int:
    """How many of the others have another original or story once the text is among them."""
    _settle(archive.database)
    before = _places(archive.database)
    archive.store(title, said)
    _settle(archive.database)
    after = _places(archive.database)
    return sum(after[article_id] != placed for article_id, placed in before.items())


def _settle(database: Database) -> None:
    while recluster_next(database, now=NOW + timedelta(minutes=5)).waiting:
        pass


def _places(database: Database) -> dict[int, tuple[int | None, int | None]]:
    with database.reading() as session:
        rows = session.execute(select(Article.id, Article.duplicate_of, Article.story_id))
        return {article_id: (original, story) for article_id, original, story in rows}


def report(archive: StockedArchive) -> Iterator[str]:
    yield (
        f"{'CPU ms':30} {'chars':>8} "
        + " ".join(f"{part:>11}" for part in PARTS)
        + f" {'without page':>13}  others moved"
    )
    for name, (title, said) in hostile_texts(archive).items():
        spent = measure(archive, title, said)
        rest = sum(spent.values()) - spent["extract"]
        row = " ".join(f"{spent[part]:11.1f}" for part in PARTS)
        late = "  OVER" if rest > LIMIT else ""
        yield f"{name:30} {len(said):8} {row} {rest:13.1f}  {count_moved(archive, title, said):12}{late}"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stored", type=int, default=1_000)
    given = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="hostile-"))
    try:
        database = Database(f"sqlite:///{folder / 'articles.db'}")
        migrations.upgrade(database)
        archive = StockedArchive(database)
        archive.fill(given.stored)
        for line in report(archive):
            print(line, flush=True)
        database.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
