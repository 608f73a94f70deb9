"""Digests: which stories a subscriber is told, when, and how that looks. Pure."""

from worker.digests.briefing import brief
from worker.digests.building import SubtopicOf, build, further_pages, no_subtopic
from worker.digests.catalog import Catalog, catalog_for, choose_language
from worker.digests.digest import (
    Digest,
    DigestArticle,
    DigestStory,
    DigestSubscriber,
    Period,
    SourceTrouble,
    TopicSection,
)
from worker.digests.due import after_night, first_due_at, next_due_at, period_for
from worker.digests.excerpt import beginning, excerpt
from worker.digests.headers import checked_address, header_text, message_id, sender_parts
from worker.digests.letter import Letter, write_letter
from worker.digests.links import DigestLinks, safe_href
from worker.digests.message import as_wire
from worker.digests.muting import NOTHING_MUTED, Muted, outlet_key, without_muted
from worker.digests.payload import as_json, as_slack
from worker.digests.presentation import view_story
from worker.digests.reasons import distinct, reason_words
from worker.digests.rendering import (
    MAX_HTML_BYTES,
    RenderedDigest,
    render,
    render_all,
    render_html,
    render_text,
)
from worker.digests.schedule import WEEKDAY_NAMES, Rhythm, Schedule, parse_schedule
from worker.digests.selection import (
    LATE,
    Choice,
    PendingStory,
    Report,
    ReportMatch,
    Selection,
    decide_story,
    is_known,
    matching_reports,
    select_story,
)
from worker.digests.story_keys import StoryKey, read_story_key, write_story_key
from worker.digests.telling import language_code
from worker.digests.theme import TEMPLATES
from worker.digests.tokens import TokenError, TokenFault, read, sign
from worker.digests.views import StoryView
from worker.digests.zones import zone_of
from worker.text.languages import digest_languages

__all__ = [
    "LATE",
    "MAX_HTML_BYTES",
    "NOTHING_MUTED",
    "TEMPLATES",
    "WEEKDAY_NAMES",
    "Catalog",
    "Choice",
    "Digest",
    "DigestArticle",
    "DigestLinks",
    "DigestStory",
    "DigestSubscriber",
    "Letter",
    "Muted",
    "PendingStory",
    "Period",
    "RenderedDigest",
    "Report",
    "ReportMatch",
    "Rhythm",
    "Schedule",
    "Selection",
    "SourceTrouble",
    "StoryKey",
    "StoryView",
    "SubtopicOf",
    "TokenError",
    "TokenFault",
    "TopicSection",
    "after_night",
    "as_json",
    "as_slack",
    "as_wire",
    "beginning",
    "brief",
    "build",
    "catalog_for",
    "checked_address",
    "choose_language",
    "decide_story",
    "digest_languages",
    "distinct",
    "excerpt",
    "first_due_at",
    "further_pages",
    "header_text",
    "is_known",
    "language_code",
    "matching_reports",
    "message_id",
    "next_due_at",
    "no_subtopic",
    "outlet_key",
    "parse_schedule",
    "period_for",
    "read",
    "read_story_key",
    "reason_words",
    "render",
    "render_all",
    "render_html",
    "render_text",
    "safe_href",
    "select_story",
    "sender_parts",
    "sign",
    "view_story",
    "without_muted",
    "write_letter",
    "write_story_key",
    "zone_of",
]
