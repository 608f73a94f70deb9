"""Pages: HTML → article, text → clean text, addresses → one spelling. Pure: no clock, no network, no files."""

from worker.pages.article import CleanText, ExtractedArticle, PageKind, RemovedLine, SiteProfile
from worker.pages.boilerplate import normalize_line, strip_boilerplate
from worker.pages.extraction import extract_article
from worker.pages.fragment import extract_fragment, plain_text
from worker.pages.language import detect_language
from worker.pages.rules import Rule, rules
from worker.pages.site_profile import is_selector
from worker.pages.urls import canonicalize_url, registrable_domain, site_key

__all__ = [
    "CleanText",
    "ExtractedArticle",
    "PageKind",
    "RemovedLine",
    "Rule",
    "SiteProfile",
    "canonicalize_url",
    "detect_language",
    "extract_article",
    "extract_fragment",
    "is_selector",
    "normalize_line",
    "plain_text",
    "registrable_domain",
    "rules",
    "site_key",
    "strip_boilerplate",
]
