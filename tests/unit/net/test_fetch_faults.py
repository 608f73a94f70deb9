from datetime import UTC, datetime, timedelta

import pycurl
import pytest

from worker.errors import FetchReason
from worker.net.answer_headers import AnswerHeaders
from worker.net.fetch_faults import of_curl, of_status

NOW = datetime(2026, 11, 22, tzinfo=UTC)
URL = "https://news.example/feed"


@pytest.mark.parametrize(
    ("status", "reason", "transient"),
    [
        (300, FetchReason.HTTP_STATUS, False),
        (400, FetchReason.HTTP_STATUS, False),
        (401, FetchReason.BLOCKED, False),
        (403, FetchReason.BLOCKED, True),
        (404, FetchReason.NOT_FOUND, False),
        (408, FetchReason.HTTP_STATUS, True),
        (410, FetchReason.GONE, False),
        (425, FetchReason.HTTP_STATUS, True),
        (429, FetchReason.THROTTLED, True),
        (451, FetchReason.BLOCKED, False),
        (500, FetchReason.HTTP_STATUS, True),
        (503, FetchReason.THROTTLED, True),
        (599, FetchReason.HTTP_STATUS, True),
        (101, FetchReason.MALFORMED, False),
        (206, FetchReason.MALFORMED, False),
        (999, FetchReason.MALFORMED, False),
    ],
)
def test_status(status: int, reason: FetchReason, transient: bool) -> None:
    error = of_status(status, AnswerHeaders([("Retry-After", "60")]), URL, NOW)
    assert (error.reason, error.transient, error.status) == (reason, transient, status)
    assert error.retry_after == (timedelta(seconds=60) if transient else None)
    assert URL in str(error)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (pycurl.E_COULDNT_RESOLVE_HOST, FetchReason.DNS),
        (pycurl.E_COULDNT_CONNECT, FetchReason.CONNECTION),
        (pycurl.E_OPERATION_TIMEDOUT, FetchReason.TIMEOUT),
        (pycurl.E_PEER_FAILED_VERIFICATION, FetchReason.TLS),
        (pycurl.E_UNSUPPORTED_PROTOCOL, FetchReason.MALFORMED),
        (pycurl.E_PARTIAL_FILE, FetchReason.CONNECTION),
        (pycurl.E_FILESIZE_EXCEEDED, FetchReason.TOO_LARGE),
        (12_345, FetchReason.CONNECTION),
    ],
)
def test_curl_codes(code: int, reason: FetchReason) -> None:
    error = of_curl(pycurl.error(code, "what\r\ncurl said"), URL)
    assert error.reason is reason
    assert error.transient is (reason not in (FetchReason.MALFORMED, FetchReason.TOO_LARGE))
    assert str(error).isprintable()


def test_a_curl_error_without_a_code() -> None:
    assert of_curl(pycurl.error("something"), URL).reason is FetchReason.CONNECTION


def test_a_refusal_is_for_good_where_it_names_no_time() -> None:
    error = of_status(403, AnswerHeaders(), URL, NOW)
    assert (error.transient, error.retry_after) == (False, None)


def test_the_reason_does_not_repeat_the_address() -> None:
    error = of_status(404, AnswerHeaders(), URL, NOW)
    assert (str(error), error.why) == (f"{URL}: not found (status 404)", "not found (status 404)")
