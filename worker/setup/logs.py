"""Logs as structured events on standard error: text for people, JSON lines for machines."""

from __future__ import annotations

import logging
import re
import sys
from typing import TextIO

import structlog

from worker.setup.log_flood import FloodFilter

_QUIET = (
    "kombu",
    "amqp",
    "celery.app.trace",
    "celery.beat",
    "celery.redirected",
    "celery.utils.functional",
    "celery.worker.strategy",
    "uvicorn.access",
    "trafilatura",
    "htmldate",
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to whatever standard error is at that moment: tests and pagers replace it."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def configure_logs(level: str, style: str) -> None:
    """Send every event, ours and the libraries', to standard error in one form."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderers: list[structlog.typing.Processor] = (
        [structlog.processors.JSONRenderer()]
        if style == "json"
        else [_tame, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)]
    )
    handler = _StandardError()
    handler.addFilter(FloodFilter())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                *renderers,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def get_log(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of a module."""
    log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return log


def _tame(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Show control characters instead of obeying them, and indent further lines.

    What strangers wrote may stand in a message or an exception, and must not pass for an event of its own.
    """
    for key, margin in (("event", ""), ("exception", "    ")):
        if isinstance(event.get(key), str):
            shown = _CONTROL.sub(lambda found: repr(found[0])[1:-1], event[key])
            event[key] = margin + shown.replace("\n", "\n    ")
    return event
