"""The site's pages: stable, complete, self-contained."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from worker.sample_site import SampleAnswer, build_site
from worker.sample_site.pdf import write_pdf

NOW = datetime(2026, 11, 22, 12, 34, 56, 789, tzinfo=UTC)
SITE = build_site(NOW)
OUTLETS = {outlet.key: outlet for outlet in SITE.outlets}


def body_of(article_id: str) -> str:
    article = next(article for article in SITE.articles if article.id == article_id)
    outlet = OUTLETS[article.outlet]
    path = outlet.path(article.slug, SITE.published[article_id])
    return SITE.resources[outlet.key, path].body.decode(outlet.charset)


def test_the_same_moment_gives_the_same_bytes() -> None:
    assert build_site(NOW) == SITE


def test_another_moment_moves_the_dates_only() -> None:
    later = build_site(NOW + timedelta(minutes=1))
    assert later.expected == SITE.expected
    assert later.published["trains-harbor"] - SITE.published["trains-harbor"] == timedelta(minutes=1)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        build_site(datetime(2026, 11, 22))


def test_there_are_thirty_pages_of_six_outlets() -> None:
    pages = [article for article in SITE.articles if article.answer is SampleAnswer.PAGE]
    html = [r for r in SITE.resources.values() if r.status == 200 and r.content_type.startswith("text/html")]
    assert len(OUTLETS) == 6
    assert len(pages) >= 28
    assert len(html) >= 30


@pytest.mark.parametrize(
    "article", [a for a in SITE.articles if a.answer is SampleAnswer.PAGE], ids=lambda article: article.id
)
def test_a_page_holds_its_article_and_its_boilerplate(article) -> None:
    page = re.sub(r"<[^>]+>", "", body_of(article.id)).replace("&amp;", "&").replace("&#39;", "'")
    for paragraph in article.text.split("\n\n"):
        assert paragraph in page or OUTLETS[article.outlet].charset != "utf-8"
    for phrase in article.boilerplate.phrases:
        assert phrase in page


def test_headline_and_caption_are_doubled_where_news_sites_double_them() -> None:
    assert body_of("trains-prairie").count("Migrants stranded as Mexican railroad") >= 4
    caption = "La canciller Teresa Ocampo saluda a Marian Holloway"
    assert re.sub(r'alt="[^"]*"', "", body_of("laredo-mesa-gaceta")).count(caption) == 2


def test_the_login_wall_shows_nothing_of_its_article() -> None:
    assert "61 migrants" not in body_of("eagle-pass-harbor")
    assert 'type="password"' in body_of("eagle-pass-harbor")


def test_answers_other_than_pages() -> None:
    found = {
        (article.answer, resource.status, resource.content_type.split(";")[0])
        for article in SITE.articles
        for (key, path), resource in SITE.resources.items()
        if key == article.outlet and SITE.urls[article.id].endswith(path) and path != "/"
    }
    assert found == {
        (SampleAnswer.PAGE, 200, "text/html"),
        (SampleAnswer.LOGIN, 200, "text/html"),
        (SampleAnswer.FORBIDDEN, 403, "text/html"),
        (SampleAnswer.MISSING, 404, "text/html"),
        (SampleAnswer.PDF, 200, "application/pdf"),
    }


def test_no_page_or_feed_asks_for_anything_outside_the_site() -> None:
    for resource in SITE.resources.values():
        if resource.content_type.startswith("text/html"):
            text = resource.body.decode("utf-8", "replace")
            for address in re.findall(r'(?:src|href|action)="(https?:[^"]+)"', text):
                assert re.match(r"https://(courier|meridian|harbor|prairie|gaceta|cronica)\.example\b", address)


def test_base_urls_stand_in_every_link() -> None:
    bases = {key: f"http://127.0.0.1:{9000 + number}" for number, key in enumerate(OUTLETS)}
    site = build_site(NOW, bases)
    assert site.urls["trains-harbor"].startswith(bases["harbor"])
    for (key, _), resource in site.resources.items():
        outside = rb"https?://(?:%s)\.example/" % b"|".join(name.encode() for name in OUTLETS)
        assert not re.search(outside, resource.body), key


def test_the_pdf_states_where_its_objects_are() -> None:
    document = write_pdf("One (line)\nand \\ another, ñ")
    offsets = [int(offset) for offset in re.findall(rb"(\d{10}) 00000 n", document)]
    for number, offset in enumerate(offsets, start=1):
        assert document[offset:].startswith(b"%d 0 obj" % number)
    table = int(re.search(rb"startxref\n(\d+)", document)[1])
    assert document[table:].startswith(b"xref")
