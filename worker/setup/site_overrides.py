"""Site overrides: what the owner knows better of a site's pages than any rule, as CSS selectors."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from worker import pages
from worker.errors import ConfigurationError
from worker.setup.settings import Settings


def overrides_for(settings: Settings, host: str) -> pages.SiteProfile:
    """Return what the configuration says of that site (`pages.site_key`), or of the one it is a part of.

    Where several entries hold, the one that names most of it counts. Raises `ConfigurationError` for a
    selector that is none.
    """
    overrides = load_overrides(settings)
    of_host = [name for name in overrides if host == name or host.endswith(f".{name}")]
    known = overrides[max(of_host, key=len)] if of_host else pages.SiteProfile("")
    return replace(known, host=host)


@cache
def load_overrides(settings: Settings) -> dict[str, pages.SiteProfile]:
    """Return by host what is set for its site. Raises `ConfigurationError` that names a selector that is none."""
    found = {}
    for site in settings.sites:
        for selector in (*site.keep, *site.drop):
            if not pages.is_selector(selector):
                raise ConfigurationError(f"sites: {selector!r:.80} for {site.host} is no CSS selector")
        host = site.host.lower().removeprefix("www.")
        if host in found:
            raise ConfigurationError(f"sites: {site.host} is named twice: put its selectors together")
        found[host] = pages.SiteProfile(host, keep=site.keep, drop=site.drop)
    return found
