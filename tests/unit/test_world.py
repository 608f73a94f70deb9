"""The world that mails are measured on: the same for a seed, refused without data, and its score of known mails."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest

from benchmarks.world.__main__ import main
from benchmarks.world.articles import INVENTED, START, World, build_world
from benchmarks.world.facts import Fact
from benchmarks.world.feeds import KINDS
from benchmarks.world.mails import read_mails
from benchmarks.world.outlets import FEEDS, LAYOUTS
from benchmarks.world.pieces import MissingDataError, without_repeats
from benchmarks.world.said import said_at
from benchmarks.world.score import Score, score_run
from benchmarks.world.site import Site
from benchmarks.world.truth import Answer, Label, Piece, Report
from worker.feeds import parse_feed


@pytest.fixture
def site() -> Site:
    world = build_world(1, None, INVENTED)
    end = world.end
    return Site(world, lambda: end)


def test_a_seed_gives_the_same_world_and_another_one_another() -> None:
    assert build_world(4, None, INVENTED) == build_world(4, None, INVENTED)
    assert build_world(4, None, INVENTED) != build_world(5, None, INVENTED)


def test_without_its_data_it_refuses_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match=r"has no topics, stories, duplicates/base_dev\.jsonl: .*--data"):
        build_world(1, tmp_path)


def test_the_command_says_so_and_runs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["world", "--data", str(tmp_path)])
    assert main() == 2
    said = capsys.readouterr()
    assert not said.out
    assert said.err.count("\n") == 1


def test_every_layout_and_kind_of_feed_is_somewhere() -> None:
    outlets = [one for seed in range(3) for one in build_world(seed, None, INVENTED).outlets.values()]
    assert {one.layout for one in outlets} == {*LAYOUTS, "post"}
    assert {one.feed for one in outlets} == {*FEEDS, "posts"}
    assert {*FEEDS, "posts"} == set(KINDS)


def test_every_page_is_served_and_holds_its_story(site: Site) -> None:
    for report in site.world.truth.reports.values():
        answer = site.answer(site.url(report))
        charset = "cp1252" if site.world.outlets[report.outlet].habit == "latin" else "utf-8"
        if answer.status == 500:
            answer = site.answer(site.url(report))
        page = answer.body.decode(charset)
        last = said_at(report, site.clock()).paragraphs[-1].split()[-1].strip('”“".’')
        assert (last in page) or report.answer is not Answer.PAGE, report
        assert answer.status == (404 if report.answer is Answer.MISSING else 200)
        assert site.report_at(site.url(report)) is report


def test_every_feed_is_one_that_names_its_articles(site: Site) -> None:
    publishing = {one.outlet for one in site.world.truth.reports.values()}
    silent = {outlet.name for key, outlet in site.world.outlets.items() if key not in publishing}
    for name, url, _ in site.feeds:
        if name in silent:
            continue
        answer = next(found for _ in range(2) if (found := site.answer(url)).status == 200)
        assert parse_feed(answer.body, url, answer.content_type).entries, name


def mail(site: Site, day: int, *stories: tuple[Report, ...]) -> bytes:
    """A digest that links to these reports, a story each."""
    message = EmailMessage()
    message["Date"] = format_datetime(START + timedelta(days=day))
    message["Subject"] = "News"
    blocks = "".join(
        f"<h3><a href='{site.url(told[0])}'>{told[0].title}</a></h3>"
        + "".join(f"<p><a href='{site.url(one)}?utm_source=mail'>x</a></p>" for one in told)
        for told in stories
    )
    message.set_content("\n".join(one.text for told in stories for one in told))
    message.add_alternative(f"<html><body>{blocks}</body></html>", subtype="html")
    return message.as_bytes()


def scored(site: Site, *mails: bytes, explained: dict[int, tuple[bool, str]] | None = None, **stored: Fact) -> Score:
    names = sorted(site.world.truth.reports)
    facts = {
        name: [stored.get(name, Fact(number, "analyzed", "", False, "", "", matched=True))]
        for number, name in enumerate(names)
    }
    return score_run(site, read_mails(mails), facts, explained or {}, lambda _report, _title, text: "asylum" in text)


def labelled(world: World, label: Label) -> list[Report]:
    """One report of each text."""
    return [told[0] for told in world.truth.units(label).values()]


def test_what_mails_tell_is_counted_and_what_they_do_not_has_a_cause(site: Site) -> None:
    (first, second, *_), (wrong, *_) = labelled(site.world, Label.YES), labelled(site.world, Label.NO)
    mixed = {wrong.id: Fact(0, "analyzed", "", False, "", "", story=1)}
    score = scored(site, mail(site, 1, (first, wrong), (second,)), **mixed)
    assert score.told == {Label.YES: 2, Label.NO: 1, Label.BORDERLINE: 0}
    assert (score.found, score.precision) == (2, 2 / 3)
    assert [(one.report, one.cause) for one in score.wrong] == [(wrong, "mixed story")]
    assert len(score.missed) == score.units - 2
    assert Counter(one.cause for one in score.missed) == {"story silenced": score.units - 2}


def test_a_story_told_again_is_found_unless_it_has_news(site: Site) -> None:
    first, second, *_ = labelled(site.world, Label.YES)
    again = scored(site, mail(site, 1, (first,)), mail(site, 2, (first,)))
    assert len(again.told_twice) == 1
    assert not scored(site, mail(site, 1, (first,)), mail(site, 2, (first, second))).told_twice


def test_a_page_that_changed_is_news_once_though_it_was_seen_late(site: Site) -> None:
    changed = next(one for one in site.world.truth.reports.values() if one.later and one.later.is_news)
    assert changed.later
    day = (changed.later.at - START).days + 2
    mails = [mail(site, at, (changed,)) for at in (0, day, day + 1)]
    assert not scored(site, *mails[:2]).told_twice, "though a mail between them did not have it"
    assert len(scored(site, *mails).told_twice) == 1


def test_a_text_that_stands_in_two_benches_is_one_text() -> None:
    piece = Piece("a:1", "Ferry", ("It sank at noon. " * 9,), "en", Label.NO)
    again, other = replace(piece, id="b:7", title="Boat"), replace(piece, id="b:8", paragraphs=("It did not sink.",))
    assert list(without_repeats([piece, again, other])) == [piece, other]


def test_copies_apart_leaks_and_wrong_characters_are_found(site: Site) -> None:
    prints = next(told for told in site.world.truth.units(Label.YES).values() if len(told) > 1)
    plain = [replace(one, answer=Answer.PAGE) for one in prints]
    assert len(scored(site, mail(site, 1, *((one,) for one in plain))).copies_apart) == 1
    assert not scored(site, mail(site, 1, (prints[0],))).copies_apart
    mails = [mail(site, day, (one,)) for day, one in enumerate(plain[:2], 1)]
    assert len(scored(site, *mails).copies_apart) == 1
    known = {plain[0].id: Fact(0, "analyzed", "", False, "", "", copy_of=1)}
    assert not scored(site, *mails, **known).copies_apart
    line = site.world.outlets["o0"].furniture[0]
    told = EmailMessage()
    told["Date"], told["Subject"] = format_datetime(START), "PeÃ±a"
    told.set_content(f"{line}\nJohn &amp; Mary")
    told.add_alternative("<html><body></body></html>", subtype="html")
    found = scored(site, told.as_bytes())
    assert any(line in leak for leak in found.leaked)
    assert len(found.garbled) == 2


def test_explain_is_held_against_the_mails(site: Site) -> None:
    names = sorted(site.world.truth.reports)
    first, second, *_ = labelled(site.world, Label.YES)
    explained = {number: (name == second.id, "so it says") for number, name in enumerate(names)}
    score = scored(site, mail(site, 1, (first,)), explained=explained)
    assert score.denied == [f"{first.id} {first.title[:50]!r}: so it says"]
    assert score.claimed == [f"{second.id} {second.title[:50]!r}: so it says"]
