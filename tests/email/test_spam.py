"""SpamAssassin's own rules, without the network, hold nothing against a digest."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from tests.browser import require
from worker.digests import RenderedDigest, as_wire

ADVERT = b"""From: WIN <win@example.com>\r\nTo: you@example.org\r\nSubject: FREE MONEY!!!\r\n\r\n
XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\r\n"""


def scores(messages: list[bytes], home: Path) -> list[tuple[float, str]]:
    """SpamAssassin's score for each message, and the rules that made it."""
    program = shutil.which("spamassassin")
    require(program, "Debian's spamassassin")
    box = b"".join(b"From sender Sat Nov 21 13:30:00 2026\n" + m.replace(b"\r\n", b"\n") + b"\n" for m in messages)
    options = ["-L", "-t", "--mbox", "--prefspath", str(home / "user_prefs")]
    done = subprocess.run(
        [str(program), *options], input=box, capture_output=True, timeout=120, check=True,
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "LC_ALL": "C"},
    )  # fmt: skip
    statuses = re.findall(r"^X-Spam-Status: (.*(?:\n[ \t].*)*)", done.stdout.decode("utf-8", "replace"), re.MULTILINE)
    return [(float(re.search(r"score=(-?[\d.]+)", status)[1]), " ".join(status.split())) for status in statuses]  # type: ignore[index]


def test_no_digest_scores_above_nought(rendered: dict[tuple[int, str], RenderedDigest], tmp_path: Path) -> None:
    messages = [as_wire(one.message) for one in rendered.values()]
    found = scores([*messages, ADVERT], tmp_path)
    assert len(found) == len(messages) + 1
    above = [status for score, status in found if score > 0]
    assert len(above) == 1, above
    assert "GTUBE" in above[0], "the advert, which shows that anything is looked for"
