"""Pages and feeds from articles: each outlet in its own markup, with its own boilerplate."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from worker.sample_site.article import SampleAnswer, SampleArticle
from worker.sample_site.blocks import article_blocks, link_phrases, links
from worker.sample_site.outlet import SampleOutlet

if TYPE_CHECKING:
    from jinja2 import Environment

FEED_TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "rdf": "application/rdf+xml",
    "json": "application/feed+json",
}
IMAGE_PATH = "/img/photo.gif"


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An entry as the outlet's feed prints it. `summary` and `content` are HTML."""

    article: SampleArticle
    url: str
    guid: str
    published: datetime
    summary: str
    content: str = ""


class SiteRenderer:
    """Writes one outlet's pages and feed. `home` is its base URL without a closing slash."""

    def __init__(self, outlet: SampleOutlet, home: str, environment: Environment) -> None:
        self.outlet = outlet
        self.home = home
        self.feed_url = home + outlet.feed_path
        self._environment = environment

    def page(self, article: SampleArticle, published: datetime) -> bytes:
        """The article's page, or the login wall that stands before it."""
        name = f"{self.outlet.key}{'_login' if article.answer is SampleAnswer.LOGIN else ''}.html.jinja"
        url = self.home + self.outlet.path(article.slug, published)
        local = self.outlet.local(published)
        return self._render(
            name,
            article=article,
            boilerplate=article.boilerplate,
            blocks=tuple(article_blocks(article)),
            related=links(article.boilerplate.related),
            popular=links(tuple(self.outlet.say["popular"])),
            url=url,
            image=self.home + IMAGE_PATH,
            published=local,
            linked_data=self._linked_data(article, url, local),
            feed_tail=self._feed_tail(article),
        )

    def home_page(self, items: Sequence[FeedItem]) -> bytes:
        """The outlet's front page, which names its feed."""
        return self._render("home.html.jinja", entries=items, feed_type=FEED_TYPES[self.outlet.feed_format])

    def refusal(self, status: int, phrase: str) -> bytes:
        """What a server says when it gives no page."""
        return self._render("refusal.html.jinja", status=status, phrase=phrase)

    def item(self, article: SampleArticle, published: datetime, *, tracked: bool = False) -> FeedItem:
        """The article's feed entry; `tracked`: the second one, under a URL with tracking parameters."""
        from markupsafe import Markup

        path = self.outlet.path(article.slug, published)
        tail = Markup("<p>{}</p>").format(self._feed_tail(article))
        full = self.outlet.full_content
        return FeedItem(
            article=article,
            url=f"{self.home}{path}{f'?{article.tracking}' if tracked else ''}",
            guid=f"tag:{self.outlet.key}.example,2026:{article.id}{':newsletter' if tracked else ''}",
            published=self.outlet.local(published),
            summary=str(Markup("<p>{}</p>").format(article.summary) + ("" if full else tail)),
            content=self.page(article, published).decode(self.outlet.charset) if full else "",
        )

    def feed(self, items: Sequence[FeedItem], now: datetime) -> bytes:
        """The outlet's feed in its own format."""
        if self.outlet.feed_format == "json":
            return self._json_feed(items)
        return self._render(f"{self.outlet.feed_format}.xml.jinja", entries=items, built=self.outlet.local(now))

    def _render(self, name: str, **values: Any) -> bytes:
        template = self._environment.get_template(name)
        text = template.render(
            outlet=self.outlet, say=self.outlet.say, home=self.home, feed_url=self.feed_url, **values
        )
        return text.encode(self.outlet.charset, "xmlcharrefreplace")

    def _feed_tail(self, article: SampleArticle) -> str:
        return str(self.outlet.say["feed_tail"]).format(title=article.title)

    def _linked_data(self, article: SampleArticle, url: str, published: datetime) -> dict[str, Any]:
        return {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": article.title,
            "url": url,
            "inLanguage": self.outlet.language,
            "datePublished": published.isoformat(),
            "dateModified": published.isoformat(),
            "articleSection": article.section,
            "image": [self.home + IMAGE_PATH],
            "author": [{"@type": "Organization" if article.wire else "Person", "name": article.byline}],
            "publisher": {"@type": "NewsMediaOrganization", "name": self.outlet.name, "url": f"{self.home}/"},
        }

    def _json_feed(self, items: Sequence[FeedItem]) -> bytes:
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.outlet.name,
            "home_page_url": f"{self.home}/",
            "feed_url": self.feed_url,
            "language": self.outlet.language,
            "items": [
                {
                    "id": item.guid,
                    "url": item.url,
                    "title": item.article.title,
                    "content_html": item.summary,
                    "summary": item.article.summary,
                    "date_published": item.published.isoformat(),
                    "authors": [{"name": item.article.byline}],
                    "tags": [item.article.section],
                }
                for item in items
            ],
        }
        return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def template_environment() -> Environment:
    """Jinja with this package's templates and filters; everything is escaped unless marked safe."""
    # Only the demo and tests render this site: no other process should pay for the library.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("worker.sample_site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["linked"] = link_phrases
    environment.filters["rfc822"] = format_datetime
    return environment
