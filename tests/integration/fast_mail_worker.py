"""Mail workers under a clock that runs faster: `fast_mail_worker.py SPEED EPOCH`, as tests start it.

Everything is real but the pace of time: ten minutes of doubt are over in seconds. EPOCH is when both clocks
showed the same (Unix time). For each line on standard input one worker is forked, with everything imported
already; its process id is printed, and "gone" when it has died.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime
from functools import cache, partial


def fast_now(speed: float, epoch: float) -> datetime:
    """The moment, `speed` times as far from `epoch` as it really is."""
    return datetime.fromtimestamp(epoch + (time.time() - epoch) * speed, UTC)


def main() -> None:
    from celery.__main__ import main as celery

    from worker.delivery import deliver, plan_digests
    from worker.queue import celery_app, sweep
    from worker.setup import deps
    from worker.setup.settings import load_settings

    del celery_app, deliver, plan_digests, sweep  # imported for the workers
    clock = partial(fast_now, float(sys.argv[1]), float(sys.argv[2]))
    deps.process_deps = cache(lambda: deps.Deps(load_settings(), now=clock))
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    sys.argv = ["celery", "-A", "worker.queue.celery_app", "worker", "-Q", "mail,clock", "-P", "solo", *quiet]
    while sys.stdin.readline():
        child = os.fork()
        if not child:
            os.dup2(2, 1)
            celery()
        os.write(1, f"{child}\n".encode())
        os.waitpid(child, 0)
        os.write(1, b"gone\n")


if __name__ == "__main__":
    main()
