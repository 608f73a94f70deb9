from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.pages import canonicalize_url, unwrap

PAGE = "https://paper.example/2026/08/03/ferry?id=3"
ESCAPED = "https%3A%2F%2Fpaper.example%2F2026%2F08%2F03%2Fferry%3Fid%3D3"


def in_base_64(text: bytes) -> str:
    return urlsafe_b64encode(text).decode().rstrip("=")


@pytest.mark.parametrize(
    "url",
    [
        f"https://www.google.com/url?rct=j&sa=t&url={ESCAPED}&ct=ga&usg=A",
        f"https://www.google.com.mx/url?q={ESCAPED}",
        f"https://news.google.com/rss/articles/{in_base_64(bytes([8, 19, 34, 43]) + PAGE.encode())}?oc=5",
        f"http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&url={ESCAPED}&c=1",
        f"https://www.bing.com/ck/a?!&&p=1&u=a1{in_base_64(PAGE.encode())}&ntb=1",
        f"https://r.search.yahoo.com/_ylt=A0;_ylu=X/RV=2/RE=17/RO=10/RU={ESCAPED}/RK=2/RS=abc-",
        f"http://us.rd.yahoo.com/dailynews/rss/*{PAGE}",
        f"https://l.facebook.com/l.php?u={ESCAPED}&h=AT",
        f"https://duckduckgo.com/l/?uddg={ESCAPED}",
        f"https://eu.safelinks.protection.outlook.com/?url={ESCAPED}&data=05",
        f"https://www.google.com/url?url=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3D{ESCAPED.replace('%', '%25')}",
    ],
)
def test_a_redirector_gives_way_to_the_page(url: str) -> None:
    assert unwrap(url) == PAGE
    assert canonicalize_url(url) == PAGE


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com/search?q=https://paper.example/",
        "https://www.google.com/url?q=ferry",
        "https://www.google.com/url?url=javascript:alert(1)",
        "https://news.google.com/rss/articles/CBMiAAAAAAAAAAAAAAAAAAAAAAAAAA?oc=5",
        "https://paper.example/share?url=https://other.example/",
        "https://www.facebook.com/paper?u=https://other.example/",
        "https://www.bing.com/ck/a?u=a1!!!",
        "http://[broken/url?url=x",
        "",
    ],
)
def test_other_addresses_stay(url: str) -> None:
    assert unwrap(url) == url


@given(st.text(max_size=300))
def test_whatever_stands_in_a_redirector_nothing_is_raised(text: str) -> None:
    for before in (
        "",
        "https://www.google.com/url?url=",
        "https://www.bing.com/ck/a?u=a1",
        "https://news.google.com/articles/",
    ):
        assert isinstance(unwrap(before + text), str)
