from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from worker.service.doctor.finding import Finding, Health
from worker.service.doctor.verdicts import (
    is_public_domain,
    judge_answer,
    judge_base_url,
    judge_clock,
    judge_dkim,
    judge_spf,
)

OURS = "v=DKIM1; k=rsa; p=MIIBIjANBg"


@pytest.mark.parametrize(
    ("records", "health"),
    [
        ([], Health.ILL),
        (["google-site-verification=x"], Health.ILL),
        (["v=spf10 -all"], Health.ILL),
        (["v=spf1 a:mx.news.example -all", "other"], Health.WELL),
        (["V=SPF1 include:_spf.news.example ~all"], Health.WELL),
        (["v=spf1"], Health.WELL),
        (["v=spf1 -all", "v=spf1 ~all"], Health.ILL),
        (["v=spf1 +all"], Health.ILL),
        (["v=spf1 mx all"], Health.ILL),
    ],
)
def test_spf(records: list[str], health: Health) -> None:
    found = judge_spf("news.example", records)
    assert found.health is health
    assert bool(found.advice) == (health is Health.ILL)


@pytest.mark.parametrize(
    ("records", "health"),
    [
        ([], Health.ILL),
        (["v=DKIM1; k=rsa; p=MIIB IjANBg"], Health.WELL),
        (["p=MIIBIjANBg ; v=DKIM1"], Health.WELL),
        (["v=DKIM1; p=other"], Health.ILL),
        (["v=DKIM1; p="], Health.ILL),
    ],
)
def test_dkim(records: list[str], health: Health) -> None:
    assert judge_dkim("storywatch._domainkey.news.example", OURS, records).health is health


def health_of(found: Finding | None) -> Health | None:
    return found.health if found else None


def test_the_address_of_the_pages() -> None:
    assert health_of(judge_base_url("", sends_mail=False)) is Health.NOTE
    assert health_of(judge_base_url("", sends_mail=True)) is Health.ILL
    assert health_of(judge_base_url("news.example", sends_mail=True)) is Health.ILL
    assert judge_base_url("https://news.example", sends_mail=True) is None
    assert judge_answer("https://news.example", b'{"ok": true, "version": "1"}').health is Health.WELL
    assert judge_answer("http://news.example", b'{"ok": true, "version": "1"}').health is Health.NOTE
    for other in (b"<html>It works!", b"", b"[]", b"7", b"\xff"):
        assert judge_answer("https://news.example", other).health is Health.ILL


def test_the_clock() -> None:
    assert judge_clock(is_kept=True, latest=NOW, now=NOW).health is Health.WELL
    assert judge_clock(is_kept=None, latest=None, now=NOW).health is Health.WELL
    assert judge_clock(is_kept=False, latest=NOW, now=NOW).health is Health.NOTE
    assert judge_clock(is_kept=True, latest=NOW + timedelta(hours=1), now=NOW).health is Health.ILL


def test_domains_that_have_records() -> None:
    assert is_public_domain("news.example.org")
    for domain in ("localhost", "news.example", "mail.local", "intranet"):
        assert not is_public_domain(domain)
