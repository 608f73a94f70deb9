"""The documents say what is: every command in them runs, every name in them exists."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest
import typer
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from pydantic.fields import FieldInfo

from tests.conftest import ROOT
from tests.docs import documents
from tests.integration.cli_site import ADDRESS
from worker.channels.tables import Table
from worker.cli.main import EXIT_CODES, app, main
from worker.sample_site import SampleServer, serve
from worker.setup.settings import CONFIG_VARIABLE, Settings

README, OPERATIONS = ROOT / "README.md", ROOT / "docs" / "operations.md"

DKIM = "tests/integration/test_cli_dkim.py::test_a_key_its_record_and_a_digest_that_is_verified"
BACKUP = "tests/integration/test_invariants.py::test_the_commands_say_it"
LISTING = "tests/integration/test_sites_without_feeds.py::test_a_listing_is_shown_then_added_and_read"
SYSTEMD = "tests/unit/cli/test_systemd.py::test_it_is_printed_and_installed"
DEMO = "tests/integration/test_demo_service.py::test_the_demo_prints_a_digest_and_stays_until_somebody_ends_it"
ELSEWHERE = {
    "storywatch db backup FILE": BACKUP,
    "storywatch db restore FILE": BACKUP,
    "storywatch db restore FILE --nothing-sent": BACKUP,
    "openssl genrsa -out data/dkim.key 2048": DKIM,
    "storywatch dkim": DKIM,
    "make run": "tests/integration/test_run_service.py::test_up_second_refused_and_down_without_a_trace",
    "make test": "tests/docs/test_docs.py::test_make_does_what_the_documents_say",
    "make lint": "tests/docs/test_docs.py::test_make_does_what_the_documents_say",
    "make chaos SEED=1 MINUTES=10": "tests/faults/test_rounds.py::test_nothing_is_lost_and_nothing_comes_twice",
    "make demo": DEMO,
    "storywatch feeds add PAGE --listing": LISTING,
    "storywatch feeds backfill URL --days 30": ("tests/integration/test_backfill.py::test_the_commands_ask_and_tell"),
    "storywatch feeds add PAGE --listing --preview": LISTING,
    "storywatch feeds add SITE --sitemap": (
        "tests/integration/test_sites_without_feeds.py::"
        "test_news_sitemaps_are_found_through_robots_and_indexes_and_packed"
    ),
    "storywatch run": "tests/integration/test_run_service.py::test_up_second_refused_and_down_without_a_trace",
    "storywatch deliveries retry ID": "tests/integration/test_cli_deliveries.py::test_a_dead_digest_is_sent_after_all",
    "storywatch desk remove ADDRESS": (
        "tests/integration/test_cli_desk.py::test_the_first_person_is_owner_and_others_are_let_in"
    ),
    "storywatch demo": DEMO,
    ".venv/bin/storywatch systemd --install": SYSTEMD,
    "storywatch systemd": SYSTEMD,
    "storywatch init": "tests/integration/test_first_hour.py::test_two_minutes_of_typing_to_the_first_digest",
    "storywatch topics test NAME --since 7d": documents.TUTORIALS[ROOT / "docs" / "topics.md"],
    "storywatch doctor": "tests/integration/test_doctor.py::test_a_good_installation_is_well",
    "storywatch demo --keep": DEMO,
    "storywatch worker POOL": "tests/integration/test_procfile.py::test_two_of_everything_send_one_digest",
    "storywatch beat": "tests/integration/test_procfile.py::test_two_of_everything_send_one_digest",
    "storywatch web": "tests/integration/test_procfile.py::test_two_of_everything_send_one_digest",
}
"""By command: the test that runs it, where running it here would be too much."""

LEAVES = "leaves@news.example"
NOT_OURS = {"git pull", "storywatch --help"}


def commands(path: Path) -> list[str]:
    """Every command that a document names, each once, in its order."""
    return list(dict.fromkeys(documents.commands(path)))


def subcommands() -> dict[str, set[str]]:
    """By command: its subcommands, none for one without."""
    root = typer.main.get_command(app)
    return {name: set(getattr(found, "commands", {})) for name, found in root.commands.items()}  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def site() -> Iterator[SampleServer]:
    with serve(datetime.now(UTC)) as server:
        yield server


@pytest.fixture(scope="module")
def first_hour(tmp_path_factory: pytest.TempPathFactory, site: SampleServer) -> Path:
    """The folder of somebody who did as docs/first_hour.md says, with feeds on loopback, and has a second reader."""
    folder = tmp_path_factory.mktemp("first-hour")
    told = ["--words", "tariff, asylum, shelter", "--address", ADDRESS, "--allow-private", "--preview"]
    for _, url, _ in site.feeds[:3]:
        told += ["--site", url]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv(CONFIG_VARIABLE, str(folder / "storywatch.toml"))
        patch.setenv("STORYWATCH_FETCH__SPACING_SECONDS", "0")
        patch.setenv("STORYWATCH_FETCH__PER_HOST", "16")
        assert main(["init", "--yes", *told]) == 0
        assert main(["subscribers", "add", LEAVES]) == 0
    return folder


def here(command: str, folder: Path, site: SampleServer) -> list[str]:
    """The arguments of a command, with what stands for something replaced by that."""
    arguments = shlex.split(command.replace("storywatch ", "", 1))
    page, feed = next(iter(site.site.urls.values())), site.feeds[0][1]
    person = LEAVES if "forget" in arguments else ADDRESS
    given = {
        "URL": feed if arguments[0] in {"feeds", "parse-feed"} else page, "HOST": page, "ADDRESS": person,
        "DIR": str(folder / "preview"), "ID": "1",
        "IN.jsonl": str(folder / "in.jsonl"), "OUT.jsonl": str(folder / "out.jsonl"),
    }  # fmt: skip
    (folder / "in.jsonl").write_text('{"id": "1", "title": "A title", "text": "A text."}\n')
    return [given.get(argument, argument) for argument in arguments]


def run_here(path: Path) -> list[str]:
    """The commands of a document that are run here."""
    return [
        command for command in commands(path)
        if command.startswith("storywatch ") and command not in ELSEWHERE and command not in NOT_OURS
    ]  # fmt: skip


PAGES = [path for path in documents.REFERENCE if run_here(path)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_command_of_a_page_runs_in_its_order(
    path: Path, first_hour: Path, site: SampleServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Each page is read by somebody of their own, whose first hour is behind them."""
    folder = tmp_path / "own"
    shutil.copytree(first_hour, folder)
    monkeypatch.chdir(folder)
    for command in run_here(path):
        assert main(here(command, tmp_path, site)) == 0, f"{command}: {capsys.readouterr().err}"


