"""What can go wrong in a round, by name: each does it, waits as long as it lasts, and says whether it hit anything."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Collection
from contextlib import ExitStack
from random import Random

import psutil
from sqlalchemy import text

from tests.faults.installation import READERS, Installation, kill
from tests.integration import faulty_mail_server as at
from tests.integration.processes import descendants, storywatch, wait_until
from worker.storage.db.database import serialize_stories

Fault = Callable[[Installation, Random], bool]
HOUR, DAY = 3600.0, 86_400.0
_STAGES = (at.CONNECT, at.EHLO, at.MAIL, at.RCPT, at.DATA, at.LOST)
_HANGS_UP = (*_STAGES, at.TEXT)
_AFTER_THE_DOT = (at.KEPT, at.REPLY)
_LATER = b"451 4.3.0 not now\r\n"
_GONE = b"421 4.3.0 not now\r\n"
_TO_BEGIN = 30.0  # seconds in which there is something under way that it can hit


def killed(name: str) -> Fault:
    """Kill that child while the service has work."""

    def fault(service: Installation, chance: Random) -> bool:
        time.sleep(chance.uniform(0, 3))
        victim = service.child(name)
        if victim is None:
            return False
        kill(victim)
        service.require(lambda: service.child(name) not in (None, victim), f"{name} did not come back")
        return True

    return fault


def frozen(name: str) -> Fault:
    """Stop that child and its own for longer than a lease, or less, and let it go on as if nothing had been."""

    def fault(service: Installation, chance: Random) -> bool:
        victim = service.child(name)
        if victim is None:
            return False
        stopped = [victim, *victim.children(recursive=True)]
        _signal(stopped, signal.SIGSTOP)
        time.sleep(chance.uniform(4, 24))
        _signal(stopped, signal.SIGCONT)
        return victim.is_running()

    return fault


def supervisor_killed(service: Installation, chance: Random) -> bool:
    """Kill the supervisor; its children must follow, and the next start go on."""
    time.sleep(chance.uniform(0, 3))
    code = service.stop(signal.SIGKILL)
    service.start()
    return code == -signal.SIGKILL


def stopped(service: Installation, chance: Random) -> bool:
    """Stop the service as its host does, in the middle of its work, and start it again."""
    time.sleep(chance.uniform(0, 3))
    code = service.stop(signal.SIGTERM)
    assert code == 0, f"SIGTERM ended the service with {code}"
    service.start()
    return True


def disk_full(service: Installation, chance: Random) -> bool:
    """Let the database's file not grow for a while."""
    before = len(service.log)
    with service.disk_full():
        hit = wait_until(lambda: "disk that holds the database is full" in service.log[before:], seconds=_TO_BEGIN)
        time.sleep(chance.uniform(2, 6))
    return hit


def write_locked(service: Installation, chance: Random) -> bool:
    """Hold the lock that all who write need for longer than they wait for it."""
    before = len(service.log)
    with service.database.transaction() as session:
        if not service.database.is_sqlite:
            session.execute(text("LOCK TABLE articles, feeds, deliveries, ticks IN EXCLUSIVE MODE"))
            serialize_stories(session)
        time.sleep(chance.uniform(6, 10))
        wait_until(lambda: "lock" in service.log[before:], seconds=_TO_BEGIN / 3)
    return "lock" in service.log[before:]


def postgres_killed(service: Installation, chance: Random) -> bool:
    """Kill the whole database server, and start it again after a while."""
    server = psutil.Process(service.postgres.get_pid())
    for process in [server, *server.children(recursive=True)]:
        kill(process)
    server.wait(20)
    time.sleep(chance.uniform(1, 6))
    service.revive_postgres()
    service.database.close()
    return True


def connection_killed(service: Installation, chance: Random) -> bool:
    """Kill one process of the database server that works for ours: the server then ends all of them and recovers."""
    server = psutil.Process(service.postgres.get_pid())
    ours = [one for one in server.children() if "[local]" in " ".join(one.cmdline())]
    if not ours:
        return False
    kill(chance.choice(ours))
    time.sleep(3)
    service.database.close()
    return True


def host(illness: str) -> Fault:
    """Let every host do that instead of answering, for each path twice at most."""

    def fault(service: Installation, chance: Random) -> bool:
        world = service.world
        before = world.hits[illness]
        world.illness = illness
        wait_until(lambda: world.hits[illness] > before, seconds=_TO_BEGIN)
        time.sleep(chance.uniform(3, 8))
        world.heal()
        return world.hits[illness] > before

    return fault


