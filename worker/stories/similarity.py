"""How likely two reports tell one event: what they share and what they contradict each other in, weighed together."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from math import exp, sqrt

from worker.stories.dateline import are_far_apart
from worker.stories.features import StoryFeatures
from worker.stories.profile import Profile
from worker.stories.vector_tags import Tags
from worker.text.languages import base_language

_DAY = timedelta(days=1)
_OVERNIGHT = 0.5  # of what numbers say against one event is left after a day: tolls grow
_FEWEST_NUMBERS = 2  # of a text's own numbers; fewer tell nothing
_FEW_COVERED = 0.5  # of the names in a headline stand in the other report: then it is about somebody else
_HALF = 0.5
_FEWEST_TERMS = 2
_SLIGHT = 0.35  # cosine: what a single shared term comes to in headlines of three words or more
_FAR = 7  # days between the nearest two that reports name
_COMMON_GROUND = 0.2  # cosine of what reports of one event say besides the names they share
_FORM_LIKENESS, _FORM_MISSING = 0.6, 0.15  # cosine, and names: what is that much alike tells of two by one form


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign weighs, in log-odds (natural logarithm): at 0 two reports are as likely of one event as not.

    What contradicts weighs what it means to; what speaks for one event was chosen on labelled stories
    (docs/stories.md). `likeness` counts the cosine of the words and its square root, `names` the share of each other's
    names beyond the usual one, `names_alone` how far the words besides the names are less alike than those of one event
    are; `numbers` the share of the numbers in all of the text, `counts` of those in title and lead, `headline_counts`
    of those in the titles. `day_apart` counts each day between them after the first, up to `most_days`,
    `dateline_apart` each between the days they open with, up to `most_dateline_days`, `other_day` once where those are
    further apart, and `far_days` once where all days that they name are more than a week from each other.
    `other_weekday` counts where they name other weekdays, and `weekday_apart` besides where they appeared on other days
    too; `other_names` (in the headlines, by how alike the words are) and `other_facts` count contradictions, `form` the
    names that are missing for reports so alike (`names_per_likeness` of the cosine), and `twins` that once more for
    what all but repeats the other; so does `other_headline`, where each headline says what the other does not.
    `other_language` makes up for what no word list translates.
    """

    base: float = -1.2
    likeness: float = 2.8
    names: float = 1.5
    usual_names: float = 0.7
    numbers: float = 1.8
    usual_numbers: float = 0.3
    counts: float = 1.1
    usual_counts: float = 0.3
    headline_counts: float = 1.1
    usual_headline_counts: float = 0.5
    day_apart: float = -1.0
    most_days: float = 0.8
    dateline_apart: float = -0.55
    most_dateline_days: int = 5
    other_day: float = -0.9
    far_days: float = -1.1
    other_weekday: float = -0.6
    weekday_apart: float = -0.4
    other_names: float = -2.5
    names_alone: float = -5.0
    form: float = -3.5
    names_per_likeness: float = 0.7
    twins: float = -1.7
    other_headline: float = -4.5
    other_facts: float = -3.5
    other_language: float = 0.6


MEASURED_WEIGHTS = Weights()


def weigh_pair(one: StoryFeatures, other: StoryFeatures, weights: Weights = MEASURED_WEIGHTS) -> float | None:
    """Log-odds that two reports tell one event; None where they share hardly a word, or one of them tells many."""
    left, right = one.profile, other.profile
    if not left.words or not right.words or left.tags.round_up or right.tags.round_up:
        return None
    likeness = min(1.0, cosine(left.words, right.words))
    if likeness < _SLIGHT and _share_hardly_a_word(left, right):
        return None
    return (
        weights.base
        + weights.likeness * (likeness + sqrt(likeness))
        + _weigh_shared(left, right, _OVERNIGHT if abs(one.published - other.published) > _DAY else 1.0, weights)
        + _weigh_days(one, other, weights)
        + _weigh_contradictions(left, right, likeness, weights)
        + weights.names_alone * max(0.0, _COMMON_GROUND - _likeness_beside_names(left, right, likeness))
        + (weights.other_language if _are_foreign(one, other) else 0.0)
    )


def _share_hardly_a_word(left: Profile, right: Profile) -> bool:
    """Whether at most one term stands in both: in two headlines without a text that alone may look like a likeness."""
    shared = (term for term in left.words if term in right.words)
    return len(list(islice(shared, _FEWEST_TERMS))) < _FEWEST_TERMS


