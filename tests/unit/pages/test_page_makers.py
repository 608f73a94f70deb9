"""Pages as content systems of today put them out, each by the shape that was once misread; all texts invented."""

from __future__ import annotations

import pytest

from tests.unit.pages.sample import STORY, TITLE
from worker.pages import PageKind, extract_article

URL = "https://news.example.org/2024/04/ferry"
OTHERS = tuple(
    (f"What became of the old boat number {n}", f"On the {n + 2}th of June boat {n} left the mole at dawn, and then…")
    for n in range(7)
)
WHOLE = "\n\n".join(STORY)


def document(body: str, head: str = "") -> bytes:
    return f"<html lang=en><head><title>{TITLE} - Harbour News</title>{head}</head>{body}</html>".encode()


def paragraphs(story: tuple[str, ...] = STORY) -> str:
    return "".join(f"<p>{each}</p>" for each in story)


def text_of(body: str, head: str = "") -> str:
    return extract_article(document(f"<body>{body}</body>", head), URL).text


def flat(others: tuple[tuple[str, str], ...] = OTHERS) -> str:
    return "".join(f'<h4><a href="/{n}">{title}</a></h4><span>{line}</span>' for n, (title, line) in enumerate(others))


@pytest.mark.parametrize(
    "headline",
    [f"<h4 class=component-title>{TITLE}</h4>", f"<font size=5><b>{TITLE}</b></font><p>By Ana Lind</p>"],
    ids=["in a lesser heading", "in bold letters"],
)
def test_teasers_go_where_the_headline_is_no_h1(headline: str) -> None:
    boxes = "".join(
        f"<div class=abstract><h4><a href=/{n}>{title}</a></h4><div class=sum>{line}</div></div>"
        for n, (title, line) in enumerate(OTHERS)
    )
    story = "".join(f'<div class="component text">{each}</div>' for each in STORY)
    told = f"<div><div>{headline}<div>{story}</div></div></div>"
    assert text_of(f"<section><div class=row>{told}<div class=row>{boxes}</div></div></section>") == WHOLE


def test_a_standfirst_below_a_lesser_heading_stays() -> None:
    deck = "Nine million was spent before anybody asked whether the pier could carry a crane at all."
    told = f"<h2>{TITLE}</h2><p class=subtitle>{deck}</p><div><p>By Ana Lind</p>{paragraphs()}</div>"
    assert text_of(f"<main>{told}</main>").startswith(deck)


def test_headlines_and_excerpts_by_turns_go_also_without_boxes() -> None:
    broken = "".join(f"{each}<br><br>" for each in STORY[:2])
    assert text_of(f"<main><h1>{TITLE}</h1><div class=body>{broken}<div>{flat()}</div></div></main>") == (
        "\n\n".join(STORY[:2])
    )


def test_headlines_and_excerpts_that_end_are_what_a_round_up_is_made_of() -> None:
    whole = tuple((title, STORY[n]) for n, (title, _) in enumerate(OTHERS[:4]))
    text = text_of(f"<main><h1>{TITLE}</h1><div class=body><p>{STORY[4]}</p>{flat(whole)}</div></main>")
    assert all(line in text for _, line in whole)


def test_paragraphs_for_subscribers_that_are_there_in_boxes_of_their_own_stay() -> None:
    first = "".join(f"<div class=subscriber-preview><p>{each}</p></div>" for each in STORY[:2])
    quote = "“And so did I.”"  # is no paragraph by itself
    rest = "".join(
        f'<div class=subscriber-only style="display: none"><p>{each}</p></div>' for each in (*STORY[2:], quote)
    )
    text = text_of(f"<main><h1>{TITLE}</h1><div class=asset-body>{first}{rest}</div></main>")
    assert all(each in text for each in STORY)


def test_what_is_hidden_and_made_of_links_goes() -> None:
    links = "".join(f'<div class=more style="display:none"><p><a href=/{t}>{t}</a></p></div>' for t, _ in OTHERS)
    assert text_of(f"<main><h1>{TITLE}</h1><div class=body>{paragraphs()}{links}</div></main>") == WHOLE


def test_the_excerpt_of_a_box_goes_with_its_headline() -> None:
    title, line = OTHERS[0]
    box = f"<div class=inline-asset><div><h3><a href=/x>{title}</a></h3></div><p>{line}</p></div>"
    body = f"{paragraphs(STORY[:2])}{box}{paragraphs(STORY[2:])}"
    assert text_of(f"<main><h1>{TITLE}</h1><div>{body}</div></main>") == WHOLE


