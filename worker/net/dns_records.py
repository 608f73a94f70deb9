"""Text records of the DNS, as receivers of mail look them up."""

from __future__ import annotations

_PATIENCE = 5.0  # seconds for all tries together


def text_records(name: str) -> tuple[str, ...] | None:
    """Return the TXT records at that name, each with its strings joined (RFC 7208, 3.3); none where there are none.

    None where nobody could be asked: there is no resolver, it does not answer, or the library for it is not installed.
    """
    try:
        from dns import exception, resolver
    except ImportError:
        return None
    try:
        found = resolver.resolve(name, "TXT", lifetime=_PATIENCE, raise_on_no_answer=False)
    except resolver.NXDOMAIN:
        return ()
    except (exception.DNSException, OSError):
        return None
    return tuple(b"".join(each.strings).decode("utf-8", "replace") for each in found)
