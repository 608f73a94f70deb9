"""CPU time to build and render a digest: `python -m benchmarks.digests [--stories 25] [--rounds 200]`."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median
from time import process_time

from worker.digests import (
    DigestArticle,
    DigestLinks,
    DigestStory,
    DigestSubscriber,
    Period,
    as_wire,
    build,
    message_id,
    render_all,
)

END = datetime(2026, 11, 21, 13, 30, tzinfo=UTC)
READER = DigestSubscriber("ana@example.org", "Ana Peña", "es", "America/Mexico_City")
EXCERPT = "Los alcaldes de seis ciudades firmaron un plan para compartir camas. Entra en vigor en diciembre."


def sample(count: int) -> list[DigestStory]:
    """`count` stories of three reports each, two of them with reprints, over three topics."""
    return [
        DigestStory(
            story_id=n,
            revision=1,
            topic=f"topic-{n % 3}",
            score=0.9 - n / 1000,
            articles=tuple(
                DigestArticle(
                    title=f"Seis ciudades de la frontera acuerdan el plan común número {n}",
                    url=f"https://outlet{m}.example/2026/11/21/seis-ciudades-acuerdan-un-plan-{n}?ref=rss",
                    outlet=f"El Diario {m}",
                    language="es" if m else "en",
                    published=END - timedelta(hours=n % 30, minutes=m),
                    excerpt=EXCERPT,
                    reprints=("La Voz", "El Faro", "El Norte")[:m],
                )
                for m in range(3)
            ),
            matched=("albergues", "frontera"),
            news=n % 2,
        )
        for n in range(count)
    ]


def main() -> None:
    """Print the figures, one a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=25)
    parser.add_argument("--rounds", type=int, default=200)
    arguments = parser.parse_args()
    stories = sample(arguments.stories)
    links = DigestLinks(
        sender="Storywatch <digest@example.org>",
        list_id="digest.example.org",
        message_id=message_id("key", "example.org"),
        archive="https://news.example.org/archive/token",
        unsubscribe="https://news.example.org/unsubscribe/token",
    )
    spent: dict[str, list[float]] = {"build": [], "render": [], "wire": [], "all": []}
    html = raw = b""
    for _ in range(arguments.rounds):
        marks = [process_time()]
        digest = build(READER, stories, Period(END - timedelta(days=1), END), limit=arguments.stories)
        marks.append(process_time())
        if digest is None:
            parser.error("--stories must be at least 1")
        rendered = render_all(digest, links=links)
        marks.append(process_time())
        raw, html = as_wire(rendered.message), rendered.html.encode()
        marks.append(process_time())
        for name, (begin, end) in zip(spent, [*pairwise(marks), (marks[0], marks[-1])], strict=True):
            spent[name].append(end - begin)
    print(f"{arguments.stories} stories, {arguments.rounds} rounds; HTML {len(html)}, message {len(raw)} bytes")
    for name, values in spent.items():
        print(f"{name:7} median {median(values) * 1000:6.2f} ms, first {values[0] * 1000:6.1f} ms CPU")


if __name__ == "__main__":
    main()
