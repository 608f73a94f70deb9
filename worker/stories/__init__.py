"""Articles about one event, in one language or two, as one story."""

from worker.stories.assignment import StoryAssignment, StoryCandidate, assign, score
from worker.stories.development import SaidBy, find_additions, measure_centrality
from worker.stories.features import StoryArticle, StoryFeatures, features, keys_of
from worker.stories.life import StoryLife, StoryMember, StoryReport, choose_headline, tell_life
from worker.stories.membership import (
    PlacedArticle,
    StoryChange,
    StorySums,
    emptied,
    recount,
    recount_story,
    sum_up,
)
from worker.stories.placement import (
    Departure,
    MembershipChange,
    follow_original,
    is_loose,
    join_story,
    move_report,
    revise_report,
    take_over,
)
from worker.stories.reclustering import Placed, Reclusterer, Reclustering, leave
from worker.stories.settings import MEASURED, WINDOW, StorySettings
from worker.stories.similarity import Weights, weigh_pair

__all__ = [
    "MEASURED",
    "WINDOW",
    "Departure",
    "MembershipChange",
    "Placed",
    "PlacedArticle",
    "Reclusterer",
    "Reclustering",
    "SaidBy",
    "StoryArticle",
    "StoryAssignment",
    "StoryCandidate",
    "StoryChange",
    "StoryFeatures",
    "StoryLife",
    "StoryMember",
    "StoryReport",
    "StorySettings",
    "StorySums",
    "Weights",
    "assign",
    "choose_headline",
    "emptied",
    "features",
    "find_additions",
    "follow_original",
    "is_loose",
    "join_story",
    "keys_of",
    "leave",
    "measure_centrality",
    "move_report",
    "recount",
    "recount_story",
    "revise_report",
    "score",
    "sum_up",
    "take_over",
    "tell_life",
    "weigh_pair",
]
