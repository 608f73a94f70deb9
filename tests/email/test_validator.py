"""The W3C's own validator finds nothing wrong with a digest's HTML."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from tests.browser import node_package, require
from worker.digests import RenderedDigest


def complaints(paths: list[Path]) -> list[tuple[str, str]]:
    """What the validator calls an error, with the file's name."""
    java, package = shutil.which("java"), node_package("vnu-jar")
    require(java, "Debian's default-jre-headless")
    require(package, "npm's vnu-jar")
    jar = Path(str(package), "build", "dist", "vnu.jar")
    command = [str(java), "-Xss4m", "-jar", str(jar), "--format", "json", "--stdout", "--exit-zero-always"]
    done = subprocess.run([*command, *map(str, paths)], capture_output=True, text=True, timeout=120, check=True)
    messages = json.loads(done.stdout)["messages"]
    return [(Path(one["url"]).name, one["message"]) for one in messages if one["type"] != "info"]


def test_no_errors(rendered: dict[tuple[int, str], RenderedDigest], tmp_path: Path) -> None:
    paths = [tmp_path / f"{count}.{language}.html" for count, language in rendered]
    for path, one in zip(paths, rendered.values(), strict=True):
        path.write_text(one.html, "utf-8")
    broken = tmp_path / "broken.html"
    broken.write_text("<!DOCTYPE html><title>x</title><p><table></p>", "utf-8")
    found = complaints([*paths, broken])
    assert {name for name, _ in found} == {"broken.html"}, found
