"""A verdict on a line that recurs on a site: boilerplate, or part of the stories that hold it."""

from __future__ import annotations

from datetime import datetime

from worker import pages, stories
from worker.storage.sites.site_reviews import LineDecision, LineSighting, ReviewedLine, SiteReview, find_line

_EXAMPLES = 3
_FEWEST_WORDS = 15  # of its own text, for an article to be counted as one


def decide_line(line: ReviewedLine, review: SiteReview, *, now: datetime) -> LineDecision:
    """Return whether the line is the site's own, and why, from where it stood and what those articles are about."""
    articles = [review.articles[seen.article_id] for seen in line.examples]
    text = next(filter(None, (find_line(article, line.key) for article in articles)), "")
    templates = {seen.template for seen in line.sightings}
    first = min(seen.at for seen in line.sightings)
    share = pages.decayed_share(
        [seen.at for seen in line.sightings],
        [at for template, at in review.pages if template in templates and at >= first],
        now=now,
    )
    apart = sum(seen.apart for seen in line.sightings) / len(line.sightings)
    carriers = tuple(pages.Carrier(seen.published, _terms(review, seen)) for seen in line.examples)
    verdict = pages.judge_recurrence(pages.Recurrence(text, share, apart, line.other_sites, carriers))
    examples = tuple(seen.article_id for seen in line.examples[:_EXAMPLES])
    return LineDecision(line.key, text, verdict.boilerplate, verdict.reason, len(line.sightings), examples)


def _terms(review: SiteReview, seen: LineSighting) -> dict[str, float]:
    """Return what an article is about by its own text; nothing where it has hardly any of its own."""
    article, own = review.articles[seen.article_id], review.own[seen.article_id]
    if pages.count_words(own) < _FEWEST_WORDS:
        return {}
    return dict(stories.features(stories.StoryArticle(article.title, own, article.language, seen.published)).vector)
