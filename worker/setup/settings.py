"""Every setting, from `storywatch.toml` and the environment, checked once at start.

The setting `timeout_seconds` of the table `[fetch]` is overridden by `STORYWATCH_FETCH__TIMEOUT_SECONDS`;
`DATABASE_URL` and `REDIS_URL` are read under those names too. Secrets come only from the environment
or from a file, never from the TOML file.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, Self, get_args

from pydantic import (
    AliasChoices,
    BaseModel,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings.exceptions import SettingsError as UnreadError

from worker.channels import ChannelTables
from worker.channels.tables import Table
from worker.errors import ConfigurationError, SettingsError
from worker.setup.setting_faults import Place, tell_faults, tell_syntax, written
from worker.setup.tables import (
    LOOPBACK,
    AnalyzeSettings,
    ClockSettings,
    DeskSettings,
    DuplicatesTable,
    FeedSetting,
    FetchSettings,
    KeepSettings,
    OperatorSettings,
    SiteSetting,
    StoriesTable,
    WebSettings,
)

PREFIX = "STORYWATCH_"
CONFIG_VARIABLE = f"{PREFIX}CONFIG"
DEFAULT_CONFIG = "storywatch.toml"

_URLS = {"database_url", "redis_url", "fetch.proxy"}
_PASSWORD_IN_URL = re.compile(r"://[^/@]*:[^/@]+@")


def _either_name(setting: str) -> AliasChoices:
    return AliasChoices(setting.upper(), f"{PREFIX}{setting.upper()}", setting)


_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 (what a server listens on, and nobody can open)


class Settings(ChannelTables, BaseSettings):
    """The whole configuration, every channel's tables with it.

    Relative paths are relative to the configuration file's folder.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_nested_max_split=1,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        validate_default=False,
        hide_input_in_errors=True,
    )

    folder: Path = Path()
    data: Path = Path("data")
    # Both may hold a password.
    database_url: str = Field("", validation_alias=_either_name("database_url"), repr=False)
    redis_url: str = Field("", validation_alias=_either_name("redis_url"), repr=False)
    secret: SecretStr = SecretStr("")
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"
    opml: tuple[Path, ...] = ()
    topic_files: tuple[Path, ...] = ()
    builtin_topics: bool = True
    retag_days: float = Field(0, ge=0, le=36_500)
    fetch: FetchSettings = FetchSettings()
    analyze: AnalyzeSettings = AnalyzeSettings()
    duplicates: DuplicatesTable = DuplicatesTable()
    stories: StoriesTable = StoriesTable()
    web: WebSettings = WebSettings()
    desk: DeskSettings = DeskSettings()
    clock: ClockSettings = ClockSettings()
    keep: KeepSettings = KeepSettings()
    operator: OperatorSettings = OperatorSettings()
    feeds: tuple[FeedSetting, ...] = ()
    sites: tuple[SiteSetting, ...] = ()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment over file over defaults; what the loader computes itself comes first."""
        del dotenv_settings, file_secret_settings
        toml = TomlConfigSettingsSource(settings_cls, toml_file=config_path())
        return (init_settings, env_settings, toml)

    @model_validator(mode="after")
    def _lease_outlasts_work(self) -> Self:
        longest = max(self.analyze.limit_seconds, 2 * self.fetch.timeout_seconds)  # robots.txt, then the page
        if self.clock.lease_seconds <= longest:
            raise ValueError(
                f"clock.lease_seconds is {self.clock.lease_seconds:g}: it must be more than analyze.limit_seconds and "
                f"twice fetch.timeout_seconds, here {longest:g}"
            )
        return self

    @model_validator(mode="after")
    def _operator_has_webhook(self) -> Self:
        named, there = self.operator.webhook, sorted(one.name for one in self.webhooks)
        if named and named not in there:
            raise ValueError(f"operator.webhook is {named!r:.80}: it must be one of [[webhooks]], here {there}")
        return self

    def at(self, path: Path) -> Path:
        """Return `path` as seen from the configuration file's folder."""
        return self.folder / path

    @property
    def data_folder(self) -> Path:
        """The folder that holds the database, the secret and the lock."""
        return self.at(self.data)

    @property
    def outbox_folder(self) -> Path:
        """Where digests are written when no SMTP host is set."""
        return self.at(self.mail.outbox)

    @property
    def web_url(self) -> str:
        """What links in a digest begin with, without a slash at the end."""
        host = LOOPBACK if self.web.host in _EVERYWHERE else self.web.host
        return (self.web.base_url or f"http://{host}:{self.web.port}").rstrip("/")

    @property
    def status_url(self) -> str:
        """Where the owner's pages are, for a browser on this machine, without a slash; "" where they are left out."""
        return f"http://{LOOPBACK}:{self.web.status_port}" if self.web.status_port else ""

    @property
    def database(self) -> str:
        """The database's URL: the one set, or the SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_folder / 'storywatch.db'}"


def config_path() -> Path:
    """Return the configuration file's path: `$STORYWATCH_CONFIG`, or `storywatch.toml` right here."""
    return Path(os.environ.get(CONFIG_VARIABLE, DEFAULT_CONFIG)).absolute()


