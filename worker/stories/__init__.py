"""Articles about one event, in one language or two, as one story."""

from worker.stories.assignment import (
    MEASURED,
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
from worker.stories.development import SaidBy, find_additions, measure_centrality
from worker.stories.embedding import Embedding, as_embedding, pool, take_out
from worker.stories.features import StoryArticle, StoryFeatures, features, gist, keys_of
from worker.stories.life import StoryLife, StoryMember, StoryReport, choose_headline, tell_life
from worker.stories.reclustering import PlacedArticle, Reclustering, bear_on_each_other, recluster

__all__ = [
    "MEASURED",
    "WINDOW",
    "Embedding",
    "PlacedArticle",
    "Reclustering",
    "SaidBy",
    "StoryArticle",
    "StoryAssignment",
    "StoryCandidate",
    "StoryFeatures",
    "StoryLife",
    "StoryMember",
    "StoryReport",
    "StorySettings",
    "StoryTotals",
    "absorb",
    "as_embedding",
    "assign",
    "bear_on_each_other",
    "choose_headline",
    "features",
    "find_additions",
    "gist",
    "keys_of",
    "mean_link",
    "measure_centrality",
    "pool",
    "recluster",
    "replace_member",
    "score",
    "sum_up",
    "take_out",
    "tell_life",
]
