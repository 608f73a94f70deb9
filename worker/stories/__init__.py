"""Articles about one event, in one language or two, as one story."""

from worker.stories.assignment import (
    WINDOW,
    StoryAssignment,
    StoryCandidate,
    StorySettings,
    StoryTotals,
    absorb,
    assign,
    mean_link,
    replace_member,
)
from worker.stories.development import StoryMember, choose_headline, find_new_sentences
from worker.stories.features import StoryArticle, StoryFeatures, features

__all__ = [
    "WINDOW",
    "StoryArticle",
    "StoryAssignment",
    "StoryCandidate",
    "StoryFeatures",
    "StoryMember",
    "StorySettings",
    "StoryTotals",
    "absorb",
    "assign",
    "choose_headline",
    "features",
    "find_new_sentences",
    "mean_link",
    "replace_member",
]