def load_settings(**overrides: Any) -> Settings:
    """Read the configuration file, if there is one, and the environment.

    Raises `SettingsError` that names every wrong setting, where it stands, its value and what is allowed; and
    `ConfigurationError` for a file that cannot be read or holds a secret.
    """
    path = config_path()
    if os.environ.get(CONFIG_VARIABLE) and not path.is_file():
        raise ConfigurationError(f"{CONFIG_VARIABLE} names {path}, which is no file: run 'storywatch init'")
    _refuse_secrets_in(path)
    _refuse_unknown_variables()
    try:
        return Settings(**{"folder": path.parent, **overrides})
    except ValidationError as error:
        raise _explained(error, path) from error
    except UnreadError as error:
        raise ConfigurationError(_name_unread(str(error))) from error


def require_redis_url(settings: Settings) -> str:
    """Return the Redis URL, or raise `ConfigurationError` when there is none."""
    if not settings.redis_url:
        raise ConfigurationError("REDIS_URL is not set: use 'storywatch run', which starts its own Redis")
    return settings.redis_url


def _refuse_secrets_in(path: Path) -> None:
    if not path.is_file():
        return
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read as UTF-8 text: {error}") from error
    except (ValueError, RecursionError) as error:  # TOML's own; an integer of more digits than Python reads
        raise ConfigurationError(f"{path}{tell_syntax(error)}") from error
    if found := _secret_in(table):
        raise ConfigurationError(
            f"{path} sets '{found}': secrets come from the environment or a file "
            "(STORYWATCH_MAIL__PASSWORD, mail.password_file, STORYWATCH_SECRET, DATABASE_URL, REDIS_URL)"
        )


def _secret_in(table: Mapping[str, Any], within: str = "") -> str | None:
    """Return the name of the first secret in the table; a URL with a password in it is one."""
    for key, value in table.items():
        name = f"{within}{key}"
        if isinstance(value, dict):
            if found := _secret_in(value, f"{name}."):
                return found
        elif name.lower() in _secrets() or (name.lower() in _URLS and _PASSWORD_IN_URL.search(written(value))):
            return name
    return None


def _secrets(model: type[BaseModel] | None = None, within: str = "") -> Iterator[str]:
    """Yield the names of all settings that are secret."""
    for name, field in (model or Settings).model_fields.items():
        if field.annotation is SecretStr:
            yield f"{within}{name}"
        elif isinstance(field.annotation, type) and issubclass(field.annotation, Table):
            yield from _secrets(field.annotation, f"{within}{name}.")


def _refuse_unknown_variables() -> None:
    """A misspelled variable would otherwise have no effect, and nobody would know."""
    for variable in os.environ:
        setting = variable.upper().removeprefix(PREFIX).partition("__")[0].lower()
        if variable.upper().startswith(PREFIX) and setting not in {"config", *Settings.model_fields}:
            raise ConfigurationError(
                f"environment variable {variable}: there is no setting '{setting}': see 'storywatch init --print'"
            )


def _name_unread(error: str) -> str:
    field = re.search(r'field "(\w+)"', error)
    start = f"{PREFIX}{field[1] if field else ''}".upper()
    names = ", ".join(sorted(variable for variable in os.environ if variable.upper().startswith(start)))
    return f'environment variable {names}: lists and tables are written as JSON, such as \'["a", "b"]\''


def _explained(error: ValidationError, path: Path) -> SettingsError:
    """Every fault at once, with its line in the file; what the environment says is named by its variable."""
    source = path.read_text(encoding="utf-8") if path.is_file() else ""
    faults = tell_faults(error, source, variable=_variable, is_secret=_is_secret, names=_names)
    return SettingsError(path, faults)


def _names(table: Place) -> tuple[str, ...]:
    """The settings that there are in a table; in one of a list, those of each."""
    model: Any = Settings
    for name in (part for part in table if isinstance(part, str)):
        kind = model.model_fields[name].annotation
        model = next((one for one in (kind, *get_args(kind)) if hasattr(one, "model_fields")), None)
        if model is None:
            return ()
    return tuple(model.model_fields)


def _variable(place: Place) -> str | None:
    """The environment variable that gives a setting, if there is one: it counts more than the file."""
    names = {f"{PREFIX}{'__'.join(map(str, place[:length]))}".upper() for length in (1, 2)}
    return next((one for one in os.environ if one.upper() in names and os.environ[one]), None)


def _is_secret(name: str) -> bool:
    holds_one = any(f"{one}.".startswith(f"{name.lower()}.") for one in _secrets())
    return holds_one or bool(re.search(r"password|headers|secret|proxy|database_url|redis_url", name.lower()))
