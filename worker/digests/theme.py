"""The templates a digest is shown with: the package's own, or a theme's in their place."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

from worker.errors import ConfigurationError

if TYPE_CHECKING:
    from css_inline import CSSInliner
    from jinja2 import Environment

    from worker.digests.views import DigestView

TEMPLATES = ("digest.html.jinja", "digest.txt.jinja", "digest.css", "screen.css")
"""What a theme may replace. `digest.css` is written into the elements; `screen.css` (dark mode, small
screens) stays a style sheet. Each template is given one `DigestView` named `digest`."""

NO_THEME: Mapping[str, str] = MappingProxyType({})


class Theme:
    """Turns views into text and HTML."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        unknown = set(templates).difference(TEMPLATES)
        if unknown:
            raise ConfigurationError(
                f"theme template {min(unknown)!r} is not used; a theme may have {', '.join(TEMPLATES)}"
            )
        self._environment = _environment(templates)
        self._inliner = _inliner()

    def html(self, view: DigestView) -> str:
        """The HTML page, styles inlined, without anything to load."""
        return self._inliner.inline(self._fill("digest.html.jinja", view))

    def text(self, view: DigestView) -> str:
        """The plain text."""
        return self._fill("digest.txt.jinja", view)

    def _fill(self, name: str, view: DigestView) -> str:
        from jinja2 import TemplateError

        try:
            return self._environment.get_template(name).render(digest=view)
        except TemplateError as error:
            raise ConfigurationError(f"theme template {name!r} cannot be used: {error}") from error


def theme_of(templates: Mapping[str, str]) -> Theme:
    """The theme with these templates (name → source) over the package's own, compiled once.

    Raises ConfigurationError for a name that is not in TEMPLATES.
    """
    return _cached_theme(tuple(sorted(templates.items())))


@lru_cache(maxsize=4)
def _cached_theme(templates: tuple[tuple[str, str], ...]) -> Theme:
    return Theme(dict(templates))


def _environment(templates: Mapping[str, str]) -> Environment:
    # Jinja takes 3 MB and css-inline 4 MB that a process which never writes a digest should not pay.
    from jinja2 import DictLoader, Environment, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    own = files("worker.digests") / "templates"
    sources = {name: templates.get(name) or (own / name).read_text("utf-8") for name in TEMPLATES}
    # A theme may come from anywhere: the sandbox keeps it from reaching past the view it is given. It takes
    # a third of the time a digest takes, so the package's own templates go without.
    kind = ImmutableSandboxedEnvironment if templates else Environment
    return kind(
        loader=DictLoader(sources),
        autoescape=lambda name: name is None or not name.endswith(".txt.jinja"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )


def _inliner() -> CSSInliner:
    from css_inline import CSSInliner

    return CSSInliner(load_remote_stylesheets=False, minify_css=True)
