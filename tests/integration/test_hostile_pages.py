"""Hostile pages, read by the command line's own bounded reader: a typed outcome within its limits, always.

Each takes under 5 s of CPU time; what grows with the square of its input would take minutes. The limit here is three
times the product's 10 s, for it counts the wall's time and the machine may be busy.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from worker.analysis.document_pool import LimitedReader, Source, as_job
from worker.setup.tables import AnalyzeSettings

SENTENCE = "The harbour council said on day {} that the fares would rise from May, after a year of losses."
TOLD = [SENTENCE.format(n) for n in range(6)]
STORY = "".join(f"<p>{line}</p>" for line in TOLD)
WHOLE = "\n\n".join(TOLD)
LINKS = [f'<a href="/{n}">Story number {n} of the harbour today</a>' for n in range(19_000)]
ATTRIBUTES = range(200_000)

ARTICLES = {
    "200,000 attributes": f"<div {' '.join(f'a{n}=x' for n in ATTRIBUTES)}>{STORY}",
    "attributes with brackets": f"""<div {" ".join(f'a{n}="<b x>"' for n in ATTRIBUTES)}>{STORY}""",
    "attributes without values": f"<div {' '.join(f'a{n}' for n in ATTRIBUTES)}>{STORY}",
    "50,000 levels": "<div>" * 50_000 + STORY,
    "50,000 inline levels": "<b>" * 50_000 + STORY,
    "10 MB of script": f"<script>{'x=1;' * 2_500_000}</script>{STORY}",
    "20,000 JSON-LD scripts": '<script type="application/ld+json">{"@type":"NewsArticle"}</script>' * 20_000 + STORY,
    "brackets in JSON-LD": f'<script type="application/ld+json">{"[" * 200_000}</script>{STORY}',
    "a class of 1 MB": f'<div class="{"related-" * 125_000}">{STORY}',
    "200,000 empty letters in bold": STORY + "<p>" + "<b> </b>" * 200_000,
    "2,000 tables": "<table><tr><td>" * 2_000 + STORY,
}
OTHERS = {
    "19,000 links": ("".join(LINKS) + STORY, "index"),
    "19,000 list items": (f"<ul>{''.join(f'<li>{link}</li>' for link in LINKS)}</ul>{STORY}", "index"),
    "19,000 links, 200 levels down": ("<div>" * 200 + "".join(f"<p>{link}</p>" for link in LINKS) + STORY, "index"),
    "10,000 teasers": (
        "".join(f"<p>The news number {n} of this harbour town is...</p>" for n in range(10_000)),
        "index",
    ),
    "6 MB of story": (STORY * 10_000, "larger than 5 MB"),
    "one word of 3 MB": ("w" * 3_000_000, "only 1 words"),
    "5 million brackets": ("<" * 5_000_000, "no text"),
    "an open comment": ("<!--" + "x" * 9_000_000, "no text"),
    "50,000 links in each other": ("<a>" * 50_000 + STORY, "no article text"),
    "a million letters and a digit": ("<p>x<b>" + "w" * 1_000_000 + "1</b>x</p>", "only"),
    "a million commas and dots": ("<p>" + "," * 1_000_000 + "a...</p><p>b</p>", "only 2 words"),
    "a million dots": ("<p>" + "..." * 300_000 + "x</p>", "only 1 words"),
    "frames only": ("<frameset><frame src=a><frame src=b></frameset>", "frames"),
}


@pytest.fixture(scope="module")
def reader() -> Iterator[LimitedReader]:
    with LimitedReader(AnalyzeSettings(limit_seconds=30, limit_megabytes=512)) as reader:
        yield reader


def read(reader: LimitedReader, body: bytes) -> dict[str, object]:
    found: dict[str, object] = reader.read(as_job("page", Source(body, "https://news.example.org/2026/03/ferry")))
    return found


@pytest.mark.parametrize("name", ARTICLES)
def test_the_story_comes_out_whole(reader: LimitedReader, name: str) -> None:
    found = read(reader, f"<html><body>{ARTICLES[name]}</body></html>".encode())
    assert found["text"] == WHOLE
    assert found["kind"] == "article"


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_whole_article_says_why(reader: LimitedReader, name: str) -> None:
    body, reason = OTHERS[name]
    found = read(reader, f"<html><body>{body}</body></html>".encode())
    assert found["kind"] in ("partial", "not_an_article")
    assert reason in str(found["reason"])