def test_commands_are_found() -> None:
    assert len(PAGES) >= 8
    assert len({command for path in PAGES for command in run_here(path)}) >= 30


def test_no_command_in_a_console_block_is_left_out() -> None:
    known = ELSEWHERE.keys() | NOT_OURS
    typed = [command for command in documents.console_commands() if not command.startswith("storywatch ")]
    left_out = [command for command in typed if command not in known]
    assert left_out == [], "a new command: name the test that runs it in ELSEWHERE"


@pytest.mark.parametrize("test", sorted({*ELSEWHERE.values(), *documents.TUTORIALS.values()}))
def test_the_tests_that_run_commands_elsewhere_exist(test: str) -> None:
    path, _, name = test.partition("::")
    assert f"\ndef {name}(" in (ROOT / path).read_text()


def test_make_does_what_the_documents_say() -> None:
    """A dry run: pytest cannot run itself, and `make run` sets up what is set up here already."""
    ends = {"run": "storywatch run", "test": "-m pytest", "demo": "storywatch demo", "lint": "lint-imports"}
    ends |= {"chaos": "tests.faults --seed 1 --minutes 10"}
    for target, end in ends.items():
        environment = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL"}}
        done = subprocess.run(
            ["make", "--dry-run", target], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=20
        )
        assert done.returncode == 0, done.stderr
        assert end in done.stdout.splitlines()[-1]
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {span.split()[1] for span in documents.spans() if re.match(r"make \w", span)}
    assert named <= targets


def test_the_table_of_commands_is_whole() -> None:
    listed: dict[str, set[str]] = {}
    for cells in documents.rows(README, "command"):
        for span in documents.spans_of(cells[0]):
            words = span.split()
            if words[0] == "storywatch":
                name = words[1]
                listed.setdefault(name, set()).update(words[2:3] if subcommands().get(name) else ())
            else:
                listed[name].add(span)
    assert listed == subcommands()


def test_the_exit_codes_are_those_of_the_help() -> None:
    assert " ".join(EXIT_CODES.split()) in " ".join(README.read_text().split())


