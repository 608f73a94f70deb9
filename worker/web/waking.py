"""How the web process wakes a step: by a message, as the workers do."""

from __future__ import annotations

from worker.setup.logs import get_log
from worker.step import Wakeups

log = get_log(__name__)


def wake(wakeups: Wakeups) -> None:
    """Put the wake-ups on their queues. Where Redis is away they are lost, and the clock finds what is due."""
    if not wakeups:
        return
    from kombu.exceptions import OperationalError

    from worker.queue.celery_app import app  # 30 MB that a process without hubs should not pay
    from worker.queue.tasks import send

    app.set_current()
    try:
        send(wakeups)
    except OperationalError as error:
        log.warning("not woken", step=wakeups[0].step, reason=str(error))
