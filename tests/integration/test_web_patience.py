"""The web process on a real socket: visitors who send half a request, and too many of them."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import uvicorn

from tests.conftest import NOW
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.web import patience
from worker.web.app import make_web

Visit = Callable[[bytes], socket.socket]


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> Iterator[Visit]:
    monkeypatch.setattr(patience, "SECONDS", 0.8)
    monkeypatch.setattr(patience, "MOST", 20)
    app = make_web(Deps(load_settings(folder=tmp_path), now=lambda: NOW))
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", http=patience.PatientProtocol)
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    with ExitStack() as stack:

        def open_one(sent: bytes) -> socket.socket:
            visitor = stack.enter_context(socket.create_connection(listener.getsockname(), timeout=5))
            visitor.sendall(sent)
            return visitor

        yield open_one
    server.should_exit = True
    thread.join()


def answer_to(visitor: socket.socket) -> bytes:
    """All of it: head and body may come one after the other."""
    said = b""
    while b"}" not in said:
        said += visitor.recv(20_000) or b"}"
    return said


def is_hung_up_on(visitor: socket.socket) -> bool:
    try:
        return visitor.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize(
    "half",
    [b"", b"GET /health/live HTTP/1.1\r\nHo", b"POST /subscribe HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nab"],
    ids=["nothing", "half a head", "half a body"],
)
def test_who_sends_half_a_request_is_hung_up_on(visit: Visit, half: bytes) -> None:
    begun = time.monotonic()
    visitor = visit(half)
    answered = visitor.recv(9) if b"POST" in half else b""
    assert answered or is_hung_up_on(visitor)
    assert time.monotonic() - begun < 4


def test_who_says_what_they_want_is_answered_and_may_ask_again(visit: Visit) -> None:
    visitor = visit(b"")
    for _ in range(3):
        time.sleep(0.2)
        visitor.sendall(b"GET /health/live HTTP/1.1\r\nHost: h\r\n\r\n")
        assert answer_to(visitor).startswith(b"HTTP/1.1 200")
    visitor.sendall(b"GET /health/live HT")
    assert is_hung_up_on(visitor), "also when the second request is a half one"


def test_too_many_are_sent_away_and_the_others_are_served(visit: Visit) -> None:
    kept = [visit(b"GET / HTTP/1.1\r\n") for _ in range(20)]
    assert all(is_hung_up_on(visit(b"")) for _ in range(30))
    kept[0].sendall(b"Host: h\r\n\r\n")
    assert kept[0].recv(12).startswith(b"HTTP/1.1")
    time.sleep(1.0)
    served = visit(b"GET /health/live HTTP/1.1\r\nHost: h\r\n\r\n")
    assert answer_to(served).startswith(b"HTTP/1.1 200"), "and when they are gone there is room again"
