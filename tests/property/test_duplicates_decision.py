from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from worker.duplicates import Candidate, DuplicateKind, decide, fingerprint
from worker.duplicates.alignment import align

START = datetime(2026, 5, 4, tzinfo=UTC)
WORDS = [f"{first}{second}" for first in ("ka", "lo", "mi", "Ru", "7") for second in ("ba", "den", "sol", "3", "tur")]
words = st.lists(st.sampled_from(WORDS), min_size=0, max_size=90)


@st.composite
def families(draw):
    """A text and edited forms of it and of others: much alike, so that ties and rivals occur."""
    base = draw(words.filter(len))
    texts = []
    for _ in range(draw(st.integers(1, 6))):
        cut = draw(st.integers(0, len(base)))
        texts.append(" ".join(draw(st.sampled_from([base, base[cut:], base[:cut] + draw(words), draw(words)]))))
    return " ".join(base), texts


@given(families(), st.data())
@settings(max_examples=120, deadline=None)
def test_the_order_of_candidates_changes_nothing(family, data):
    text, texts = family
    times = st.integers(0, 2).map(lambda hours: START + timedelta(hours=hours))
    candidates = [
        Candidate(number, fingerprint(stored), data.draw(st.none() | times), data.draw(times))
        for number, stored in enumerate(texts)
    ]
    shuffled = data.draw(st.permutations(candidates))
    decision = decide(fingerprint(text), candidates)
    assert decide(fingerprint(text), shuffled) == decision
    if decision.kind is DuplicateKind.UNIQUE:
        assert decision.duplicate_of is None
        assert decision.similarity is None
    else:
        assert decision.duplicate_of in range(len(texts))
        assert 0 < decision.similarity <= 1
        assert len(decision.evidence) <= 300


@given(st.text(max_size=400))
@settings(deadline=None)
def test_any_text_has_a_fingerprint_and_finds_itself(text):
    taken = fingerprint(text)
    assert taken == fingerprint(text)
    decision = decide(taken, [Candidate(1, fingerprint(text), None, START)])
    assert (decision.kind is DuplicateKind.EXACT) == (taken.word_count > 0)


@given(words, words)
@settings(max_examples=100, deadline=None)
def test_alignment_is_a_common_subsequence(left, right):
    end = (0, 0)
    for run in align(left, right):
        assert (run.left, run.right) >= end
        assert run.left >= end[0]
        assert run.right >= end[1]
        assert left[run.left : run.left + run.length] == right[run.right : run.right + run.length]
        end = (run.left + run.length, run.right + run.length)
