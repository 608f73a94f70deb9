"""Pages that are walls, through the real pipeline and on both databases: as if the server had said 404."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from models import Article, Feed, Site, Story
from tests.integration import inline, stored
from tests.integration.news_server import RSS, NewsServer, Reply, serve_news
from worker.analysis.analyze_article import analyze_article
from worker.analysis.reading import SHARED, read_article
from worker.analysis.site_profile import count_reading, profile_of
from worker.delivery.composing import compose
from worker.digests import Period
from worker.pipeline import STEPS
from worker.queue import sweep
from worker.retry import READ_RETRIES
from worker.setup.deps import Deps
from worker.storage.articles import article_rows, documents
from worker.storage.digests import subscribers
from worker.storage.feeds.feed_rows import NewFeed

TOWNS = (
    "Almena", "Ribera", "Caltrop", "Dunmore", "Esker", "Fennick", "Garrow", "Hallin", "Ister", "Jarrow", "Kelby",
    "Lorne",
)  # fmt: skip
EVENTS = (
    "closes its old reservoir", "loses the last baker", "finds a Roman well", "votes on a tram", "counts fewer storks",
    "sells the town theatre", "welcomes ninety pupils", "bans fireworks in June", "buys two electric ferries",
    "repairs the organ", "mourns its chess champion", "plants a cherry alley",
)  # fmt: skip
BODY = "<html><head><title>{title} | The Wall</title></head><body>{page}</body></html>"
WALLS = {
    "onetrust": '<main><div id="root"></div><div id="onetrust-consent-sdk"><div id="onetrust-banner-sdk"><h2>We hold '
    "your privacy dear</h2><p>The Wall and its 700 partners keep cookies on your device and use your personal data to "
    "measure and to advertise. You may accept or refuse them, and change your choice at any hour.</p>"
    "<button>Accept</button></div></div></main>",
    "didomi": '<div id="didomi-host"><div class="didomi-popup-view"><p>With your consent, our partners and we store '
    "cookies on your device and process personal data such as your address on the net, for advertising that suits "
    "you and for studies of our readers.</p><p>You can withdraw your consent whenever you like.</p></div></div>",
    "quantcast": '<div class="qc-cmp2-container"><p>We value your privacy. Our partners and we use cookies '
    "and personal data for advertising and measure what it does. Choose below what you allow us.</p></div>",
    "sourcepoint": '<div id="sp_message_container_9"><div class="message-row"><p>Read us with advertising: your '
    "consent lets our partners set cookies on your device, or take our subscription without any.</p></div></div>",
    "unknown layer": "<div class=x1><div class=x2><p>We and our 312 partners keep cookies on your device. They read "
    "personal data to choose the advertising you see, and tell your device from others.</p><p>You may object to each "
    "legitimate interest on the privacy page. Accept all cookies or manage your choices.</p></div></div>",
    "robots": "<h1>One moment</h1><p>We are checking your browser before you reach The Wall. Please wait a few "
    "seconds, and leave JavaScript and cookies switched on. Ray ID: 81fe22.</p>",
    "shell": '<noscript>You need to enable JavaScript to read The Wall.</noscript><div id="app"></div>',
    "gate": "<article><p>This story is for subscribers. Already a subscriber? Log in to continue reading. Take a "
    "subscription and read every story on this site.</p></article>",
}
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
MIGRANTS = b"Migrants from Mexico who seek asylum at the border in Texas met there, and the council"
NONE = Reply(b"no", status=404)


def title(number: int) -> str:
    return f"{TOWNS[number]} {EVENTS[number]}"


def own_text(number: int) -> str:
    return f"The council of {TOWNS[number]} said on Monday that the town {EVENTS[number]}, and named no date for more."


def feed(base: str, count: int) -> Reply:
    items = "".join(
        f"<item><title>{title(number)}</title><link>{base}/{number}</link><description>{own_text(number)}</description>"
        "</item>"
        for number in range(count)
    )
    return Reply(f'<rss version="2.0"><channel><title>The Wall</title>{items}</channel></rss>'.encode(), RSS)


@pytest.fixture
def server() -> Iterator[NewsServer]:
    with serve_news() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def deps(request: pytest.FixtureRequest, tmp_path: Path, redis_url: str, server: NewsServer) -> Iterator[Deps]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'walls.db'}" if sqlite else request.getfixturevalue("postgres_url")
    deps = inline.make_deps(inline.settings_for(tmp_path, url, redis_url))
    inline.watch(deps, NewFeed(f"{server.url}/feed"))
    yield deps
    deps.redis.close()
    deps.database.close()


def articles(deps: Deps) -> list[Article]:
    with deps.reading() as session:
        rows = list(session.scalars(select(Article).options(undefer(Article.text)).order_by(Article.id)))
        session.expunge_all()
    return rows


def run_until_fetched(deps: Deps) -> None:
    todo = deque(wakeup for queue in ("fetch", "analyze") for wakeup in sweep.look(deps, "sweep", queue, room=100))
    while todo:
        step, row_id = todo.popleft()
        if step != "analyze_article":
            todo.extend(STEPS[step].run(deps, row_id))


def test_whatever_wall_stands_there_the_feeds_text_is_told(deps: Deps, server: NewsServer) -> None:
    """Each wall under a story of its own, and beside them four with no page at all: nothing tells them apart."""
    replies = [*(Reply(BODY.format(title=title(n), page=wall).encode()) for n, wall in enumerate(WALLS.values()))]
    replies += [NONE] * (len(TOWNS) - len(replies))
    server.replies |= {str(number): reply for number, reply in enumerate(replies)}
    server.replies["feed"] = feed(server.url, len(TOWNS))
    inline.run_all(deps, "fetch", "analyze")
    found = {row.title: row for row in articles(deps)}
    assert {row.state for row in found.values()} == {"analyzed"}
    for number in range(len(TOWNS)):
        row = found[title(number)]
        assert (row.text, row.feed_only, row.copied_from) == (own_text(number), True, None)
        assert row.reason
    with deps.reading() as session:
        assert session.scalar(select(func.count()).select_from(Story)) == len(TOWNS)


def test_twelve_stubs_with_one_wall_stay_twelve_stories_and_the_feed_says_what_is_wrong(
    deps: Deps, server: NewsServer
) -> None:
    """The feed gives titles alone, so that nothing but the wall could make them copies."""
    server.replies |= {str(n): Reply(BODY.format(title=title(n), page=WALLS["gate"]).encode()) for n in range(12)}
    stripped = feed(server.url, 12).body
    for number in range(12):
        stripped = stripped.replace(own_text(number).encode(), b"")
    server.replies["feed"] = Reply(stripped, RSS)
    inline.run_all(deps, "fetch", "analyze")
    rows = articles(deps)
    assert len({row.story_id for row in rows}) == 12
    assert {(row.text, row.copied_from, row.feed_only) for row in rows} == {("", None, True)}
    with deps.reading() as session:
        assert session.scalars(select(Feed.decay)).one() == "none of its last 6 pages gave any text of an article"


STRANGER = (
    "<article><p>The wheel of the old mill turns for whoever brings a grain of salt. Ring twice, hum the tune of the "
    "miller's daughter, and step over the third plank. Number {number} stands at the gate; it opens at dusk.</p>"
    "<p>“{title}” lies behind it.</p></article>"
)


def test_a_wall_in_words_that_nobody_knows_does_no_harm_on_the_second_page(deps: Deps, server: NewsServer) -> None:
    """The first could be a short story; its text goes once the second one has it too. A real story stays as it is."""
    for number in range(5):
        wall = STRANGER.format(number=7_000 + number, title=title(number))
        server.replies[str(number)] = Reply(BODY.format(title=title(number), page=wall).encode())
    story = f"<article><p>{own_text(5)}</p><p>{' '.join(EVENTS)}.</p></article>"
    server.replies["5"] = Reply(BODY.format(title=title(5), page=story).encode())
    server.replies["feed"] = feed(server.url, 6)
    inline.run_all(deps, "fetch", "analyze")
    inline.run_all(deps)
    found = {row.title: row for row in articles(deps)}
    for number in range(5):
        row = found[title(number)]
        assert (row.text, row.feed_only, row.copied_from, row.reason) == (own_text(number), True, None, SHARED)
    assert found[title(5)].text.endswith(f"{EVENTS[-1]}.")
    assert len({row.story_id for row in found.values()}) == 6


def test_of_two_read_at_the_same_time_both_are_read_again(deps: Deps, server: NewsServer) -> None:
    """Each was judged before the other was saved: so it is asked once more under the lock."""
    for number in range(2):
        page = BODY.format(title=title(number), page=STRANGER.format(number=number, title=title(number)))
        server.replies[str(number)] = Reply(page.encode())
    server.replies["feed"] = feed(server.url, 2)
    run_until_fetched(deps)
    first, second = (row.id for row in articles(deps))
    analyze_article(deps, first)
    with deps.transaction() as session:
        record = article_rows.claim_article(session, second, now=deps.now(), lease=SECOND, state="fetched")
        assert record is not None
        site = profile_of(deps, session, record, page := documents.page_of(session, second))
        wakeups = count_reading(session, site, record, read_article(record, page, now=deps.now()), now=deps.now())
    assert [wakeup.step for wakeup in wakeups] == ["learn_site"]
    with deps.reading() as session:
        assert session.execute(select(Site.cursor, Site.last_article_id)).all() == [(first - 1, second)]


def test_a_digest_over_walls_is_the_digest_over_missing_pages(
    deps: Deps, server: NewsServer, tmp_path: Path, redis_url: str
) -> None:
    missing = inline.make_deps(inline.settings_for(tmp_path, f"sqlite:///{tmp_path / 'missing.db'}", redis_url))
    dated = f"<pubDate>{format_datetime(deps.now())}</pubDate></item>".encode()
    body = feed(server.url, len(WALLS)).body.replace(b"The council", MIGRANTS).replace(b"</item>", dated)
    server.replies["feed"] = Reply(body, RSS)
    digests, now = [], deps.now()
    for each, bodies in ((deps, WALLS.values()), (missing, [None] * len(WALLS))):
        for number, body in enumerate(bodies):
            reply = NONE if body is None else Reply(BODY.format(title=title(number), page=body).encode())
            server.replies[str(number)] = reply
        if each is missing:
            inline.watch(each, NewFeed(f"{server.url}/feed"))
        inline.run_all(each, "fetch", "analyze")
        with each.transaction() as session:
            found = subscribers.read_subscription(session, stored.subscribe(session))
            assert found is not None
            composed = compose(each, session, found, Period(now - DAY, now + DAY))
        assert composed is not None
        digests.append(sorted(line for line in composed.text.splitlines() if "8080/" not in line))
    missing.redis.close()
    missing.database.close()
    assert digests[0] == digests[1]
    told = [number for number in range(len(WALLS)) if any(title(number) in line for line in digests[0])]
    assert told == list(range(1, len(WALLS))), "each by its feed's words; a reservoir's headline is of local matters"


def test_a_page_that_breaks_its_process_is_told_with_the_feeds_text(deps: Deps, server: NewsServer) -> None:
    server.replies |= {"0": Reply(BODY.format(title=title(0), page=f"<p>{own_text(1) * 9}</p>").encode())}
    server.replies["feed"] = feed(server.url, 1)
    run_until_fetched(deps)
    (row,) = articles(deps)
    for _ in range(READ_RETRIES.attempts):  # each was claimed, and its process ended before it wrote anything
        with deps.transaction() as session:
            assert article_rows.claim_article(session, row.id, now=deps.now(), lease=-SECOND, state="fetched")
    analyze_article(deps, row.id)
    (row,) = articles(deps)
    assert (row.state, row.text, row.feed_only) == ("analyzed", own_text(0), True)
    assert row.reason is not None
    assert "three times" in row.reason
