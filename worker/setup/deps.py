"""The real things, put together: all that any step or page may be handed."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING

from worker.setup.analysis_deps import AnalysisDeps
from worker.setup.delivery_deps import DeliveryDeps
from worker.setup.intake_deps import IntakeDeps
from worker.setup.settings import load_settings

if TYPE_CHECKING:
    from worker import net


class Deps(IntakeDeps, AnalysisDeps, DeliveryDeps):
    """Everything in one, for who starts a process: what is handed on says in its type which part it is."""

    @cached_property
    def attempts(self) -> net.AttemptLimit:
        """How often strangers may make us send a mail, counted for all processes."""
        from worker.net.attempt_limit import AttemptLimit

        return AttemptLimit(self.redis)


@cache
def process_deps() -> Deps:
    """Return the real things of this process, made from its configuration when first asked for."""
    return Deps(load_settings())
