import base64
import random
import string

import pytest

from worker.net.shown_address import is_key, shown


def test_a_shown_url_is_one_bounded_line_without_credentials() -> None:
    line = shown("http://user:word@news.example/\r\nX: y\x1b[31m" + "a" * 500)
    assert "word" not in line
    assert line.isprintable()
    assert len(line) == 200


def test_the_key_of_a_private_feed_is_not_shown() -> None:
    line = shown("https://paper.example/feed?format=rss&token=a-long-secret&flat#top")
    assert line == "https://paper.example/feed?format=…&token=…&flat#top"


@pytest.mark.parametrize(
    ("url", "line"),
    [
        (
            "https://a.example/feed/private/0c83f57c786a0b4a39efab23731c7ebc/rss",
            "https://a.example/feed/private/0c83…/rss",
        ),
        ("https://a.example/u/8b1a9953-c461-4296-a827-abf8c47804d7.xml", "https://a.example/u/8b1a…"),
        ("https://a.example/alerts/feeds/01234567890123456789/5", "https://a.example/alerts/feeds/0123…/5"),
        ("https://a.example/token/ab12cd34/feed", "https://a.example/token/ab12…/feed"),
        ("https://a.example/T0/B0/pQ7xK2mZ9aLw4RtY8uVb3nCd?x=1#f", "https://a.example/T0/B0/pQ7x…?x=…#f"),
        ("https://hooks.example/x: refused", "https://hooks.example/x: refused"),
    ],
)
def test_a_key_within_the_path_is_not_shown(url: str, line: str) -> None:
    assert shown(url) == line


@pytest.mark.parametrize(
    "part",
    [
        "ferry-sails-again-on-monday-2026-03-21", "Ferry-Sails-Again-2026.html", "20260321T120000Z", "article1.ece",
        "%D0%BF%D0%B0%D1%80%D0%BE%D0%BC-2026", "setCommonInstanceMetadata", "covid-19-vaccines-h5n1-update", "private",
        "us-mexico-migration", "AR2010021405666", "2026", "rss.xml", "15987654321", "internationalisierung",
    ],
)  # fmt: skip
def test_what_people_write_is_shown(part: str) -> None:
    assert not is_key(part)
    assert shown(f"https://a.example/{part}").endswith(part)


def test_keys_of_every_common_alphabet_are_known() -> None:
    lot = random.Random(7)
    alphabets = ("0123456789abcdef", string.ascii_lowercase + string.digits, string.ascii_letters + string.digits)
    drawn = ["".join(lot.choices(one, k=length)) for one in alphabets for length in (16, 22, 32) for _ in range(300)]
    drawn += [base64.urlsafe_b64encode(lot.randbytes(18)).decode() for _ in range(300)]
    assert sum(map(is_key, drawn)) > 0.98 * len(drawn)
