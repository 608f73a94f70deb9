from datetime import UTC, datetime, timedelta

import pytest

from worker.digests import TokenError, TokenFault, read, sign
from worker.errors import ConfigurationError, StorywatchError

SECRET = "a secret of the proper length"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_what_is_signed_is_read() -> None:
    token = sign("archive", {"digest": [7, "scheduled"], "ñ": "ü"}, secret=SECRET)
    assert read("archive", token, secret=SECRET, now=NOW) == {"digest": [7, "scheduled"], "ñ": "ü"}
    assert token == sign("archive", {"digest": [7, "scheduled"], "ñ": "ü"}, secret=SECRET)
    assert token.isascii()
    assert not set(token) & set("/+=?&# \"'<>")


def test_expiry() -> None:
    token = sign("manage", {"id": 7}, secret=SECRET, expires_at=NOW)
    assert read("manage", token, secret=SECRET, now=NOW - timedelta(seconds=1)) == {"id": 7}
    with pytest.raises(TokenError, match="expired") as caught:
        read("manage", token, secret=SECRET, now=NOW)
    assert caught.value.fault is TokenFault.EXPIRED
    assert isinstance(caught.value, StorywatchError)


def test_another_purpose_or_secret_is_forged() -> None:
    token = sign("archive", {"id": 7}, secret=SECRET)
    for purpose, secret in (("manage", SECRET), ("archive", SECRET + "!"), ("", SECRET)):
        with pytest.raises(TokenError) as caught:
            read(purpose, token, secret=secret, now=NOW)
        assert caught.value.fault is TokenFault.FORGED


@pytest.mark.parametrize("token", ["", ".", "a.b", "W10.x", "\0", "é.é", "\ud800", "x" * 100_000, "." * 1000])
def test_damaged_tokens_are_forged(token: str) -> None:
    with pytest.raises(TokenError) as caught:
        read("archive", token, secret=SECRET, now=NOW)
    assert caught.value.fault is TokenFault.FORGED


def test_each_character_is_covered() -> None:
    token = sign("archive", {"id": 7}, secret=SECRET)
    for place, character in enumerate(token[:-1]):  # the last one carries bits that no byte uses
        changed = token[:place] + ("A" if character != "A" else "B") + token[place + 1 :]
        with pytest.raises(TokenError):
            read("archive", changed, secret=SECRET, now=NOW)


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="secret"):
        sign("archive", {}, secret="")
