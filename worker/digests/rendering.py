"""A digest as a mail message, as a page and as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.message import EmailMessage

from worker.digests.digest import Digest
from worker.digests.links import DigestLinks
from worker.digests.message import assemble
from worker.digests.presentation import EXCERPT, view_of
from worker.digests.theme import NO_THEME, Theme, theme_of
from worker.digests.views import DigestView

MAX_HTML_BYTES = 92 * 1024
"""Gmail clips a message's HTML at 102 KB and hides the rest, the unsubscribe link with it."""

_SHORTER_EXCERPTS = (EXCERPT, 120, 0)


@dataclass(frozen=True, slots=True)
class RenderedDigest:
    """One digest in its three shapes, with the same stories in each; `is_cut` when not all of them fitted."""

    message: EmailMessage
    html: str
    text: str
    is_cut: bool = False


def render_all(digest: Digest, *, links: DigestLinks, templates: Mapping[str, str] = NO_THEME) -> RenderedDigest:
    """`render`, `render_html` and `render_text` for the price of one."""
    theme = theme_of(templates)
    view, html = _fitted(digest, links, theme, MAX_HTML_BYTES)
    text = theme.text(view)
    message = assemble(digest, links, subject=view.subject, text=text, html=html)
    shown = sum(len(section.stories) for section in view.sections)
    return RenderedDigest(message, html, text, shown < sum(len(section.stories) for section in digest.sections))


def render(digest: Digest, *, links: DigestLinks, templates: Mapping[str, str] = NO_THEME) -> EmailMessage:
    """`digest` as a message ready for the wire: multipart/alternative, text first, the same each time.

    `templates` (name → source) replace the package's own. Excerpts, then stories, are cut until the HTML is
    no longer than MAX_HTML_BYTES. Raises ConfigurationError for an address, sender, Message-ID, language,
    zone or template that cannot be used.
    """
    return render_all(digest, links=links, templates=templates).message


def render_html(
    digest: Digest,
    *,
    links: DigestLinks,
    templates: Mapping[str, str] = NO_THEME,
    max_bytes: int | None = MAX_HTML_BYTES,
) -> str:
    """`digest` as one HTML page that loads nothing; whole, as an archive wants it, without `max_bytes`."""
    return _fitted(digest, links, theme_of(templates), max_bytes)[1]


def render_text(digest: Digest, *, links: DigestLinks, templates: Mapping[str, str] = NO_THEME) -> str:
    """`digest` as the plain text of its message, with the same stories."""
    theme = theme_of(templates)
    return theme.text(_fitted(digest, links, theme, MAX_HTML_BYTES)[0])


def _fitted(digest: Digest, links: DigestLinks, theme: Theme, max_bytes: int | None) -> tuple[DigestView, str]:
    view, html, size = _sized(digest, links, theme, EXCERPT)
    if max_bytes is None:
        return view, html
    for excerpt in _SHORTER_EXCERPTS[1:]:
        if size <= max_bytes:
            return view, html
        view, html, size = _sized(digest, links, theme, excerpt)
    count = sum(len(section.stories) for section in digest.sections)
    while size > max_bytes and count:
        # Proportion first, so that a digest far too long is not rendered once for each story.
        count = min(count - 1, count * max_bytes // size)
        # What does not fit stands in the archive's first page.
        view, html, size = _sized(_cut(digest, count), replace(links, more=""), theme, 0)
    return view, html


def _sized(digest: Digest, links: DigestLinks, theme: Theme, excerpt: int) -> tuple[DigestView, str, int]:
    view = view_of(digest, links, excerpt=excerpt)
    html = theme.html(view)
    return view, html, len(html.encode())


def _cut(digest: Digest, count: int) -> Digest:
    """`digest` with its first `count` stories; the others are counted as left out."""
    sections = []
    left = count
    for section in digest.sections:
        kept = section.stories[:left]
        left -= len(kept)
        if kept:
            sections.append(replace(section, stories=kept))
    dropped = sum(len(section.stories) for section in digest.sections) - (count - left)
    return replace(digest, sections=tuple(sections), left_out=digest.left_out + dropped)
