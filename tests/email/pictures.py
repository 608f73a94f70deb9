"""Takes the pictures of digests in docs/: `.venv/bin/python -m tests.email.pictures`.

Runs the demo, opens its digest and the reader's page, and writes the beginning of each as PNG;
and that of the sample digest of 25 stories, light and dark, on a phone and on a wide screen.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from tests.browser import Page, open_pages
from tests.conftest import ROOT
from tests.email import samples
from tests.integration.processes import storywatch, wait_until
from worker.digests import render_html

DEMO = {"digest-light.png": (800, 960, False), "digest-dark.png": (360, 1000, True)}
"""By file: width, height, and whether the reader prefers the dark."""
LONG = {
    "digest-25-light.png": (1100, 900, False),
    "digest-25-dark.png": (1100, 900, True),
    "digest-25-phone-light.png": (375, 900, False),
    "digest-25-phone-dark.png": (375, 900, True),
}


PAGES = {"the reader's page": ("page-settings.png", 800, 900)}
"""By what `storywatch demo --keep` calls it: file, width, height."""


def main() -> None:
    long = render_html(samples.digest(25, "en", topics=1), links=samples.links(25))
    with tempfile.TemporaryDirectory() as name, storywatch("demo", "--keep", "--folder", ".", folder=Path(name)):
        log = Path(name, "demo.log")
        assert wait_until(lambda: "storywatch stories list" in log.read_text(), seconds=200), log.read_text()
        (page,) = Path(name, "outbox").glob("*.html")
        mails = [
            picture(file, width, height, dark=dark, html=html)
            for html, pictures in ((page.read_text("utf-8"), DEMO), (long, LONG))
            for file, (width, height, dark) in pictures.items()
        ]
        doors = dict(re.findall(r"^  (the [\w' ]+?) {2,}(http\S+)$", log.read_text(), re.MULTILINE))
        open_pages([*mails, *(picture(*PAGES[door], url=doors[door]) for door in PAGES)])


def picture(
    file: str, width: int, height: int, *, dark: bool = False, html: str | None = None, url: str | None = None
) -> Page:
    """The beginning of a page."""
    where = f"{ROOT}/docs/{file}"
    return Page(file, html=html, url=url, width=width, height=height, dark=dark, picture=where, wholePicture=False)


if __name__ == "__main__":
    main()