def cosine(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    """Dot product of two sparse vectors: for unit vectors the cosine of their angle."""
    if len(left) > len(right):
        left, right = right, left
    return sum(weight * right[term] for term, weight in left.items() if term in right)


def mean_cosine(one: StoryFeatures, others: Collection[StoryFeatures]) -> float:
    """Mean cosine of an article's words to those of others; there must be one."""
    return sum(cosine(one.profile.words, other.profile.words) for other in others) / len(others)


def as_probability(log_odds: float) -> float:
    """Probability (0-1) of log-odds."""
    return 1 / (1 + exp(-log_odds))


def _weigh_shared(left: Profile, right: Profile, unshared: float, weights: Weights) -> float:
    """What shared names and numbers add, and missing ones take away. Numbers need no translation.

    `unshared` is how much of their weight numbers keep where they speak against one event.
    """
    found = 0.0
    if shares := _name_shares(left, right):
        found += weights.names * (sum(shares) / len(shares) - weights.usual_names)
    one, other = left.tags, right.tags
    figures = (
        (left.numbers, right.numbers, _FEWEST_NUMBERS, weights.numbers, weights.usual_numbers),
        (one.counts, other.counts, 1, weights.counts, weights.usual_counts),
        (one.headline_counts, other.headline_counts, 1, weights.headline_counts, weights.usual_headline_counts),
    )
    for here, there, fewest, weight, usual in figures:
        if min(len(here), len(there)) >= fewest:
            beyond = weight * (_mean_share(here, there) - usual)
            found += beyond if beyond > 0 else unshared * beyond
    return found


def _weigh_days(one: StoryFeatures, other: StoryFeatures, weights: Weights) -> float:
    apart = abs(one.published - other.published) / _DAY
    found = weights.day_apart * min(weights.most_days, max(0.0, apart - 1))
    day, other_day = one.profile.tags.day, other.profile.tags.day
    if day and other_day:
        days = day.days_from(other_day)
        found += weights.dateline_apart * min(weights.most_dateline_days, days)
        found += weights.other_day if days > weights.most_dateline_days else 0.0
    if are_far_apart(one.profile.tags.named_days, other.profile.tags.named_days, _FAR):
        found += weights.far_days
    weekdays, others = one.profile.tags.weekdays, other.profile.tags.weekdays
    if weekdays and others and not weekdays & others:
        found += weights.other_weekday + (weights.weekday_apart if apart >= _HALF else 0.0)
    return found


def _weigh_contradictions(left: Profile, right: Profile, likeness: float, weights: Weights) -> float:
    found = 0.0
    one, other = left.tags, right.tags
    if _are_about_others(one, right) and _are_about_others(other, left):
        found += weights.other_names * likeness
    found += _weigh_form(left, right, likeness, weights)
    if likeness > _FORM_LIKENESS and _have_headlines_of_their_own(left, right):
        found += weights.other_headline
    if one.facts.contradict(other.facts):
        found += weights.other_facts
    return found


def _likeness_beside_names(left: Profile, right: Profile, likeness: float) -> float:
    """Cosine of the words that are names in neither: three towns in a row are no event."""
    names = left.tags.names.keys() | right.tags.names.keys()
    weights = [(left.words.get(name, 0.0), right.words.get(name, 0.0)) for name in names]
    beside_left, beside_right = 1 - sum(one * one for one, _ in weights), 1 - sum(other * other for _, other in weights)
    whole = beside_left * beside_right
    return (likeness - sum(one * other for one, other in weights)) / sqrt(whole) if whole > 0 else 0.0


def _have_headlines_of_their_own(left: Profile, right: Profile) -> bool:
    """Whether hardly half of what either headline says stands anywhere in the other report: a form's slots."""
    shares = [_headline_share(one, other) for one, other in ((left, right), (right, left))]
    return max(shares) <= _HALF


def _headline_share(one: Profile, other: Profile) -> float:
    """Share (0-1, by weight) of a headline's terms that the other report has; 1.0 where there is hardly a headline."""
    said = {term: one.words.get(term, 0.0) for term in one.tags.headline}
    whole = sum(said.values())
    if len(said) < _FEWEST_TERMS or not whole:
        return 1.0
    return sum(weight for term, weight in said.items() if term in other.words) / whole


def _weigh_form(left: Profile, right: Profile, likeness: float, weights: Weights) -> float:
    """The more alike the words, the more of the names must be the same, or they were made from one form."""
    shares = _name_shares(left, right)
    if len(shares) < len((left, right)):
        return 0.0
    missing = max(0.0, weights.names_per_likeness * likeness - max(shares))
    twins = likeness > _FORM_LIKENESS and missing > _FORM_MISSING
    return weights.form * missing + (weights.twins if twins else 0.0)


def _are_about_others(tags: Tags, other: Profile) -> bool:
    """Whether the headline names somebody or a place, and hardly any of that stands in the other report."""
    return bool(tags.headline_names) and _covered(tags.headline_names, other) < _FEW_COVERED


def _name_shares(left: Profile, right: Profile) -> list[float]:
    """For each side that names anything: the share of its names that the other side's words hold."""
    sides = ((left, right), (right, left))
    return [_covered(one.tags.names, other) for one, other in sides if one.tags.names]


def _covered(names: Mapping[str, float], other: Profile) -> float:
    return sum(part for name, part in names.items() if name in other.words)


def _mean_share(left: Collection[str], right: Collection[str]) -> float:
    shared = len(set(left) & set(right))
    return (shared / len(left) + shared / len(right)) / 2


def _are_foreign(one: StoryFeatures, other: StoryFeatures) -> bool:
    left, right = base_language(one.language), base_language(other.language)
    return bool(left and right and left != right)
