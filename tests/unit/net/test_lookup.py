import socket
import threading

import pytest

from worker.errors import FetchError, FetchReason
from worker.net.lookup import look_up


def test_gives_every_address_once() -> None:
    assert look_up("127.0.0.1", 5) == ("127.0.0.1",)


@pytest.mark.parametrize("host", ["nowhere.invalid", "a" * 70])
def test_an_unknown_name_is_a_fault(host: str) -> None:
    with pytest.raises(FetchError) as caught:
        look_up(host, 3)
    assert caught.value.reason is FetchReason.DNS
    assert caught.value.transient


def test_a_dawdling_lookup_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    let_go = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **given: let_go.wait(10) and [])
    with pytest.raises(FetchError, match="in time"):
        look_up("slow.example", 0.05)
    let_go.set()
