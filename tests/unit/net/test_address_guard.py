from collections.abc import Sequence
from ipaddress import ip_address

import pytest

from worker.errors import ConfigurationError, FetchError, FetchReason
from worker.net.address_guard import AddressGuard
from worker.net.public_addresses import is_public
from worker.net.web_address import read_address

NAMES = {
    "public.example": ("198.41.0.4", "2001:503:ba3e::2:30"),
    "inside.example": ("10.1.2.3",),
    "mixed.example": ("198.41.0.4", "192.168.1.1"),
    "linked.example": ("fe80::1%eth0",),
}


def resolve(host: str, seconds: float) -> Sequence[str]:
    return NAMES[host]


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "161.26.0.10", "166.11.255.1", "168.63.129.16",
        "169.254.169.254", "172.31.255.255", "192.0.0.9",
        "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
        "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::10.0.0.1",
        "64:ff9b:1::1", "100::1", "2001::1", "2001:0:102:304::f5ff:fffe", "2001:2::1", "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::1", "2002:a9fe:a9fe::", "2a00::5efe:10.0.0.1", "3fff::1", "5f00::1", "fc00::1",
        "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1",
    ],
)  # fmt: skip
def test_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "172.32.0.1",
        "100.128.0.1",
        "2600::1",
        "2a00::1",
        "::ffff:1.1.1.1",
        "64:ff9b::101:101",
        "2002:101:101::1",
    ],
)
def test_public(address: str) -> None:
    assert is_public(ip_address(address))


def admit(url: str, *allow: str) -> tuple[str, ...]:
    return AddressGuard(allow, resolver=resolve).admit(read_address(url), 1).addresses


def refusal(url: str, *allow: str) -> FetchReason:
    with pytest.raises(FetchError) as caught:
        admit(url, *allow)
    return caught.value.reason


def test_a_public_name_is_pinned_to_its_addresses() -> None:
    destination = AddressGuard(resolver=resolve).admit(read_address("https://public.example/"), 1)
    assert destination.addresses == NAMES["public.example"]
    assert destination.includes("2001:503:ba3e:0:0:0:2:30", 443)
    assert not destination.includes("198.41.0.4", 80)
    assert not destination.includes("10.1.2.3", 443)


@pytest.mark.parametrize("host", ["inside.example", "mixed.example", "linked.example", "10.1.2.3", "[::1]", "127.1"])
def test_one_address_that_is_not_public_is_enough_to_refuse(host: str) -> None:
    assert refusal(f"http://{host}/") is FetchReason.ADDRESS_REFUSED


@pytest.mark.parametrize("port", [22, 25, 6379])
def test_ports_of_other_protocols_are_refused(port: int) -> None:
    assert refusal(f"http://public.example:{port}/") is FetchReason.ADDRESS_REFUSED
    assert admit(f"http://public.example:{port}/", f"public.example:{port}")


@pytest.mark.parametrize(
    "entry",
    ["inside.example", "INSIDE.example.", "inside.example:8080", "10.1.2.3", "10.1.2.3:8080", "10.0.0.0/8"],
)
def test_an_exception_lets_its_host_in(entry: str) -> None:
    assert admit("http://inside.example:8080/", entry) == ("10.1.2.3",)


@pytest.mark.parametrize("entry", ["inside.example:80", "10.1.2.3:80", "10.2.0.0/16", "example", "::/0"])
def test_an_exception_lets_nothing_else_in(entry: str) -> None:
    assert refusal("http://inside.example:8080/", entry) is FetchReason.ADDRESS_REFUSED


def test_an_ipv6_exception_may_carry_a_port() -> None:
    assert admit("http://[::1]:8080/", "[::1]:8080") == ("::1",)
    assert admit("http://[::1]:8080/", "::1") == ("::1",)
    assert refusal("http://[::1]:8081/", "[::1]:8080") is FetchReason.ADDRESS_REFUSED


@pytest.mark.parametrize("entry", ["", "http://a/", "10.0.0.0/99", "a:b", "a:99999", "a b", "a?b", "u@h"])
def test_an_unreadable_exception_is_a_wrong_setting(entry: str) -> None:
    with pytest.raises(ConfigurationError, match="allow_private_hosts"):
        AddressGuard((entry,))


def test_behind_a_proxy_only_the_url_is_judged() -> None:
    guard = AddressGuard(resolver=resolve)
    guard.admit_through_proxy(read_address("http://inside.example/"))
    for url in (
        "http://localhost/",
        "http://x.localhost/",
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://a.example:22/",
    ):
        with pytest.raises(FetchError):
            guard.admit_through_proxy(read_address(url))
