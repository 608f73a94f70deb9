"""What Gmail, Outlook and Apple Mail do not support is there to be missed: something else does its work."""

from __future__ import annotations

import json
import re

from tests.browser import NODE_FOLDER, node_package, require, run_node
from tests.email.conftest import HERE
from worker.digests import RenderedDigest

PROGRAMS = ["gmail.*", "outlook.*", "apple-mail.*"]
FALLBACKS = {
    "<body> element": "a table around everything has the page's colour and margin too",
    "<style> element": "what the page needs is written into the elements; the sheet adds dark and narrow screens",
    "@media": "the light colours and the wide margins",
    "display:none": "the preheader is cut off by its height, in a readable colour",
    "overflow": "the preheader is not displayed there in the first place",
    "overflow-wrap": "word-break",
    "word-break": "a word longer than the line makes the page wider, and can be read",
    "white-space": "the line may break between the two answers",
    "Local anchors": "the contents name the parts in the order in which they stand below",
    "role attribute": "a layout table without headings is read as one",
}
"""By feature that one of them lacks: what happens there instead; test_browser.py opens the page without styles."""


def test_every_feature_that_is_missing_has_its_fallback(rendered: dict[tuple[int, str], RenderedDigest]) -> None:
    require(node_package("caniemail"), "npm's caniemail")
    pages = [one.html for one in rendered.values()] + ["<p style='position:fixed'>x</p>"]
    job = {"modules": str(NODE_FOLDER), "pages": pages, "clients": PROGRAMS}
    *found, control = json.loads(run_node(HERE / "check_support.mjs", json.dumps(job), seconds=60))
    missing = {issue["feature"] for page in found for issue in page if issue["support"] == "none"}
    assert missing == FALLBACKS.keys()
    assert any(issue["feature"] == "position" for issue in control), "the data is read"


def test_the_fallbacks_are_there(rendered: dict[tuple[int, str], RenderedDigest]) -> None:
    html = rendered[25, "en"].html
    assert re.search(r'<table class="sheet page"[^>]*background-color', html)
    preheader = re.search(r'<div class="preheader" style="([^"]+)"', html)
    assert preheader is not None
    for needed in ("display:none", "max-height:0", "overflow:hidden"):
        assert needed in preheader[1]
    assert "word-break" in html
    written = " ".join(re.findall(r'style="([^"]*)"', html))
    inline = {name.partition("-")[0] for name in re.findall(r"([a-z-]+)\s*:", written)}
    sheet = html.partition("<style")[2].partition("</style>")[0]
    changed = {name.partition("-")[0] for name in re.findall(r"([a-z-]+)\s*:[^;{}]*!important", sheet)}
    assert changed
    assert changed <= inline, "the sheet only changes what every program has been told already"
