"""Takes the pictures of digests in docs/: `.venv/bin/python -m tests.email.pictures`.

Runs the demo, opens the digest it wrote, and writes the beginning of it as PNG; and the beginning of the sample digest
of 25 stories, light and dark, on a phone and on a wide screen.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.browser import Page, open_pages
from tests.conftest import ROOT
from tests.email import samples
from worker.digests import render_html

DEMO = {"digest-light.png": (800, 1000, False), "digest-dark.png": (360, 1000, True)}
"""By file: width, height, and whether the reader prefers the dark."""
LONG = {
    "digest-25-light.png": (1100, 900, False),
    "digest-25-dark.png": (1100, 900, True),
    "digest-25-phone-light.png": (375, 900, False),
    "digest-25-phone-dark.png": (375, 900, True),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "worker.cli.main", "demo", "--folder", folder]
        subprocess.run(command, check=True, timeout=300)
        (page,) = Path(folder, "outbox").glob("*.html")
        demo = page.read_text("utf-8")
    long = render_html(samples.digest(25, "en", topics=1), links=samples.links(25))
    pages = [
        Page(name, html=html, width=width, height=height, dark=dark, picture=f"{ROOT}/docs/{name}", wholePicture=False)
        for html, pictures in ((demo, DEMO), (long, LONG))
        for name, (width, height, dark) in pictures.items()
    ]
    open_pages(pages)


if __name__ == "__main__":
    main()
