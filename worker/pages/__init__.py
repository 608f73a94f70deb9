"""Pages: HTML → article, text → clean text, addresses → one spelling. Pure: no clock, no network, no files."""

from worker.pages.account import PageLine, account_for
from worker.pages.article import CleanText, ExtractedArticle, PageKind, PageLayout, RemovedLine, SiteProfile
from worker.pages.boilerplate.neighbours import Neighbour, beginning_keys, find_teasers, first_paragraphs, line_keys
from worker.pages.boilerplate.recurrence import (
    ENOUGH_ARTICLES,
    Carrier,
    Recurrence,
    RecurrenceVerdict,
    SeenLine,
    decayed_share,
    judge_recurrence,
    line_key,
    seen_lines,
)
from worker.pages.boilerplate.rules import Rule, rules
from worker.pages.boilerplate.site_profile import LEARNED_RULES, is_selector
from worker.pages.boilerplate.stripping import LEARNED, normalize_line, strip_boilerplate
from worker.pages.decay import PageRecord, find_decay
from worker.pages.extraction import extract_article
from worker.pages.fragment import clean_plain_text, extract_fragment, plain_text
from worker.pages.main_text.verdict import count_words, long_words
from worker.pages.metadata.language import detect_language
from worker.pages.metadata.titles import headline_of_entry, without_section
from worker.pages.redirectors import unwrap
from worker.pages.shared_text import stands_for_others, text_key
from worker.pages.urls import canonicalize_url, registrable_domain, site_key, without_tracking
from worker.pages.walls import asks_more_than_it_tells, find_wall

__all__ = [
    "ENOUGH_ARTICLES",
    "LEARNED",
    "LEARNED_RULES",
    "Carrier",
    "CleanText",
    "ExtractedArticle",
    "Neighbour",
    "PageKind",
    "PageLayout",
    "PageLine",
    "PageRecord",
    "Recurrence",
    "RecurrenceVerdict",
    "RemovedLine",
    "Rule",
    "SeenLine",
    "SiteProfile",
    "account_for",
    "asks_more_than_it_tells",
    "beginning_keys",
    "canonicalize_url",
    "clean_plain_text",
    "count_words",
    "decayed_share",
    "detect_language",
    "extract_article",
    "extract_fragment",
    "find_decay",
    "find_teasers",
    "find_wall",
    "first_paragraphs",
    "headline_of_entry",
    "is_selector",
    "judge_recurrence",
    "line_key",
    "line_keys",
    "long_words",
    "normalize_line",
    "plain_text",
    "registrable_domain",
    "rules",
    "seen_lines",
    "site_key",
    "stands_for_others",
    "strip_boilerplate",
    "text_key",
    "unwrap",
    "without_section",
    "without_tracking",
]
