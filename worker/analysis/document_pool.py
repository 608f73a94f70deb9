"""A pool of expendable processes that read documents: one that its limits end costs its document, nothing else."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Self

from worker.errors import DocumentError
from worker.setup.tables import AnalyzeSettings

Job = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """A document's bytes; `url` is empty where none is known."""

    body: bytes
    url: str
    content_type: str = ""


def as_job(kind: str, source: Source, site: Mapping[str, Any] | None = None) -> Job:
    """Return what is sent to a reader; `kind` is "page", "account", "feed", "links", "refresh", "listing" or "opml".

    `site` is what is known of a page's site, as `pages.SiteProfile` has it, or a listing's rules.
    """
    body = base64.b64encode(source.body).decode("ascii")
    return {"kind": kind, "body": body, "url": source.url, "content_type": source.content_type, "site": site}


class LimitedReader:
    """One reading process, started when first needed and again after it was ended."""

    def __init__(self, limits: AnalyzeSettings) -> None:
        self._limits = limits
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def read(self, job: Job) -> Any:
        """Return the result; raises `DocumentError`, with the code "killed" when a limit ended the reader."""
        process = self._process = self._process or self._start()
        if process.stdin is None or process.stdout is None:
            raise AssertionError("started with pipes")
        try:
            process.stdin.write(json.dumps(job) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            self._end()
            limits = f"{self._limits.limit_seconds} s or {self._limits.limit_megabytes} MB"
            raise DocumentError("killed", f"reading it took more than {limits}")
        answer = json.loads(line)
        if "fault" in answer:
            raise DocumentError(answer["code"], answer["fault"])
        return answer["result"]

    def _start(self) -> subprocess.Popen[str]:
        command = [
            sys.executable, "-m", "worker.analysis.document_reader",
            str(self._limits.limit_seconds), str(self._limits.limit_megabytes),
        ]  # fmt: skip
        # A process group of its own: Ctrl-C is for us, who then close its input.
        return subprocess.Popen(  # noqa: S603 (our own module)
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            process_group=0,
        )

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.communicate()
        self._process = None


def read_one(kind: str, source: Source, limits: AnalyzeSettings, site: Mapping[str, Any] | None = None) -> Any:
    """Read one document within the limits. Raises `DocumentError`."""
    with LimitedReader(limits) as reader:
        return reader.read(as_job(kind, source, site))


def read_all(
    kind: str, openers: Iterable[Callable[[], Source]], limits: AnalyzeSettings, *, processes: int = 2
) -> Iterator[Any | DocumentError]:
    """Yield each document's result, or the fault it met, in the order given.

    A document is opened only when its turn comes, so that not all of them are in memory at once.
    """
    free: SimpleQueue[LimitedReader] = SimpleQueue()

    def read(open_source: Callable[[], Source]) -> Any | DocumentError:
        reader = free.get()
        try:
            return reader.read(as_job(kind, open_source()))
        except DocumentError as error:
            return error
        finally:
            free.put(reader)

    with ExitStack() as stack:
        for _ in range(processes):
            free.put(stack.enter_context(LimitedReader(limits)))
        with ThreadPoolExecutor(processes) as threads:
            yield from threads.map(read, openers)
