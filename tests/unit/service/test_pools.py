from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, permutations

import pytest
from celery.bin.celery import celery
from click.testing import CliRunner

from worker.channels.email import MailSettings
from worker.errors import ConfigurationError
from worker.service.pools import Pool, celery_arguments
from worker.service.running import processes
from worker.setup.settings import Settings, load_settings
from worker.setup.tables import AnalyzeSettings, FetchSettings


@pytest.fixture
def settings() -> Settings:
    return load_settings(analyze=AnalyzeSettings(processes=3), fetch=FetchSettings(threads=9))


def options(pools: Sequence[Pool], settings: Settings) -> dict[str, str]:
    """The options that have a value."""
    words = celery_arguments(pools, settings)
    assert words[0] == "worker"
    return {name: value for name, value in pairwise(words) if not value.startswith("-")}


@pytest.mark.parametrize(
    ("pools", "expected"),
    [
        ([Pool.FETCH], {"-Q": "fetch,clock", "-P": "threads", "-c": "9", "-n": "fetch@%h"}),
        ([Pool.ANALYZE], {"-Q": "analyze", "-P": "prefork", "--autoscale": "3,0", "-n": "analyze@%h"}),
        ([Pool.MAIL], {"-Q": "mail", "-P": "solo", "-n": "mail@%h"}),
        ([Pool.FETCH, Pool.MAIL], {"-Q": "fetch,mail,clock", "-P": "threads", "-c": "9", "-n": "fetch-mail@%h"}),
        ([Pool.MAIL, Pool.FETCH], {"-Q": "mail,fetch,clock", "-P": "threads", "-c": "9", "-n": "mail-fetch@%h"}),
    ],
)
def test_each_pool_has_the_shape_its_work_needs(
    pools: list[Pool], expected: dict[str, str], settings: Settings
) -> None:
    assert options(pools, settings) == expected


@pytest.mark.parametrize("others", [one for size in (1, 2) for one in permutations([Pool.FETCH, Pool.MAIL], size)])
def test_what_computes_does_not_share_a_process(others: tuple[Pool, ...], settings: Settings) -> None:
    for pools in ((Pool.ANALYZE, *others), (*others, Pool.ANALYZE)):
        with pytest.raises(ConfigurationError, match="analyze queue needs a worker of its own"):
            celery_arguments(pools, settings)


@pytest.mark.parametrize("pools", [[Pool.FETCH], [Pool.ANALYZE], [Pool.MAIL], [Pool.FETCH, Pool.MAIL]])
def test_celery_knows_every_option(pools: list[Pool], settings: Settings) -> None:
    """Its own command line reads them all: of a wrong one it would speak before it shows its help."""
    arguments = celery_arguments(pools, settings)
    asked = CliRunner().invoke(celery, [*arguments, "--help"])
    assert asked.exit_code == 0, asked.output
    refused = CliRunner().invoke(celery, [*arguments, "--no-such-option", "--help"])
    assert refused.exit_code != 0


@pytest.mark.parametrize("host", ["", "smtp.example"])
def test_every_queue_has_one_worker(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "memory://")
    from worker.queue import sweep
    from worker.queue.tasks import CLOCK

    settings = load_settings(mail=MailSettings(host=host))
    workers = [arguments[1:] for arguments in processes(settings).values() if arguments[0] == "worker"]
    worked_on = [options([Pool(pool) for pool in pools], settings)["-Q"].split(",") for pools in workers]
    assert sorted(queue for queues in worked_on for queue in queues) == sorted([*sweep.queues_of("sweep"), CLOCK])
