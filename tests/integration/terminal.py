"""A person at a terminal, 80 columns wide, on the standard library's pty."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ROWS, _COLUMNS = 40, 80
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>]")


class Terminal:
    """What is on the screen, and what is typed: `expect` waits for words, `type` answers them."""

    def __init__(self, descriptor: int, process: int) -> None:
        self._descriptor, self.process = descriptor, process
        self.screen = ""
        self._seen = 0
        self.typed = 0

    def expect(self, words: str, *, seconds: float = 30) -> str:
        """Wait until the words stand on the screen behind what was seen before; return what stands before them."""
        deadline = time.monotonic() + seconds
        while (at := self.screen.find(words, self._seen)) < 0:
            left = deadline - time.monotonic()
            if left <= 0 or not self._read(left):
                raise AssertionError(f"{words!r} did not come; the screen:\n{self.screen}")
        before, self._seen = self.screen[self._seen : at], at + len(words)
        return before

    def type(self, line: str) -> None:
        """Type a line and Enter."""
        self.typed += len(line) + 1
        os.write(self._descriptor, f"{line}\n".encode())

    def interrupt(self) -> None:
        """Type Ctrl-C."""
        os.write(self._descriptor, b"\x03")

    def end(self, *, seconds: float = 30) -> int:
        """Wait until the program ends, which is killed when it does not in time; return its exit code."""
        deadline = time.monotonic() + seconds
        while self._read(0.2) is not None:
            if time.monotonic() > deadline:
                os.kill(self.process, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])

    def _read(self, seconds: float) -> bool | None:
        """Whether something came in time; None when nothing will come any more."""
        if not select.select([self._descriptor], [], [], seconds)[0]:
            return False
        try:
            text = os.read(self._descriptor, 65_536).decode("utf-8", "replace")
        except OSError:  # Linux: the other end was closed
            return None
        self.screen += _ESCAPE.sub("", text).replace("\r\n", "\n")
        return True if text else None


@contextmanager
def at_a_terminal(*arguments: str, folder: Path, **variables: str) -> Iterator[Terminal]:
    """Run a `storywatch` command in `folder` as a person does; it is gone when the block ends."""
    environment = {**os.environ, "TERM": "xterm", "LANG": "C.UTF-8", "NO_COLOR": "1", **variables}
    environment.pop("COLUMNS", None)
    process, descriptor = pty.fork()
    if process == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # who started the tests in the background has it ignored
        os.chdir(folder)
        os.execve(sys.executable, [sys.executable, "-m", "worker.cli.main", *arguments], environment)
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, _COLUMNS, 0, 0))
    try:
        yield Terminal(descriptor, process)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(process, 0)
        os.close(descriptor)
