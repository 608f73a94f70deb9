"""The table of commands says what the commands say of themselves, and help loads none of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from worker.cli.commands import COMMANDS
from worker.cli.main import main


@pytest.mark.parametrize("name", COMMANDS)
def test_each_entry_is_the_command_it_names(name: str) -> None:
    command = COMMANDS[name].load(name)
    assert command.name == name
    first = command.help.split("\n\n")[0]
    assert " ".join(first.split()) == COMMANDS[name].summary


def test_help_and_completion_load_no_command() -> None:
    asked = (
        "import sys; from worker.cli.main import main; main(['--help']); main(['--version']); "
        "heavy = ('sqlalchemy', 'celery', 'lxml', 'pydantic', 'worker.storage'); "
        "loaded = [one for one in heavy if one in sys.modules]; "
        "sys.exit(', '.join(loaded) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in COMMANDS)


def test_what_goes_wrong_in_a_commands_module_is_not_taken_for_its_absence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_module: str) -> None:
        raise KeyError("HOME")

    monkeypatch.setattr("worker.cli.commands.import_module", fail)
    with pytest.raises(KeyError, match="HOME"):
        main(["status"])
