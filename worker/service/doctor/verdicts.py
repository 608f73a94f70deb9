"""What follows from what was seen: of DNS records, of an address from outside, of the clock. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from worker.service.doctor.finding import Finding, ill, note, well

_NOT_MAILED_FROM = {"localhost", "localdomain", "invalid", "test", "example", "local", "lan", "internal"}
_EARLY = timedelta(minutes=2)


def is_public_domain(domain: str) -> bool:
    """Whether a domain may have records that others read (RFC 2606, RFC 6762 and what private networks use)."""
    return "." in domain and domain.rpartition(".")[2].lower() not in _NOT_MAILED_FROM


def judge_spf(domain: str, records: Sequence[str]) -> Finding:
    """Judge the TXT records of the sender's domain. RFC 7208: one begins with v=spf1, and two are an error (4.5)."""
    found = [one for one in records if re.match(r"v=spf1( |$)", one, re.IGNORECASE)]
    if not found:
        return ill(
            "spf", f"{domain} has no SPF record, so receivers cannot tell your mail from a forgery",
            f"publish a TXT record at {domain} that names your mail server, such as \"v=spf1 a:{{its name}} -all\"; "
            "a mail provider says which one it wants",
        )  # fmt: skip
    if len(found) > 1:
        return ill("spf", f"{domain} has {len(found)} SPF records, and receivers take none", "leave one of them")
    if re.search(r"(^| )\+?all( |$)", found[0], re.IGNORECASE):
        return ill("spf", f"the SPF record of {domain} lets everybody send", "let it end in -all or ~all")
    return well("spf", f"{domain} says who may send for it")


def judge_dkim(name: str, wanted: str, records: Sequence[str]) -> Finding:
    """Judge the TXT records at the key's name, of which one must have the key that `wanted` has (RFC 6376, 3.6.1)."""
    if not records:
        return ill("dkim", f"there is no record at {name}, so no receiver can check our signature",
                   "publish the record that 'storywatch dkim' prints")  # fmt: skip
    if any(_key_of(one) == _key_of(wanted) for one in records):
        return well("dkim", f"the record at {name} has our key")
    return ill("dkim", f"the record at {name} has another key than mail is signed with",
               "publish the record that 'storywatch dkim' prints")  # fmt: skip


def judge_base_url(url: str, *, sends_mail: bool) -> Finding | None:
    """Judge the address that links begin with, as it is written; None where it has to be tried."""
    if url:
        if urlsplit(url).scheme not in ("http", "https"):
            return ill("web", f"web.base_url is {url[:80]!r}, which is no web address", "let it begin with https://")
        return None
    if sends_mail:
        return ill("web", "web.base_url is not set: links in digests work on this machine only",
                   "set base_url in [web] to the address that your readers reach")  # fmt: skip
    return note("web", "web.base_url is not set: links in digests work on this machine only")


def judge_answer(url: str, body: bytes) -> Finding:
    """Judge what was answered at `/health/live` below the address that links begin with."""
    try:
        is_ours = "version" in json.loads(body)
    except (ValueError, TypeError):
        is_ours = False
    if not is_ours:
        return ill("web", f"something else than Storywatch answers at {url}",
                   "let your proxy pass everything below it to the port that web.port names")  # fmt: skip
    if not url.startswith("https://"):
        return note("web", f"{url} leads here, without encryption",
                    "put TLS in front: only then mail programs offer unsubscribing by one click")  # fmt: skip
    return well("web", f"{url} leads here")


def judge_clock(*, is_kept: bool | None, latest: datetime | None, now: datetime) -> Finding:
    """Judge the machine's clock: `is_kept` by a time service, None where that is not known; `latest` is when the
    service last noted the time."""
    if latest is not None and latest > now + _EARLY:
        return ill("clock", f"it is {now:%Y-%m-%d %H:%M} UTC by the clock, earlier than what was noted before",
                   "set the clock, and let a time service keep it")  # fmt: skip
    if is_kept is False:
        return note("clock", f"it is {now:%Y-%m-%d %H:%M} UTC; no time service seems to keep the clock",
                    "'timedatectl set-ntp true' starts one, where there is systemd")  # fmt: skip
    return well("clock", f"it is {now:%Y-%m-%d %H:%M} UTC")


def _key_of(record: str) -> str:
    found = re.search(r"(?:^|;)\s*p\s*=([^;]*)", record)
    return re.sub(r"\s", "", found[1]) if found else ""
