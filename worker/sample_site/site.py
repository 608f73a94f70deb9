"""The sample site as a value: every resource of every outlet, ready to be served."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from worker.sample_site.article import SampleAnswer, SampleArticle, load_articles
from worker.sample_site.outlet import SampleOutlet, load_outlets
from worker.sample_site.pdf import write_pdf
from worker.sample_site.rendering import FEED_TYPES, IMAGE_PATH, SiteRenderer, template_environment
from worker.sample_site.truth import SampleTruth, state_truth

# One pixel: pages name a picture, and nothing outside the site may be asked for it.
PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
ROBOTS = b"User-agent: *\nDisallow: /search\nDisallow: /login\n"


@dataclass(frozen=True, slots=True)
class Resource:
    """What the outlet's server answers to a GET."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class SampleSite:
    """All outlets. `resources` are by (outlet key, path); `urls` and `published` by article id.

    `expected` says what a digest of the site must be.
    """

    outlets: tuple[SampleOutlet, ...]
    articles: tuple[SampleArticle, ...]
    resources: Mapping[tuple[str, str], Resource]
    urls: Mapping[str, str]
    published: Mapping[str, datetime]
    expected: SampleTruth


def build_site(
    now: datetime, base_urls: Mapping[str, str] | None = None, *, out: Collection[str] | None = None, haste: float = 1
) -> SampleSite:
    """The whole site as it looks at `now` (aware), its articles one to thirteen hours old, or `haste` times younger.

    The same arguments give the same bytes. `base_urls` are by outlet key, without a closing slash;
    without them, each outlet is at `https://KEY.example` (RFC 2606: such hosts never exist). Only the articles that are
    `out` are served, all where it is None.
    """
    if now.tzinfo is None:
        raise ValueError("now must be an aware datetime")
    outlets, articles = load_outlets(), load_articles()
    bases = base_urls or {outlet.key: f"https://{outlet.key}.example" for outlet in outlets}
    ages = {article.id: timedelta(minutes=article.minutes) / haste for article in articles}
    published = {name: (now - age).replace(microsecond=0) for name, age in ages.items()}
    by_key = {outlet.key: outlet for outlet in outlets}
    urls = {
        article.id: bases[article.outlet] + by_key[article.outlet].path(article.slug, published[article.id])
        for article in articles
    }
    environment = template_environment()
    resources: dict[tuple[str, str], Resource] = {}
    for outlet in outlets:
        own = [one for one in articles if one.outlet == outlet.key and (out is None or one.id in out)]
        renderer = SiteRenderer(outlet, bases[outlet.key], environment)
        found = _outlet_resources(renderer, own, published, now)
        resources |= {(outlet.key, path): resource for path, resource in found.items()}
    return SampleSite(outlets, articles, resources, urls, published, state_truth(outlets, articles))


def _outlet_resources(
    renderer: SiteRenderer, articles: list[SampleArticle], published: Mapping[str, datetime], now: datetime
) -> dict[str, Resource]:
    outlet = renderer.outlet
    items = [renderer.item(article, published[article.id]) for article in articles]
    tracked = [article for article in articles if article.tracking]
    items += [renderer.item(article, published[article.id], tracked=True) for article in tracked]
    items.sort(key=lambda item: (item.published, item.guid), reverse=True)
    page_type = f"text/html; charset={outlet.charset}"
    feed_type = f"{FEED_TYPES[outlet.feed_format]}; charset={outlet.charset}"
    resources = {
        outlet.feed_path: Resource(200, feed_type, renderer.feed(items, now)),
        "/": Resource(200, page_type, renderer.home_page(items)),
        "/robots.txt": Resource(200, "text/plain; charset=utf-8", ROBOTS),
        IMAGE_PATH: Resource(200, "image/gif", PIXEL),
    }
    for article in articles:
        path = outlet.path(article.slug, published[article.id])
        resources[path] = _answer(renderer, article, published[article.id], page_type)
    return resources


def _answer(renderer: SiteRenderer, article: SampleArticle, published: datetime, page_type: str) -> Resource:
    match article.answer:
        case SampleAnswer.PAGE | SampleAnswer.LOGIN:
            return Resource(200, page_type, renderer.page(article, published))
        case SampleAnswer.FORBIDDEN:
            return Resource(403, page_type, renderer.refusal(403, "Forbidden"))
        case SampleAnswer.MISSING:
            return Resource(404, page_type, renderer.refusal(404, "Not Found"))
        case SampleAnswer.PDF:
            return Resource(200, "application/pdf", write_pdf(article.text))
