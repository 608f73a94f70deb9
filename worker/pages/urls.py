"""Addresses: one spelling for each page, and which site it belongs to."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl, quote, unquote, unquote_plus, urlencode, urlsplit, urlunsplit

from worker.pages.redirectors import unwrap

_LONGEST = 8_000
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Parameters that say how a reader came, never which page it is. A trailing * stands for any ending.
_TRACKING = re.compile(
    r"(?:utm_\w*|mtm_\w*|pk_\w+|piwik_\w+|hsa_\w+|_hs\w+|oly_\w+|vero_\w+|at_(?:medium|campaign|custom\d"
    r"|format|link\w*|ptr_name|bbc_team|creation)|"
    r"fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|li_fat_id|mc_cid"
    r"|mc_eid|mkt_tok|_ga|_gl|"
    r"ns_(?:mchannel|source|campaign|linkname|fee)|cmpid|cmp|icid|intcid|ncid|ocid|smid|smtyp|sref|srnd"
    r"|taid|wt_?mc\w*|xtor|xt(?:cr|ref)|"
    r"s_cid|soc_(?:src|trk)|guccounter|guce_\w+|__twitter_impression|ito|esrc|cvid|cx_\w+|spm|rss"
    r"|feedtype|partner|mod|ref_?src|ref_?url|"
    r"share(?:id|_source)?|amp_js_v|amp_gsa|usqp|amp|outputtype|output|print|printable|view|mode)",
    re.IGNORECASE,
)  # fmt: skip
# These are tracking only with such values: elsewhere they may name the page.
_TRACKING_VALUES = {
    "ref": re.compile(r"(?:rss|feed|twitter|facebook|home\w*|newsletter|share|social)\b.*", re.IGNORECASE),
    "source": re.compile(r"(?:rss|feed|twitter|facebook|newsletter|share|social|email)\b.*", re.IGNORECASE),
    "from": re.compile(r"(?:rss|feed|twitter|facebook|newsletter|share|home)\b.*", re.IGNORECASE),
    "output": re.compile(r"amp|print|rss", re.IGNORECASE),
    "outputtype": re.compile(r"amp", re.IGNORECASE),
    "partner": re.compile(r"(?:rss|feed|yahoo|msn|google).*", re.IGNORECASE),
    "mod": re.compile(r"(?:rss|home|mhp|e2\w+|article_inline|hp_\w+).*", re.IGNORECASE),
    "view": re.compile(r"print|printable|amp|mobile", re.IGNORECASE),
    "mode": re.compile(r"print|printable|amp|mobile", re.IGNORECASE),
    "print": re.compile(r"|1|true|yes", re.IGNORECASE),
    "printable": re.compile(r"|1|true|yes", re.IGNORECASE),
    "amp": re.compile(r"|1|true|yes", re.IGNORECASE),
    "share": re.compile(r"(?:|\w+\.?)", re.IGNORECASE),
    "rss": re.compile(r"|1|true|yes", re.IGNORECASE),
    "cmp": re.compile(r".*(?:rss|share|btn|soc).*|", re.IGNORECASE),
}
# A form of the same page stands before its path, after it, or before its ending. "/print/" and "/m/" alone are sections
# of some sites: before the path they count only where a page's own name follows.
_PRINT = (
    r"print(?:able|er|version)?|print-?(?:view|page|version|friendly)|printer-?friendly|imprimir"
    r"|imprimible|impresion|imprimer"
    r"|version-(?:para-)?impri[mr]\w+|versao-(?:para-)?impressao|drucken|druckversion|druckansicht|stampa"
)
_LEADING_FORM = re.compile(
    rf"^/(?:amp|(?:{_PRINT}|m|movil|mobile-?version)(?=/(?:.*/)?[^/]*(?:-[^/]*-|\d{{3}})[^/]*$))(?=/[^/])",
    re.IGNORECASE,
)
_TRAILING_FORM = re.compile(
    rf"(?<=.)/(?:amp(?:\.html?)?|(?:{_PRINT})(?:\.html?)?)/*$|^/amp(?:\.html?)?/*$"
    rf"|[.,_](?:amp|{_PRINT}|mobile)(?=\.(?:html?|php|aspx?)$)|(?<=.)/amp(?=/[^/]{{12,}}/*$)",
    re.IGNORECASE,
)
_MOBILE_LABEL = re.compile(
    r"^(?:m|mobile|movil|mobil|amp|wap|touch|imprimir|print)\.(?=[^.]+\.[^.]+)|(?<=^www\.)(?:m|amp)\.(?=[^.]+\.[^.]+)",
    re.IGNORECASE,
)
# Every character a path or query may hold as it is, beyond letters, digits and "_.-~" (RFC 3986).
_SAFE = "!$&'()*+,;=:@/"
_CONTROL = re.compile(r"[\x00-\x20\x7f]+")


@lru_cache(maxsize=256)  # a page's own address is asked about several times
def canonicalize_url(url: str) -> str:
    """One spelling for addresses that lead to the same page; never raises.

    Scheme and host in lower case, IDNA, no default port, no fragment, no tracking parameters, parameters sorted, no
    AMP, print or mobile form, no redirector before it, no trailing slash but the root's. A string that is not an http
    address comes back stripped. Idempotent.
    """
    text = url.strip()
    if len(text) > _LONGEST:
        return text
    text = unwrap(text)
    for _ in range(4):  # an AMP ending may hide behind another; four rounds reach the fixed point
        following = _canonicalize_once(text).strip()
        if following == text:
            break
        text = following
    return text


def without_tracking(url: str) -> str:
    """`url` as it is written, less the parameters that only say how a reader came; never raises."""
    rest, hash_mark, fragment = url.partition("#")
    page, mark, query = rest.partition("?")
    kept, after = _untracked(query), _untracked(fragment) if "=" in fragment else fragment
    return f"{page}{mark if kept or not query else ''}{kept}{hash_mark if after or not fragment else ''}{after}"


def _untracked(pairs: str) -> str:
    split = (pair.partition("=") for pair in pairs.split("&"))
    return "&".join(
        name + mark + value for name, mark, value in split if not _is_tracking(unquote_plus(name), unquote_plus(value))
    )


@lru_cache(maxsize=1024)
def registrable_domain(host_or_url: str) -> str:
    """The name a site's owner registered ("bbc.co.uk"), by the public suffix list shipped with `tld`.

    Addresses by number, names without a known suffix and hosts with a port come back as host or host:port.
    """
    netloc = _netloc(host_or_url)
    host = netloc.rsplit("@", 1)[-1]
    if not host or ":" in host or _is_number(host):
        return host
    from tld import get_tld  # 5 MB of suffixes that only a process comparing sites should pay

    found = get_tld(f"https://{host}/", as_object=True, fail_silently=True)
    return str(found.fld) if found is not None and not isinstance(found, str) else host


def site_key(url: str) -> str:
    """The host as sites are remembered: lower case, without "www."; with its port where one is given."""
    return _netloc(url).rsplit("@", 1)[-1].removeprefix("www.")


def _netloc(text: str) -> str:
    text = text.strip()
    try:
        parts = urlsplit(text if "//" in text else f"//{text}")
        host = _ascii_host(parts.hostname or "")
        port = parts.port
    except ValueError:
        return ""
    default = _DEFAULT_PORTS.get(parts.scheme)
    host = f"[{host}]" if ":" in host else host
    return host if port is None or port == default else f"{host}:{port}"


def _canonicalize_once(text: str) -> str:
    try:
        parts = urlsplit(text)
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
    except ValueError:
        return text
    if scheme not in _DEFAULT_PORTS or not host or _CONTROL.search(parts.netloc):
        return text
    host = _ascii_host(host)
    if host == "localhost" or _is_number(host):
        return _without_tracking(parts)
    host = _MOBILE_LABEL.sub("", host)
    netloc = f"[{host}]" if ":" in host else host
    netloc += f":{port}" if port is not None and port != _DEFAULT_PORTS[scheme] else ""
    credentials = parts.netloc.rpartition("@")[0]
    netloc = f"{credentials}@{netloc}" if credentials else netloc
    return urlunsplit(SplitResult(scheme, netloc, _path(parts.path), _query(parts.query), ""))


def _without_tracking(parts: SplitResult) -> str:
    """A machine's own address (a test site, an intranet by number): as given, less fragment and tracking."""
    pairs = [
        pair for pair in parts.query.split("&") if pair and not _is_tracking(*map(unquote, pair.partition("=")[::2]))
    ]
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", "&".join(pairs), ""))