def test_a_label_and_a_count_before_the_story_go() -> None:
    info = "<dl class=info><dt>Info</dt><dd>By Ana Lind</dd><dd>208</dd></dl>"
    broken = "".join(f"{each}<br><br>" for each in STORY)
    assert text_of(f"<main><div><h2>{TITLE}</h2>{info}<div class=text>{broken}</div></div></main>") == WHOLE


def test_a_brief_is_told_though_the_note_below_it_is_longer() -> None:
    brief = "A boat with eleven people on board went aground off the mole on Sunday, the harbour office said."
    note = "The Harbour News is a member of the Trust in Local Press alliance and publishes its code of conduct."
    body = f"<main><h1>{TITLE}</h1><section><p>{brief}</p></section></main><div><p>{note}</p></div>"
    assert text_of(body) == brief


def test_an_appeal_for_gifts_is_no_wall() -> None:
    appeal = "We are a nonprofit newsroom: every gift made before Sunday is doubled."
    short = STORY[:4]
    body = f"<main><h1>{TITLE}</h1><div>{paragraphs(short[:2])}<p>{appeal}</p>{paragraphs(short[2:])}</div></main>"
    article = extract_article(document(f"<body>{body}</body>"), URL)
    assert (article.kind, article.text) == (PageKind.ARTICLE, "\n\n".join(short))
    assert [line.rule for line in article.removed if line.line == appeal] == ["donation-appeal"]


def test_updates_of_one_writer_are_no_readers_comments() -> None:
    entries = "".join(
        f"<div class=entry><div><time>1{n}:0{n}</time> <span>Lena Hart</span></div><h3>Update {n}</h3>"
        f"<div><p>{each}</p></div><div><button>Share</button><a>Copy link</a></div></div>"
        for n, each in enumerate(STORY)
    )
    lead = "Follow the vote on the fares as it happens, with reports from the pier and the town hall."
    text = text_of(f"<main><article><h1>{TITLE}</h1><p>{lead}</p><div class=feed>{entries}</div></article></main>")
    assert all(each in text for each in (lead, *STORY))


def pictures(story: tuple[str, ...]) -> str:
    return "".join(
        f"<figure><img src={n}><figcaption><span>{n + 1}/5</span><p>{each}</p><small>Photograph: T. Ames</small>"
        "</figcaption></figure>"
        for n, each in enumerate(story)
    )


def test_of_a_gallery_the_captions_are_the_story() -> None:
    lead = "The town hall was full to the doors on Monday night, and so was the square before it."
    assert text_of(f"<main><article><h1>{TITLE}</h1><p>{lead}</p>{pictures(STORY)}</article></main>") == (
        "\n\n".join((lead, *STORY))
    )


def test_captions_in_a_longer_story_go() -> None:
    shown = tuple(f"The boats of line {n} at the mole in the morning of that day." for n in range(4))
    assert text_of(f"<main><article><h1>{TITLE}</h1>{paragraphs()}{pictures(shown)}</article></main>") == WHOLE


@pytest.mark.parametrize(
    "box", ["<aside class=pullquote><p>{}</p></aside>", "<blockquote>{}</blockquote>", "<div class=pull-quote>{}</div>"]
)
def test_words_that_are_shown_once_more_go(box: str) -> None:
    said = box.format("We have waited as long as we could")
    body = f"<main><article><h1>{TITLE}</h1>{paragraphs(STORY[:3])}{said}{paragraphs(STORY[3:])}</article></main>"
    assert text_of(body) == WHOLE


def test_a_quotation_that_is_told_once_stays() -> None:
    said = "“No boat has been late on my watch, not in eleven winters, and none will be.”"
    body = f"{paragraphs(STORY[:3])}<blockquote>{said}</blockquote>{paragraphs(STORY[3:])}"
    assert said in text_of(f"<main><article><h1>{TITLE}</h1>{body}</article></main>")


def test_a_month_is_no_part_of_a_name() -> None:
    byline = "<div class=byline><span>by <a>Lena Hart</a></span><span> Nov 17, 2026</span></div>"
    html = document(f"<body><main><h1>{TITLE}</h1>{byline}<div>{paragraphs()}</div></main></body>")
    assert extract_article(html, URL).authors == ("Lena Hart",)
