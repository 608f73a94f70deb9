"""What went wrong with a fetch, in our own words: curl's error codes and HTTP's refusals as `FetchError`."""

from __future__ import annotations

from datetime import datetime

import pycurl

from worker.errors import FetchError, FetchReason
from worker.net.answer_headers import AnswerHeaders, retry_after
from worker.net.shown_address import shown

# Newer than pycurl's list, https://curl.se/libcurl/c/libcurl-errors.html
_E_WEIRD_SERVER_REPLY = 8
_E_HTTP2_STREAM = 92
_E_TOO_LARGE = 100  # a header section beyond libcurl's own bound

_CURL_REASONS = {
    FetchReason.DNS: (pycurl.E_COULDNT_RESOLVE_HOST, pycurl.E_COULDNT_RESOLVE_PROXY),
    FetchReason.MALFORMED: (
        pycurl.E_UNSUPPORTED_PROTOCOL,  # an answer without a status line (HTTP/0.9)
        pycurl.E_URL_MALFORMAT,
        _E_WEIRD_SERVER_REPLY,
        pycurl.E_BAD_CONTENT_ENCODING,
        pycurl.E_HTTP2,
        _E_HTTP2_STREAM,
    ),
    FetchReason.TIMEOUT: (pycurl.E_OPERATION_TIMEDOUT,),
    FetchReason.TLS: (
        pycurl.E_SSL_CONNECT_ERROR,
        pycurl.E_PEER_FAILED_VERIFICATION,
        pycurl.E_SSL_CERTPROBLEM,
        pycurl.E_SSL_CIPHER,
        pycurl.E_SSL_CACERT_BADFILE,
        pycurl.E_SSL_ISSUER_ERROR,
        pycurl.E_SSL_INVALIDCERTSTATUS,
    ),
    FetchReason.TOO_LARGE: (pycurl.E_FILESIZE_EXCEEDED, _E_TOO_LARGE),
}
_REASON_OF_CODE = {code: reason for reason, codes in _CURL_REASONS.items() for code in codes}
_NEVER_HELPED_BY_TIME = (FetchReason.MALFORMED, FetchReason.TOO_LARGE, FetchReason.WRONG_TYPE)

_STATUS_REASONS = {
    401: (FetchReason.BLOCKED, "the host wants a login"),
    403: (FetchReason.BLOCKED, "the host does not let us in"),
    404: (FetchReason.NOT_FOUND, "not found"),
    410: (FetchReason.GONE, "gone for good"),
    429: (FetchReason.THROTTLED, "the host asks for fewer requests"),
    451: (FetchReason.BLOCKED, "withheld for legal reasons"),
    503: (FetchReason.THROTTLED, "the host is not available at present"),
}
_MOMENTARY = (408, 425, 429)  # request timeout, too early, too many requests


def of_curl(error: pycurl.error, url: str) -> FetchError:
    """Everything that is neither malformed nor too large may be better next time."""
    code, text = error.args[0], str(error.args[-1])
    reason = FetchReason.CONNECTION if isinstance(code, str) else _REASON_OF_CODE.get(code, FetchReason.CONNECTION)
    clear = "larger than is read of any document" if code == pycurl.E_FILESIZE_EXCEEDED else text
    return fault(reason, url, clear or f"curl error {code}")


def of_status(status: int, headers: AnswerHeaders, url: str, now: datetime) -> FetchError:
    """For an answer that is neither a success nor a redirect. 5xx, momentary 4xx and a 403 with Retry-After, as some
    walls send it, are transient.
    """
    if not 300 <= status < 600:
        return fault(FetchReason.MALFORMED, url, f"answered with status {status}", status=status)
    reason, words = _STATUS_REASONS.get(status, (FetchReason.HTTP_STATUS, "no document"))
    momentary = status >= 500 or status in _MOMENTARY
    asked = retry_after(headers, now) if momentary or status == 403 else None
    return FetchError(
        reason,
        f"{words} (status {status})",
        url=shown(url),
        transient=momentary or asked is not None,
        status=status,
        retry_after=asked,
    )


def fault(reason: FetchReason, url: str, why: str, *, status: int | None = None) -> FetchError:
    """A one-line fault naming the URL."""
    transient = reason not in _NEVER_HELPED_BY_TIME
    return FetchError(reason, shown(why), url=shown(url), transient=transient, status=status)
