import pytest

from worker.digests import safe_href


@pytest.mark.parametrize(
    ("url", "href"),
    [
        ("https://news.example/a?b=c&d=e#f", "https://news.example/a?b=c&d=e#f"),
        ("HTTP://News.Example:8080/", "http://news.example:8080/"),
        (" https://news.example/a b\t\n", "https://news.example/a%20b"),
        ('https://news.example/año?q=[1]|"<>', "https://news.example/a%C3%B1o?q=%5B1%5D%7C%22%3C%3E"),
        ("https://news.example/100%", "https://news.example/100%25"),
        ("https://news.example/%C3%B1", "https://news.example/%C3%B1"),
        ("https://peña.example/", "https://xn--pea-8ma.example/"),
        ("https://[::1]:8000/x", "https://[::1]:8000/x"),
    ],
)
def test_web_links(url: str, href: str) -> None:
    assert safe_href(url) == href
    assert safe_href(href) == href


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//news.example/",
        "/a",
        "news.example",
        "https://",
        "https:///a",
        "ftp://news.example/",
        "https://user:word@news.example/",
        "https://bank.example@evil.example/",
        "https://news.example:99999/",
        "https://[::1/",
        "https://a<b>.example/",
        "https://news.example/" + "x" * 3000,
        "https://news.example/" + "ñ" * 1500,
        "https://" + "a" * 70 + ".example/",
        "mailto:a@b.example",
    ],
)
def test_what_becomes_no_link(url: str) -> None:
    assert safe_href(url) == ""
