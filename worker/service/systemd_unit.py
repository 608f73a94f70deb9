"""The systemd unit that keeps the service running, hardened: it writes into its own folders and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_SYSTEM_UNIT = Path("/etc/systemd/system/storywatch.service")
_OWN_UNIT = Path(".config/systemd/user/storywatch.service")
_STOP_SECONDS = 15  # the supervisor's own limit, ten seconds, comes first
_HOMES = ("/home/", "/root/", "/run/user/")

_WITHOUT_RIGHTS = (
    "UMask=0077", "NoNewPrivileges=true", "RestrictSUIDSGID=true", "RestrictRealtime=true", "RestrictNamespaces=true",
    "LockPersonality=true", "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX", "SystemCallArchitectures=native",
)  # fmt: skip
"""What an account's own systemd can do as well; the rest wants mounts or capabilities (systemd.exec(5))."""

_WITH_RIGHTS = (
    "ProtectSystem=strict", "PrivateTmp=true", "PrivateDevices=true", "ProtectKernelTunables=true",
    "ProtectKernelModules=true", "ProtectControlGroups=true", "ProtectClock=true", "ProtectHostname=true",
    "CapabilityBoundingSet=",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """What the unit is made for: the account ("" for who installs it), the configuration file, the program.

    `writable` are folders that the service writes into beside the one of its configuration.
    """

    user: str
    configuration: Path
    program: Path
    writable: tuple[Path, ...] = ()

    @property
    def path(self) -> Path:
        """Where systemd looks for it; an account's own units lie below its home."""
        return _SYSTEM_UNIT if self.user else _OWN_UNIT

    @property
    def text(self) -> str:
        """The unit's text."""
        sections = {
            "Unit": ("Description=Storywatch", "After=network-online.target", "Wants=network-online.target"),
            "Service": tuple(self._service()),
            "Install": (f"WantedBy={'multi-user' if self.user else 'default'}.target",),
        }
        return "\n".join(f"[{name}]\n" + "".join(f"{line}\n" for line in lines) for name, lines in sections.items())

    @property
    def commands(self) -> tuple[str, ...]:
        """What is typed afterwards, in order."""
        control = "systemctl" if self.user else "systemctl --user"
        return f"{control} daemon-reload", f"{control} enable --now storywatch"

    def _service(self) -> Iterator[str]:
        folder = self.configuration.parent
        if self.user:
            yield f"User={self.user}"
        yield f"WorkingDirectory={_escaped(folder)}"
        yield f"EnvironmentFile=-{_escaped(folder / 'storywatch.env')}"
        if self.configuration.name != "storywatch.toml":
            yield f"Environment={_quoted(f'STORYWATCH_CONFIG={self.configuration}')}"
        yield f"ExecStart={_quoted(str(self.program).replace('$', '$$'))} run"
        yield from ("Restart=always", "RestartSec=5", f"TimeoutStopSec={_STOP_SECONDS}")
        yield from _WITHOUT_RIGHTS
        if self.user:
            yield from _WITH_RIGHTS
            yield from self._places(folder)

    def _places(self, folder: Path) -> Iterator[str]:
        """Where it may write; homes are hidden from it, unless what it needs is in one."""
        others = [place for place in self.writable if not place.is_relative_to(folder)]
        yield f"ReadWritePaths={' '.join(_quoted(str(place)) for place in dict.fromkeys((folder, *others)))}"
        if not _in_homes((folder, self.program, *others)):
            yield "ProtectHome=true"


def _in_homes(places: Iterable[Path]) -> bool:
    return any(str(place).startswith(_HOMES) for place in places)


def _escaped(path: Path) -> str:
    """A path that ends its line: `%` begins a specifier."""
    return str(path).replace("%", "%%")


def _quoted(text: str) -> str:
    """A word of a line of several (systemd.syntax(7))."""
    escaped = text.replace("%", "%%").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"' if any(char in escaped for char in " \t\"'") else escaped
