"""Where a built-in model's bands begin: by the news, and balanced no lower than the project's own traps allow."""

from __future__ import annotations

import pytest

from benchmarks.topics.quality import with_cuts_of_news
from worker.topics import TopicArticle
from worker.topics.learning.quality import JudgedArticle, Label, LabelledArticle, Quality
from worker.topics.learning.training import TrainingResult
from worker.topics.model import LinearModel, article_key
from worker.topics.thresholds import Thresholds

NOBODY = Quality(0, 0, 0, 0.0, 0.0)
NEWS = [*((0.9 - number / 1000, Label.YES) for number in range(60)), *((0.2, Label.NO),) * 40, (0.55, Label.NO)]
TRAPS = [(0.86, Label.NO)] * 30  # as surely wrong as the news is right


def judge(kind: str, score: float, label: Label, number: int) -> JudgedArticle:
    article = TopicArticle(f"{kind} {number}", f"What {kind} {number} says.", "en", "Outlet")
    return JudgedArticle(LabelledArticle(article, label, id=f"{kind} {number}"), score, None)


def trained(*judged: JudgedArticle) -> TrainingResult:
    model = LinearModel("border", 0.0, {}, {}, Thresholds(0.99, 0.98, 0.97))
    return TrainingResult(model, True, "", judged, (), {"all": NOBODY}, {"all": NOBODY}, {}, {}, ())


@pytest.fixture
def judged() -> list[JudgedArticle]:
    news = [judge("long", score, label, number) for number, (score, label) in enumerate(NEWS)]
    return news + [judge("own", score, label, number) for number, (score, label) in enumerate(TRAPS)]


def test_balanced_is_as_low_as_its_precision_allows(judged: list[JudgedArticle]) -> None:
    cuts = with_cuts_of_news(trained(*judged[: len(NEWS)])).thresholds
    assert cuts.balanced == 0.21, "one wrong of sixty-one is precise enough, forty-one of a hundred are not"
    assert cuts.strict >= cuts.balanced >= cuts.wide


def test_traps_raise_balanced_and_what_must_not_stand_below_it(judged: list[JudgedArticle]) -> None:
    with_traps, without = (with_cuts_of_news(trained(*rows)).thresholds for rows in (judged, judged[: len(NEWS)]))
    assert with_traps.balanced == 0.87, "thirty-one of the news' sixty are surer than any trap"
    assert without.wide <= with_traps.wide < with_traps.balanced
    assert with_traps.strict == max(without.strict, with_traps.balanced)


def test_a_plain_stream_counts_for_nothing(judged: list[JudgedArticle]) -> None:
    stream = [judge("stream", 0.95, Label.NO, number) for number in range(50)]
    news = judged[: len(NEWS)]
    assert with_cuts_of_news(trained(*news, *stream)).thresholds == with_cuts_of_news(trained(*news)).thresholds


def test_what_is_wrong_of_the_news_raises_balanced(judged: list[JudgedArticle]) -> None:
    wrong = [judge("short", 0.5, Label.NO, number) for number in range(20)]
    assert with_cuts_of_news(trained(*judged[: len(NEWS)], *wrong)).thresholds.balanced == 0.51


def test_the_model_remembers_of_every_row_what_it_said_while_that_was_held_back(judged: list[JudgedArticle]) -> None:
    seen = with_cuts_of_news(trained(*judged)).seen
    assert seen == {article_key(one.labelled.article): one.score for one in judged}
