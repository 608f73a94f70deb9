from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from worker import __version__
from worker.cli import main as command_line
from worker.cli.main import EXIT_CODES, main
from worker.errors import AlreadyRunningError, ConfigurationError, FetchError, FetchReason, StorageError


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (ConfigurationError("wrong\nsetting"), 2, "storywatch: wrong setting\n"),
        (StorageError("no database"), 3, "storywatch: no database\n"),
        (AlreadyRunningError("running"), 1, "storywatch: running\n"),
        (FetchError(FetchReason.DNS, "no such host", transient=True), 1, "storywatch: no such host\n"),
        (FileNotFoundError(2, "No such file", "x.txt"), 1, "storywatch: x.txt: No such file\n"),
        (OSError(28, "No space left on device"), 1, "storywatch: the system: No space left on device\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_every_fault_is_one_line_and_a_code(
    fault: BaseException, code: int, said: str,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    def app(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(command_line, "app", app)
    assert main(["status"]) == code
    assert capsys.readouterr().err == said


@pytest.mark.parametrize("arguments", [["nonsense"], ["feeds", "nonsense"], ["feeds", "add"], ["init", "--nope"]])
def test_a_wrong_command_line_is_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["worker", "fetch"], ["beat"]])
def test_a_process_that_has_no_redis_says_so_in_a_line(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("storywatch: REDIS_URL is not set: use 'storywatch run'")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_its_commands(shell: str) -> None:
    answered = {"bash": ("COMP_WORDS", "storywatch do"), "zsh": ("_TYPER_COMPLETE_ARGS", "storywatch do"),
                "fish": ("_TYPER_COMPLETE_ARGS", "storywatch do")}[shell]  # fmt: skip
    environment = {**os.environ, "_STORYWATCH_COMPLETE": f"complete_{shell}", answered[0]: answered[1]}
    environment |= {"COMP_CWORD": "1", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    done = subprocess.run(
        [sys.executable, "-m", "worker.cli.main"], env=environment, cwd=ROOT, capture_output=True, text=True
    )
    assert "doctor" in done.stdout, done.stderr


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("STORYWATCH_FETCH__THREADS", "many")
    assert main(["status"]) == 2
    assert "setting 'fetch.threads' is 'many'" in capsys.readouterr().err


def test_the_version_and_the_exit_codes_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"storywatch {__version__}\n"
    assert main(["--help"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert EXIT_CODES in told


def test_help_imports_nothing_heavy() -> None:
    heavy = ["sqlalchemy", "celery", "trafilatura", "lxml", "jinja2", "alembic", "wordfreq", "pycurl"]
    program = (
        "import sys; from worker.cli.main import main; main(['--help']); "
        f"print(*(set({heavy}) & set(sys.modules)), end='', file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stderr == ""


def test_a_reader_that_has_had_enough_is_no_fault() -> None:
    done = subprocess.run(
        f"{sys.executable} -m worker.cli.main init --print | head -c 1; echo ${{PIPESTATUS[0]}}",
        shell=True, executable="/bin/bash", capture_output=True, text=True,
    )  # fmt: skip
    assert done.stderr == ""
