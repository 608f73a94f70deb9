"""Names of the boxes that consent managers and sites put over a page."""

from __future__ import annotations

import re
from functools import lru_cache

from worker.text.literals import Screen, lower

# What consent managers call the boxes they put over other people's pages; and what anybody may call such a box.
_CONSENT_MANAGER = re.compile(
    r"onetrust|optanon|didomi|\bqc-?cmp|sp[_-]message|usercentrics|\bcybot|cookiebot|\bcky-|cookieyes|\bcmplz"
    r"|trustarc|truste-"
    r"|evidon|iubenda-cs|\bfc-(?:consent|dialog)|\bosano|\bklaro\b|tarteaucitron|axeptio|borlabs-?cookie"
    r"|moove[_-]gdpr|\bcc-window"
    r"|cookie-?law|\bcookiefirst|\bcookie-?script|\bsnigel|\bcmpbox|\btermly|\bgdpr-cookie",
    re.IGNORECASE,
)  # fmt: skip
_LAYER = re.compile(
    r"cookie|consent|gdpr|rgpd|lgpd|dsgvo|privacy|privacidad|\bcmp|modal|overlay|pop-?(?:up|over)|dialog|banner"
    r"|notice|wall\b"
    r"|\bgate|interstitial|paywall|regwall|subscri|suscri|message",
    re.IGNORECASE,
)
_MAY_BE_EITHER = Screen([_CONSENT_MANAGER.pattern, _LAYER.pattern])


@lru_cache(maxsize=8192)
def layer_of(names: str) -> str:
    """ "known" where a consent manager calls its box so, "likely" where anybody may call such a box so, and other boxes
    too; "" for neither."""
    if not _MAY_BE_EITHER.passes(lower(names)):
        return ""
    if _CONSENT_MANAGER.search(names):
        return "known"
    return "likely" if _LAYER.search(names) else ""
