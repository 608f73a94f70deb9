import pytest

from worker.web.attempts import mailbox_of


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Reader@News.example", "reader@news.example"),
        ("reader+x+y@news.example", "reader@news.example"),
        ("+reader@news.example", "+reader@news.example"),
        ("+reader+x@news.example", "+reader@news.example"),
        ("reader-x@news.example", "reader-x@news.example"),
    ],
)
def test_a_plus_part_is_the_same_mailbox(address: str, mailbox: str) -> None:
    assert mailbox_of(address) == mailbox
