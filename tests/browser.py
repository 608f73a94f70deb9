"""Pages opened in headless Chromium, and what each of them did.

    from tests.browser import Page, open_pages

    def test_no_script_runs() -> None:
        page, = open_pages([Page("digest", html=html)])            # or url="http://127.0.0.1:…/archive/…"
        assert page.scripts == () and page.requests == () and page.dialogs == () and page.handlers == ()

All pages of one call share one browser and are opened two at a time: about a second for the start, a tenth of a
second for each plain page, more for an audit of a long one. Each page has a context of its own (no cookies but
the one it names, no cache). A page given as `html` may load nothing; one given by its `url` only what comes from the
same origin, and of that, what its own Content-Security-Policy lets through. Everything else is refused and reported.

Needs Debian's `chromium` and `nodejs` (20 or newer), and the npm packages pinned in tests/email, which .ci/run
installs. Where they are missing, the calling test is skipped with the reason; with EMAIL_TOOLS=required it fails.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
NODE_FOLDER = HERE / "email"
OLDEST_NODE = (20, 19)
_TABS = 2


@dataclass(frozen=True, slots=True)
class Page:
    """What to open, and how: `html` or `url`; `width` in CSS pixels; `audit` by axe-core; `picture` is a PNG.

    `cookie`, as NAME=VALUE, is what the browser has from that address.
    """

    name: str
    html: str | None = None
    url: str | None = None
    width: int = 800
    height: int = 900
    dark: bool = False
    audit: bool = False
    picture: str | None = None
    wholePicture: bool = True  # noqa: N815 - as open_pages.mjs reads it
    cookie: str = ""


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule of axe-core that is broken; `impact` is minor, moderate, serious or critical."""

    rule: str
    impact: str
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeenPage:
    """What a page did, also when every element was moused over, focused and clicked.

    `scripts`: where each script stands that the browser compiled (inline, handler, javascript:, eval);
    `requests`: what it asked for beyond itself; `handlers`: on… attributes in the document; `links`: every
    href; `overflow`: by how many pixels it is wider than the window.
    """

    name: str
    status: int
    title: str
    text: str
    scripts: tuple[str, ...]
    requests: tuple[str, ...]
    dialogs: tuple[str, ...]
    handlers: tuple[str, ...]
    links: tuple[str, ...]
    overflow: int
    violations: tuple[Violation, ...]

    @property
    def serious(self) -> tuple[Violation, ...]:
        """The violations that axe-core calls serious or critical."""
        return tuple(one for one in self.violations if one.impact in {"serious", "critical"})


def open_pages(pages: Sequence[Page], *, seconds: float = 120) -> list[SeenPage]:
    """Open the pages and tell of each what it did, in the same order; skips the test without the tools."""
    require(chromium(), "Debian's chromium")
    require(node_package("playwright-core") and node_package("axe-core"), "npm's playwright-core and axe-core")
    job = {"chromium": chromium(), "modules": str(NODE_FOLDER), "tabs": _TABS, "pages": [asdict(p) for p in pages]}
    found = json.loads(run_node(HERE / "open_pages.mjs", json.dumps(job), seconds=seconds))
    return [_seen(page, report) for page, report in zip(pages, found, strict=True)]


def chromium() -> str | None:
    """Return the path of a Chromium, if there is one."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def node_package(name: str) -> Path | None:
    """Return the folder of an npm package that .ci/run installed, if it did."""
    folder = NODE_FOLDER / "node_modules" / name
    return folder if folder.is_dir() else None


def run_node(script: Path, given: str, *, seconds: float) -> str:
    """Run a script with `given` on its standard input; return what it prints. Fails with what it complains of."""
    node = shutil.which("node")
    require(node and _node_version(node) >= OLDEST_NODE, "Node.js 20.19 or newer")
    done = subprocess.run([str(node), str(script)], input=given, capture_output=True, text=True, timeout=seconds)
    assert done.returncode == 0, done.stderr
    return done.stdout


def require(found: object, what: str) -> None:
    """Skip the test when `what` is missing, with that as the reason; fail where CI has installed everything."""
    if found:
        return
    if os.environ.get("EMAIL_TOOLS") == "required":
        pytest.fail(f"needs {what}, which .ci/run should have installed")
    pytest.skip(f"needs {what}: .ci/run installs it")


def _node_version(node: str) -> tuple[int, ...]:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20).stdout
    return tuple(int(part) for part in said.strip().lstrip("v").split(".") if part.isdigit())


def _seen(page: Page, report: dict[str, object]) -> SeenPage:
    lists = {name: tuple(value) for name, value in report.items() if isinstance(value, list)}
    broken = tuple(Violation(one["rule"], one["impact"], tuple(one["where"])) for one in lists.pop("violations"))
    return SeenPage(**{**report, **lists, "violations": broken, "name": page.name})  # type: ignore[arg-type]
