"""Where articles end up, decided without a database: nothing is lost or doubled, whatever order they are read in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from worker import duplicates, pages, stories, topics
from worker.analysis.copy_candidates import Comparison, CopyCandidates
from worker.analysis.judgement import Judgement
from worker.analysis.placing import decide_placement
from worker.duplicates import GroupMember
from worker.storage.stories.placement_snapshots import PlacementSnapshot
from worker.storage.stories.placement_writes import PlacementDecision
from worker.stories import PlacedArticle, StorySums

START = datetime(2026, 5, 4, tzinfo=UTC)
SENTENCES = [
    f"on the {ordinal} morning a {colour} {thing} stood beside the {place} while nobody asked whose {thing} it was"
    for ordinal, colour, thing, place in zip(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh"],
        ["red", "blue", "green", "yellow", "black", "white", "brown"],
        ["cart", "boat", "wagon", "ladder", "barrel", "bicycle", "trunk"],
        ["mill", "church", "harbour", "station", "school", "bakery", "bridge"],
        strict=True,
    )
]


@dataclass
class Article:
    text: str
    published: datetime
    language: str


@dataclass
class House:
    """What a database would hold."""

    groups: dict[int, GroupMember] = field(default_factory=dict)
    compared: dict[int, duplicates.Candidate] = field(default_factory=dict)
    reports: dict[int, stories.StoryFeatures] = field(default_factory=dict)
    story_of: dict[int, int] = field(default_factory=dict)
    sums: dict[int, StorySums] = field(default_factory=dict)
    merged: dict[int, int | None] = field(default_factory=dict)
    matches: dict[int, tuple[topics.TopicMatch, ...]] = field(default_factory=dict)

    def members(self, story_ids: set[int]) -> tuple[PlacedArticle, ...]:
        placed = ((one, self.story_of[one], said) for one, said in sorted(self.reports.items()))
        return tuple(PlacedArticle(*each) for each in placed if each[1] in story_ids)

    def read(self, relation: duplicates.Relation) -> PlacementSnapshot:
        followers = {one.article_id for one in relation.followers}
        members = self.members({self.story_of[one] for one in followers if self.groups[one].original_id is None})
        groups, parent = tuple(self.groups.values()), relation.decision.duplicate_of
        if parent is not None:
            leader = self.groups[parent].original_id or parent
            return PlacementSnapshot(groups, members, (), self.story_of[leader], self.matches[leader])
        found = (
            ()
            if members
            else [
                stories.StoryCandidate(story_id, tuple(one.features for one in self.members({story_id})))
                for story_id in sorted(self.sums)
            ]
        )
        return PlacementSnapshot(groups, members, tuple(found))

    def apply(self, article: duplicates.Candidate, decision: PlacementDecision) -> None:
        group, change = decision.group, decision.membership
        self.compared[article.article_id] = replace(article, copied_from=group.copied_from)
        own = GroupMember(article.article_id, group.copied_from, group.decision.duplicate_of)
        self.groups[article.article_id] = own
        for follower in group.followers:
            one = follower.article_id
            self.groups[one] = replace(self.groups[one], copied_from=article.article_id)
            self.compared[one] = replace(self.compared[one], copied_from=article.article_id)
        for one in group.moved:
            self.groups[one] = replace(self.groups[one], original_id=group.original_id)
        for departure in change.left:
            assert self.story_of[departure.article_id] == departure.story_id
            del self.reports[departure.article_id]
        if change.takes_over is not None:
            del self.reports[change.takes_over]
        story_id = change.story_id
        for emptied, into in change.merged.items():
            self.merged = {story: into if other == emptied else other for story, other in self.merged.items()}
            self.merged[emptied] = into
            del self.sums[emptied]
        for story in change.stories:
            written = story.story_id or len(self.sums) + len(self.merged) + 1
            story_id = written if story.joined else story_id
            self.sums[written] = story.sums
        if change.features is not None:
            self.reports[article.article_id] = change.features
        assert story_id is not None
        for one in (article.article_id, *group.moved):
            self.story_of[one], self.matches[one] = story_id, decision.matches


def judge(number: int, article: Article) -> Judgement:
    read = pages.ExtractedArticle(pages.PageKind.ARTICLE, "", article.text, language=article.language)
    said = stories.StoryArticle("", article.text, article.language, article.published)
    match = topics.TopicMatch(f"topic {number}", 0.9, topics.Band.STRICT, (), ())
    return Judgement(
        read, article.published, None, duplicates.fingerprint(article.text), stories.features(said), (match,)
    )


def place(house: House, number: int, article: Article) -> PlacementDecision:
    judgement = judge(number, article)
    subject = duplicates.Candidate(number, judgement.fingerprint, article.published, START)
    relation = duplicates.relate(subject, list(house.compared.values()))
    prints = {known.article_id: known.fingerprint for known in house.compared.values()}
    compared = Comparison(CopyCandidates(subject, (), (), {}), relation, prints)
    decision = decide_placement(judgement, compared, house.read(relation), now=START)
    house.apply(subject, decision)
    return decision


def check(house: House) -> None:
    for number, member in house.groups.items():
        leader = member.original_id or number
        assert (number in house.reports) == (member.original_id is None), "a report is no copy, and a copy none"
        assert house.groups[leader].original_id is None, "an original is no copy itself"
        assert (house.story_of[number], house.matches[number]) == (house.story_of[leader], house.matches[leader])
        if member.copied_from is not None:
            parent = house.groups[member.copied_from]
            assert (parent.original_id or parent.article_id) == leader
            assert house.compared[parent.article_id].seniority < house.compared[number].seniority
    assert {house.story_of[one] for one in house.reports} == set(house.sums), "no story is without a report"
    for story_id, sums in house.sums.items():
        said = [member.features for member in house.members({story_id})]
        assert sums == stories.sum_up(said)
    for into in house.merged.values():
        assert into in house.sums


texts = st.lists(st.sampled_from(SENTENCES), min_size=3, max_size=5, unique=True).map(" ".join)
hours = st.integers(0, 5).map(lambda number: START - timedelta(hours=number))
articles = st.lists(st.builds(Article, texts, hours, st.sampled_from(["en", "es", "xx"])), min_size=2, max_size=6)


@given(articles, st.data())
@settings(max_examples=60, deadline=None)
def test_nothing_is_lost_or_doubled_in_any_order(told: list[Article], data: st.DataObject) -> None:
    house = House()
    for place_ in data.draw(st.permutations(range(len(told)))):
        place(house, place_ + 1, told[place_])
        check(house)
    usual = House()
    for number, article in enumerate(told, start=1):
        place(usual, number, article)
    assert usual.groups == house.groups, "who copies whom does not hang on the order"


def test_a_senior_that_is_read_late_takes_the_place_of_one_and_the_others_leave() -> None:
    """Two parts that are no copies of each other, in two stories; then the whole that both are taken from."""
    house = House()
    first = Article(" ".join(SENTENCES[:3]), START, "en")
    second = Article(" ".join(SENTENCES[3:6]), START - timedelta(hours=1), "es")
    place(house, 1, first)
    place(house, 2, second)
    house.story_of[2], house.sums[2] = 2, stories.sum_up([house.reports[2]])
    house.sums[1] = stories.sum_up([house.reports[1]])
    whole = Article(f"{first.text} {second.text}", START - timedelta(days=1), "en")
    relation = duplicates.Relation(
        duplicates.DuplicateDecision(duplicates.DuplicateKind.UNIQUE),
        tuple(
            duplicates.Follower(one, duplicates.DuplicateDecision(duplicates.DuplicateKind.NEAR, 3, 0.9))
            for one in (2, 1)
        ),
    )
    judgement = judge(3, whole)
    subject = duplicates.Candidate(3, judgement.fingerprint, whole.published, START)
    compared = Comparison(CopyCandidates(subject, (), (), {}), relation, {})
    decision = decide_placement(judgement, compared, house.read(relation), now=START)
    house.apply(subject, decision)
    check(house)
    change = decision.membership
    assert (change.takes_over, change.story_id, [one.article_id for one in change.left]) == (2, 2, [1])
    assert (change.merged, set(house.sums), house.sums[2].size) == ({1: 2}, {2}, 1)
    assert (house.sums[2].first_published, house.sums[2].last_published) == (whole.published, whole.published)


def test_copies_of_copies_come_along() -> None:
    house = House()
    text = " ".join(SENTENCES)
    for number, day in ((1, 3), (2, 2), (3, 1), (4, 4)):
        place(house, number, Article(text, START - timedelta(days=day), "en"))
        check(house)
    assert {number: member.original_id for number, member in house.groups.items()} == {1: 4, 2: 4, 3: 4, 4: None}
    assert house.sums[1].size == 1
