import email
import email.policy
import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from worker.digests import DigestStory, as_wire, build, render_all, render_html

HOSTILE = Path(__file__).parents[4] / "shared" / "bench" / "hostile"
pytestmark = [
    pytest.mark.bench,
    pytest.mark.skipif(not HOSTILE.is_dir(), reason="../shared/bench/hostile is not here"),
]


class Shape(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, ...]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, *(name for name, _ in attrs)))


@pytest.mark.parametrize("name", ["xss", "header_injection", "blns"])
def test_lists(one_story, links, name: str) -> None:
    payloads = json.loads((HOSTILE / f"{name}.json").read_text("utf-8"))
    plain = one_story(wire="W", excerpt="E", matched=("M",), reprints=("R",))
    core, story = plain.sections[0].stories[0].articles[0], plain.sections[0].stories[0]
    for start in range(0, len(payloads), 25):
        batch = payloads[start : start + 25]
        stories = []
        for n, text in enumerate(batch):
            # A leading word: a payload that is nothing once it is cleaned would rightly leave its line out, and so
            # would an excerpt that repeats its headline.
            shown, said = f"x {text}", f"y {text}"
            article = replace(core, title=shown, outlet=shown, wire=shown, excerpt=said, url=text, reprints=(shown,))
            stories.append(DigestStory(n, 1, "t", 0.5, (article,), (shown,)))
        reader = replace(plain.subscriber, name=f"x {batch[0]}")
        hostile = build(reader, stories, plain.period, topic_titles={"t": f"x {batch[0]}"})
        calm = [
            replace(story, story_id=n, topic="t", articles=(replace(core, url=s.articles[0].url),))
            for n, s in enumerate(stories)
        ]
        expected = build(plain.subscriber, calm, plain.period, topic_titles={"t": "T"})
        assert hostile is not None
        assert expected is not None
        rendered = render_all(hostile, links=links)
        assert Shape(rendered.html).tags.count(("script",)) == 0
        assert sorted(Shape(rendered.html).tags) == sorted(Shape(render_html(expected, links=links)).tags)
        parsed = email.message_from_bytes(as_wire(rendered.message), policy=email.policy.strict)
        assert parsed.keys() == rendered.message.keys()
        assert parsed["To"].addresses[0].addr_spec == "ana@example.org"