def _ascii_host(host: str) -> str:
    host = host.rstrip(".").lower()
    if host.isascii():
        return host
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return host


def _is_number(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _path(path: str) -> str:
    path = re.sub(r"/{2,}", "/", _respell(path))
    path = _TRAILING_FORM.sub("", _LEADING_FORM.sub("", path))
    path = path.rstrip("/")
    return path or "/"


def _respell(text: str) -> str:
    """Percent-encoding as RFC 3986 prefers it: needless escapes undone, the others in capitals, the rest escaped."""
    return re.sub(r"(?:%[0-9a-fA-F]{2})+|[^%]+|%", _respell_piece, text)


def _respell_piece(match: re.Match[str]) -> str:
    piece = match[0]
    if piece == "%":
        return "%25"
    if piece.startswith("%"):
        plain = re.sub(r"%(2[DdEe]|5[Ff]|7[Ee]|3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa])", lambda m: unquote(m[0]), piece)
        return re.sub(r"%[0-9a-f]{2}", lambda m: m[0].upper(), plain)
    return quote(piece, safe=_SAFE, errors="replace")


def _query(query: str) -> str:
    if not query:
        return ""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return query
    kept = sorted(pair for pair in pairs if not _is_tracking(*pair))
    return urlencode(kept, quote_via=quote, safe="!$'()*,:@/", errors="replace")


def _is_tracking(name: str, value: str) -> bool:
    only = _TRACKING_VALUES.get(name.lower())
    if only is not None:
        return only.fullmatch(value) is not None
    return _TRACKING.fullmatch(name) is not None
