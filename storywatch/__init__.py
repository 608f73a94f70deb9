"""The command as it is installed.

A wheel puts `worker`, `models` and `alembic` below this package: at the top of site-packages they would stand in the
way of other programs' `models`, and these in ours. The command leads its own path, and that of the processes it starts,
to this folder first. In a checkout they stand beside it, and nothing has to be led anywhere.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent


def run() -> None:
    """Run the command line of this process and leave with its exit code."""
    if (_HERE / "worker").is_dir():
        _lead_to(str(_HERE))
    from worker.cli.main import run as run_command_line

    run_command_line()


def _lead_to(folder: str) -> None:
    sys.path.insert(0, folder)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (folder, os.environ.get("PYTHONPATH"))))
