"""Pages of an invented outlet, with the boilerplate news sites have."""

from __future__ import annotations

TITLE = "Ferry fares on the northern line to rise in May"
STORY = (
    "Fares on the northern ferry line will rise by a tenth from May, the harbour council decided on "
    "Monday after a long debate.",
    "The line has lost money for three years, and its two boats are older than most of their "
    "passengers, a report found.",
    "“We have waited as long as we could,” said councillor Ana Pereira, who voted for the plan with eleven others.",
    "Passengers protested outside the town hall; some had come on the last boat of the day and meant "
    "to stay the night.",
    "The council will look at the figures again in autumn, when a new boat, paid for by the region, is "
    "to join the line.",
)
LINKED = """{"@context": "https://schema.org", "@graph": [{"@type": "WebPage", "name": "Harbour News"},
 {"@type": "NewsArticle", "headline": "Ferry fares on the northern line to rise in May",
  "datePublished": "2024-04-08T18:30:00+02:00", "dateModified": "2024-04-09T07:00:00Z", "articleSection": "Transport",
  "author": [{"@type": "Person", "name": "Ana Lind"}, {"@type": "Person", "name": "Tom Olds"}],
  "image": {"@type": "ImageObject", "url": "/img/ferry.jpg"}}]}"""


def page(body: str = "", *, head: str = "", story: tuple[str, ...] = STORY, title: str = TITLE) -> bytes:
    """An article page; `body` stands between the second and the third paragraph."""
    first = "".join(f"<p>{text}</p>" for text in story[:2])
    rest = "".join(f"<p>{text}</p>" for text in story[2:])
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} | Harbour News</title>
<meta property="og:title" content="{title}"><meta property="og:site_name" content="Harbour News">
<meta property="og:type" content="article">{head}</head><body>
<a class="skip" href="#main">Skip to content</a>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav></header>
<main id="main"><article><h1>{title}</h1>
<div class="byline">By <a rel="author" href="/ana">Ana Lind</a></div>
<figure><img src="a.jpg"><figcaption>The old ferry at the northern pier</figcaption></figure>
<div class="article-body">{first}{body}{rest}</div></article>
<aside class="related-stories"><h3>Related</h3><a href="/1">Port workers end their strike</a></aside></main>
<footer><p>© 2024 Harbour News. All rights reserved.</p></footer></body></html>""".encode()
