"""Takes the pictures of a digest that the README shows: `.venv/bin/python -m tests.email.pictures`.

Runs the demo, opens the digest it wrote, and writes the beginning of it as PNG into docs/.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.browser import Page, open_pages
from tests.conftest import ROOT

PICTURES = {"digest-light.png": (800, 1000, False), "digest-dark.png": (360, 1000, True)}
"""By file: width, height, and whether the reader prefers the dark."""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "worker.cli.main", "demo", "--folder", folder]
        subprocess.run(command, check=True, timeout=300)
        (page,) = Path(folder, "outbox").glob("*.html")
        html = page.read_text("utf-8")
    pages = [
        Page(name, html=html, width=width, height=height, dark=dark, picture=f"{ROOT}/docs/{name}", wholePicture=False)
        for name, (width, height, dark) in PICTURES.items()
    ]
    open_pages(pages)


if __name__ == "__main__":
    main()