def mail(stages: Collection[str], *, answers: bool = False, stalls: float = 0.0) -> Fault:
    """Let the mail server hang up, refuse (`answers`) or stall at some stages; it hits when a mail is under way."""

    def fault(service: Installation, chance: Random) -> bool:
        hits: list[str] = []
        chosen = {stage for stage in stages if chance.random() < 0.5} or {chance.choice(sorted(stages))}

        def fate(stage: str, _number: int) -> bool | bytes:
            if stage not in chosen or len(hits) >= 6:
                return False
            hits.append(stage)
            time.sleep(stalls)
            if stalls:
                return False
            return True if not answers else (_GONE if stage == at.CONNECT else _LATER)

        service.mail.fates = fate
        wait_until(lambda: bool(hits), seconds=_TO_BEGIN)
        time.sleep(chance.uniform(3, 8))
        service.mail.fates = lambda _stage, _number: False
        return bool(hits)

    return fault


def clock(ahead: float) -> Fault:
    """Set the service's clock wrong, and right again after a while."""

    def fault(service: Installation, chance: Random) -> bool:
        service.set_clock(ahead)
        time.sleep(chance.uniform(5, 12))
        service.set_clock(0.0)
        return True

    return fault


def two_beats(service: Installation, chance: Random) -> bool:
    """A second clock wakes everything once more."""
    return _joined(service, ["beat"], chance)


def two_services(service: Installation, chance: Random) -> bool:
    """A second service on the same folder goes at once; other workers on the same database and Redis share the work."""
    with storywatch("run", folder=service.folder, **service.environment) as second:
        assert second.wait(60) == 1, "a second service on the same folder was not refused"
    return _joined(service, ["worker mail", "worker analyze", "beat"], chance, ready="mail@")


def _joined(service: Installation, commands: list[str], chance: Random, *, ready: str = "") -> bool:
    """Run those commands beside the service while news come out and its mail server is slow, and stop them."""
    pause, log = chance.uniform(1, 2), service.folder / "worker.log"

    def slow(stage: str, reader: int) -> bool:
        if stage == at.LOST:
            time.sleep(pause + 1.5 * (reader % 3))  # not all alike: else those who send keep step with each other
        return False

    service.mail.fates = slow
    variables = {**service.environment, "REDIS_URL": service.redis_url()}
    with ExitStack() as stack:
        others = [stack.enter_context(storywatch(*one.split(), folder=service.folder, **variables)) for one in commands]
        service.require(lambda: not ready or ready in log.read_text(), "the second workers did not come up")
        enough = service.mail.count + 2 * READERS
        service.world.publish_wave()
        hit = wait_until(lambda: service.mail.count >= enough, seconds=_TO_BEGIN * 2)
        alive = all(other.poll() is None for other in others)
        for other in others:
            _signal([psutil.Process(other.pid), *descendants(other)], signal.SIGTERM)
        for other in others:
            other.wait(30)
    service.mail.fates = lambda _stage, _number: False
    return alive and hit


def _signal(processes: list[psutil.Process], number: int) -> None:
    for process in processes:
        if process.is_running():
            os.kill(process.pid, number)


ANYWHERE: dict[str, Fault] = {
    **{f"kill {name}": killed(name) for name in ("redis", "web", "fetch", "analyze", "mail", "beat")},
    **{f"freeze {name}": frozen(name) for name in ("fetch", "analyze", "mail", "beat", "redis")},
    "kill supervisor": supervisor_killed, "SIGTERM": stopped, "write lock held": write_locked,
    **{f"hosts: {illness}": host(illness) for illness in ("reset", "drip", "429", "500")},
    "mail: hangs up": mail(_HANGS_UP), "mail: refuses": mail(_STAGES, answers=True),
    "mail: stalls": mail(_HANGS_UP, stalls=7.5), "mail: dies after the dot": mail(_AFTER_THE_DOT),
    "clock + 1 h": clock(HOUR), "clock - 1 h": clock(-HOUR), "clock + 1 day": clock(DAY), "clock - 1 day": clock(-DAY),
    "two beats": two_beats, "two services": two_services,
}  # fmt: skip
ON_SQLITE: dict[str, Fault] = {"disk full": disk_full}
ON_POSTGRESQL: dict[str, Fault] = {"kill PostgreSQL": postgres_killed, "kill a connection": connection_killed}
LEAVES_DOUBT = frozenset(
    name
    for name in (*ANYWHERE, *ON_SQLITE, *ON_POSTGRESQL)
    if name.startswith(("mail:", "clock", "write lock", "disk full", "kill PostgreSQL", "kill a connection"))
    or name in {"kill redis", "kill mail", "freeze mail", "kill supervisor", "SIGTERM"}
)
"""Faults that strike who sends, who takes or what remembers: whether a mail that was under way arrived is not known."""
POISON = "poison"
"""Two documents that hang their reader: no fault of a moment, but of the round's whole world."""
