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
    score,
    sum_up,
)
from worker.stories.development import (
    StoryMember,
    StoryReport,
    choose_headline,
    find_additions,
    find_new_sentences,
    measure_centrality,
)
from worker.stories.features import StoryArticle, StoryFeatures, features, keys_of
from worker.stories.reclustering import PlacedArticle, Regrouping, bear_on_each_other, recluster

__all__ = [
    "WINDOW",
    "PlacedArticle",
    "Regrouping",
    "StoryArticle",
    "StoryAssignment",
    "StoryCandidate",
    "StoryFeatures",
    "StoryMember",
    "StoryReport",
    "StorySettings",
    "StoryTotals",
    "absorb",
    "assign",
    "bear_on_each_other",
    "choose_headline",
    "features",
    "find_additions",
    "find_new_sentences",
    "keys_of",
    "mean_link",
    "measure_centrality",
    "recluster",
    "replace_member",
    "score",
    "sum_up",
]