@pytest.mark.parametrize("path", [*documents.DOCUMENTS, ROOT / "CHANGELOG.md"], ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for link in documents.links(path):
        if link.startswith(("http://", "https://")):
            continue
        target, _, anchor = link.partition("#")
        found = path.parent / target if target else path
        assert found.exists(), link
        assert not anchor or anchor in documents.anchors(found), link


def test_every_file_that_is_named_is_there() -> None:
    """From the top, or from `worker/` on."""
    rooms = [path.name for path in (ROOT / "worker").iterdir() if path.is_dir()]
    tops = "|".join(("worker", "docs", "models", "alembic", "benchmarks", "tests", *rooms))
    named = {span for span in documents.spans() if re.fullmatch(rf"(?:{tops})/[\w./-]*|[a-z_]+\.py", span)}
    assert len(named) > 60
    for name in named:
        assert (ROOT / name).exists() or (ROOT / "worker" / name).exists(), name


def test_the_table_of_an_articles_types_is_whole() -> None:
    listed: set[str] = set()
    for types, where, _ in documents.rows(ROOT / "docs" / "architecture.md", "type"):
        (path,) = documents.spans_of(where)
        for name in documents.spans_of(types):
            assert f"\nclass {name}" in (ROOT / path).read_text(), name
            listed.add(name)
    sources = "\n".join(path.read_text() for path in (ROOT / "worker").rglob("*.py"))
    assert set(re.findall(r"^class ([A-Z]\w*Article)\b", sources, re.MULTILINE)) <= listed


LOCKS = ("requirements.lock", "requirements-extras.lock", "requirements-test.lock")


def test_the_dependencies_are_those_that_are_declared() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)
    extras = project["project"]["optional-dependencies"]
    run, test = (
        {re.split(r"[\[<>=!~; ]", line, maxsplit=1)[0] for line in lines}
        for lines in (
            [
                *project["project"]["dependencies"],
                *project["build-system"]["requires"],
                *extras["dkim"],
                *extras["postgresql"],
            ],
            extras["test"],
        )
    )
    listed = [
        (name, len(cells))
        for cells in documents.rows(ROOT / "docs" / "dependencies.md", "library")
        for name in cells[0].split(", ")
    ]
    assert sorted(name for name, columns in listed if columns == 4) == sorted(run)
    assert sorted(name for name, columns in listed if columns == 2) == sorted(test)


@pytest.mark.parametrize("python", ["3.11.2", "3.12.0", "3.13.0"])
def test_the_pins_are_whole_on_every_python_that_is_promised(python: str) -> None:
    """The first is Debian 12's own: `apt-get install python3 make` has to be enough."""
    locks = [(ROOT / name).read_text() for name in LOCKS]
    pinned = {name for lock in locks for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)}
    there = {name: each for each in distributions() if (name := canonicalize_name(each.name)) in pinned}
    environment = {"python_full_version": python, "python_version": python.rpartition(".")[0], "extra": ""}
    refused = [name for name, each in there.items() if not SpecifierSet(wanted_python(each)).contains(python)]
    needed = [Requirement(line) for each in there.values() for line in each.requires or ()]
    applying = {canonicalize_name(one.name) for one in needed if not one.marker or one.marker.evaluate(environment)}
    assert len(there) > 100
    assert not refused
    assert not applying - pinned


def wanted_python(library: Distribution) -> str:
    return library.metadata.get("Requires-Python") or ""


def tables() -> dict[str, dict[str, FieldInfo]]:
    """By table of the configuration file: its settings."""
    return {
        name: field.annotation.model_fields
        for name, field in Settings.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, Table)
    }


def named_settings() -> Iterator[tuple[str, str]]:
    """Every setting the documents name, as (table, name); the table is empty at the top level."""
    text = "\n".join(documents.prose(path) for path in documents.DOCUMENTS)
    for names, table in re.findall(r"((?:`\w+`(?:, | and |, and )?)+) in `\[(\w+)\]`", text):
        yield from ((table, name) for name in documents.spans_of(names))
    for span in documents.spans_of(text):
        if dotted := re.fullmatch(r"(\w+)\.(\w+)", span):
            if dotted[1] in tables():
                yield dotted[1], dotted[2]
        elif assigned := re.fullmatch(r"(\w+) = .+", span):
            yield "", assigned[1]
    yield from (("", name) for name in re.findall(r"\bset `([a-z_]+)`", text))


def test_every_setting_that_is_named_exists() -> None:
    found = list(named_settings())
    assert {("mail", "host"), ("fetch", "timeout_seconds"), ("web", "base_url"), ("", "log_format")} <= set(found)
    for table, name in found:
        assert name in (tables()[table] if table else Settings.model_fields), f"[{table}] {name}"


def test_every_variable_that_is_named_is_read() -> None:
    text = "\n".join(path.read_text() for path in documents.DOCUMENTS)
    known = {"DATABASE_URL", "REDIS_URL", CONFIG_VARIABLE}
    for table, fields in tables().items():
        known |= {f"STORYWATCH_{table}__{name}".upper() for name in fields}
    known |= {f"STORYWATCH_{name}".upper() for name in Settings.model_fields}
    named = set(re.findall(r"\b(?:STORYWATCH_\w+|DATABASE_URL|REDIS_URL)\b", text))
    assert len(named) >= 5
    assert named <= known
    for line in "".join(documents.blocks("sh")).splitlines():
        assert line.partition("=")[0] in known, "blocks of sh hold variables only"


def test_the_faults_that_are_described_are_those_that_are_said() -> None:
    sources = "\n".join(path.read_text() for path in (ROOT / "worker").rglob("*.py"))
    quoted = [cells[0] for cells in documents.rows(OPERATIONS, "what you see") if cells[0].startswith('"')]
    assert len(quoted) >= 4
    for line in quoted:
        for part in line.strip('"').split("…"):
            assert part.strip() in sources, line
