"""The sample site on loopback."""

from __future__ import annotations

import http.client
import socket
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from worker.sample_site import build_site, serve

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def server():
    with serve(NOW) as running:
        yield running


def get(url: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    try:
        connection.request(method, url.split(parts.netloc, 1)[1] or "/", headers=headers)
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


def test_every_outlet_has_its_own_port(server) -> None:
    assert len(set(server.base_urls.values())) == 6
    assert [name for name, _, _ in server.feeds] == [outlet.name for outlet in server.site.outlets]
    assert {language for _, _, language in server.feeds} == {"en", "es"}


def test_every_resource_is_served_as_built(server) -> None:
    site = build_site(NOW, server.base_urls)
    for (key, path), resource in site.resources.items():
        status, headers, body = get(server.base_urls[key] + path)
        assert (status, headers["Content-Type"], body) == (
            resource.status,
            resource.content_type,
            resource.body,
        )


def test_an_unchanged_feed_answers_304_without_a_body(server) -> None:
    for _, url, _ in server.feeds:
        _, headers, _ = get(url)
        status, again, body = get(url, **{"If-None-Match": headers["ETag"]})
        assert (status, again["ETag"], body) == (304, headers["ETag"], b"")
        assert get(url, **{"If-None-Match": '"another"'})[0] == 200


def test_a_query_string_leads_to_the_same_page(server) -> None:
    (tracked,) = server.site.expected.tracked
    url = server.site.urls[tracked]
    assert get(url)[2] == get(f"{url}?utm_source=newsletter")[2]


def test_head_has_no_body(server) -> None:
    status, headers, body = get(server.base_urls["harbor"] + "/", "HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 0


def test_unknown_paths_and_robots(server) -> None:
    assert get(server.base_urls["courier"] + "/nowhere")[0] == 404
    assert get(server.base_urls["courier"] + "/robots.txt")[2].startswith(b"User-agent: *")


def test_answers_are_counted() -> None:
    with serve(NOW) as server:
        url = server.feeds[0][1]
        _, headers, _ = get(url)
        get(url, **{"If-None-Match": headers["ETag"]})
        path = urlsplit(url).path
        assert server.answers == {("courier", path, 200): 1, ("courier", path, 304): 1}
        assert sum(server.answers.values()) == 2


def test_nothing_listens_after_the_block() -> None:
    with serve(NOW) as server:
        parts = urlsplit(server.base_urls["courier"])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((parts.hostname, parts.port), timeout=5)
