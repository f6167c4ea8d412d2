"""Settings: one frozen object, from a YAML file and then the environment (`HSCTBOT_TELEGRAM__TOKEN`)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, StringConstraints, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)
from rapidfuzz import process

from bot.domain.escalation import Reason
from bot.errors import ConfigError
from bot.safe_yaml import Refused, read

DEFAULT_FILE = Path("config.yaml")
PREFIX = "HSCTBOT_"
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
LARGEST = 256 * 1024  # bytes of the file
Account = Annotated[str, StringConstraints(pattern=r"^(telegram|discord|console):\S+$")]  # PLATFORM:USER
Secret = Annotated[SecretStr | None, BeforeValidator(lambda value: None if value in ("", SecretStr("")) else value)]
Url = Annotated[str, StringConstraints(pattern=r"^(https?|wss?)://\S+$")]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WebhookSettings(_Section):
    """Receiving Telegram's updates by HTTP instead of asking for them."""

    url: Url | None = None
    listen: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8443
    secret_token: Secret = None


class TelegramSettings(_Section):
    """The Telegram side; it starts when `token` is set."""

    token: Secret = None
    api_url: Url = "https://api.telegram.org"
    desk_chat: int | None = None
    ask_chats: tuple[str, ...] = ()
    volunteers: tuple[int, ...] = ()
    leads: tuple[int, ...] = ()
    ephemeral: bool = False
    webhook: WebhookSettings = WebhookSettings()


class DiscordSettings(_Section):
    """The Discord side; it starts when `token` is set."""

    token: Secret = None
    api_url: Url = "https://discord.com/api/v10"
    gateway_url: Url = "wss://gateway.discord.gg/"
    desk_channel: int | None = None
    ask_channels: tuple[int, ...] = ()
    volunteer_roles: tuple[int, ...] = ()
    lead_roles: tuple[int, ...] = ()
    message_content: bool = False
    sharded: bool = False
    shards: Annotated[int, Field(ge=1, le=1000)] = 1


class HealthSettings(_Section):
    """Where `/healthz`, `/readyz` and `/metrics` are asked for; nowhere without a port."""

    listen: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] | None = None


class MatchingSettings(_Section):
    """How questions are matched with answers."""

    encoder: Literal["minilm", "none"] = "minilm"


class LimitSettings(_Section):
    """How much may be asked at once, before the bot asks for a break."""

    per_asker: Annotated[int, Field(ge=1)] = 30
    per_group: Annotated[int, Field(ge=1)] = 200
    minutes: Annotated[int, Field(ge=1, le=1440)] = 10


class CuratingSettings(_Section):
    """How changes to the answers are made in chat."""

    approvals: Annotated[int, Field(ge=1, le=20)] = 2
    same_person: tuple[Annotated[tuple[Account, ...], Field(min_length=2)], ...] = ()


class DeskSettings(_Section):
    """How the volunteers' desk works: whose replies are checked, how long things may wait, how much is too much."""

    check_reasons: tuple[Reason, ...] = (Reason.DISTRESS, Reason.EMERGENCY, Reason.CRISIS)
    page_again_minutes: Annotated[int, Field(ge=1)] = 10
    page_at_most_minutes: Annotated[int, Field(ge=1)] = 60
    leads_after_hours: Annotated[float, Field(gt=0)] = 12.0
    still_waiting_hours: tuple[Annotated[float, Field(gt=0)], ...] = (4.0, 24.0)
    claim_hours: Annotated[float, Field(gt=0)] = 24.0
    claim_urgent_minutes: Annotated[int, Field(ge=1)] = 60
    claim_warning_minutes: Annotated[int, Field(ge=1)] = 60
    load: Annotated[int, Field(ge=1)] = 5


class DigestSettings(_Section):
    """The numbers that leads get every week."""

    weekday: Weekday | Literal["never"] = "monday"
    hour: Annotated[int, Field(ge=0, le=23)] = 8


class LogSettings(_Section):
    """What is logged, and how; never message texts, names or tokens."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "json", "console"] = "auto"


class Settings(BaseSettings):
    """Everything that can be set; `config.example.yaml` explains each."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    database_url: SecretStr = SecretStr("sqlite+aiosqlite:///data/bot.db")
    knowledge: Path = Path("knowledge")
    cache: Path = Path("data/cache")
    retention_days: Annotated[int, Field(ge=1, le=3650)] = 30
    audit_days: Annotated[int, Field(ge=1, le=3650)] = 365
    matching: MatchingSettings = MatchingSettings()
    limits: LimitSettings = LimitSettings()
    digest: DigestSettings = DigestSettings()
    desk: DeskSettings = DeskSettings()
    telegram: TelegramSettings = TelegramSettings()
    discord: DiscordSettings = DiscordSettings()
    health: HealthSettings = HealthSettings()
    curating: CuratingSettings = CuratingSettings()
    log: LogSettings = LogSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over `NAME_FILE` secrets, and those over the YAML file (given as init values)."""
        return (_WithoutFiles(settings_cls), _SecretFiles(settings_cls), init_settings)


class _WithoutFiles(EnvSettingsSource):
    """The environment without the `NAME_FILE` variables."""

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name: value for name, value in super()._load_env_vars().items() if not name.endswith("_file")}


class _SecretFiles(PydanticBaseSettingsSource):
    """Reads `HSCTBOT_TELEGRAM__TOKEN_FILE=/run/secrets/token` as the token itself."""

    def get_field_value(self, field: object, field_name: str) -> tuple[Any, str, bool]:
        return None, field_name, False  # unused: all fields are given at once

    def __call__(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, file in os.environ.items():
            if name.startswith(PREFIX) and name.endswith("_FILE"):
                path = name.removeprefix(PREFIX).removesuffix("_FILE").lower().split("__")
                _put(found, path, _read_secret(name, file))
        return found


def _put(found: dict[str, Any], path: list[str], value: str) -> None:
    for step in path[:-1]:
        inner = found.setdefault(step, {})
        if not isinstance(inner, dict):
            raise ConfigError(f"{PREFIX}{step.upper()}_FILE names a whole section. Name one setting in it.")
        found = inner
    found[path[-1]] = value


def _read_secret(name: str, file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise ConfigError(f"{name} names {file}, which cannot be read ({error}). Check the path.") from None


def load_settings(file: Path | None = None) -> Settings:
    """Read the settings; without a named file the default place is looked at, and may be empty.

    Raises:
        ConfigError: a named file is missing, or a value cannot be used; one line says which and what to do.
    """
    values = _read(file or DEFAULT_FILE, must_exist=file is not None)
    try:
        return _together(Settings(**values), file or DEFAULT_FILE)
    except SettingsError as error:
        raise ConfigError(f"{error}. Lists are written like ['a', 'b'] there, for example [1, 2].") from None
    except ValidationError as error:
        raise ConfigError(
            "\n".join(_problem(dict(detail), file or DEFAULT_FILE) for detail in error.errors())
        ) from None


def _together(settings: Settings, file: Path) -> Settings:
    """Check what is wrong only in combination: a secret made up at the start is known to one process alone."""
    webhook = settings.telegram.webhook
    several = settings.database_url.get_secret_value().startswith("postgresql")
    if several and webhook.url and not webhook.secret_token:
        raise ConfigError(
            f"{file}: `telegram.webhook.secret_token` is needed with a webhook on PostgreSQL, as each of several "
            "processes would make up its own. Put the same long random word into all of them."
        )
    return settings


def _read(file: Path, *, must_exist: bool) -> dict[str, Any]:
    try:
        if file.stat().st_size > LARGEST:
            raise ConfigError(f"{file}: larger than {LARGEST >> 10} KB. Compare it with config.example.yaml.")
        data = read(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if must_exist:
            raise ConfigError(f"{file}: there is no such file. Check the path, or copy config.example.yaml.") from None
        return {}
    except IsADirectoryError:
        raise ConfigError(
            f"{file}: is a folder. A container engine makes one where the file is missing: remove it, and copy "
            "config.example.yaml to its place."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read ({error}). Check the path and its permissions.") from None
    except Refused as error:
        raise ConfigError(f"{file}:{error.line}: {error.problem}.") from None
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{file}:{mark.line + 1}" if mark else str(file)
        raise ConfigError(f"{where}: not valid YAML. Check the indentation and the quotes there.") from None
    if data is not None and not (isinstance(data, dict) and all(isinstance(key, str) for key in data)):
        raise ConfigError(f"{file}: must hold `name: value` lines. Compare it with config.example.yaml.")
    return data or {}


def _problem(detail: dict[str, Any], file: Path) -> str:
    path = ".".join(str(step) for step in detail["loc"])
    if detail["type"] == "extra_forbidden":
        best = process.extractOne(path, all_keys(), score_cutoff=60)
        hint = f"; did you mean `{best[0]}`?" if best else ". See config.example.yaml for the known ones."
        return f"{file}: unknown setting `{path}`{hint}"
    return f"{file}: `{path}`: {detail['msg']}. Mend it there, or in {PREFIX}{path.upper().replace('.', '__')}."


def all_keys(model: type[BaseModel] = Settings, prefix: str = "") -> list[str]:
    """Give the dotted name of every setting."""
    keys: list[str] = []
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            keys += all_keys(inner, f"{prefix}{name}.")
        else:
            keys.append(prefix + name)
    return keys


def addresses_of(settings: Settings) -> list[str]:
    """Give the address of each platform that has a token."""
    both = ((settings.telegram.token, settings.telegram.api_url), (settings.discord.token, settings.discord.api_url))
    return [address for token, address in both if token]


def secrets_of(section: BaseModel) -> list[str]:
    """Give every secret that is set, the longest first; of an address with a password the password as well."""
    found: set[str] = set()
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, BaseModel):
            found |= set(secrets_of(value))
        elif isinstance(value, SecretStr) and value.get_secret_value() != _default_of(section, name):
            secret = value.get_secret_value()
            found |= {secret, *_password_in(secret)}
    return sorted((secret for secret in found if secret), key=len, reverse=True)


def _password_in(secret: str) -> set[str]:
    try:
        password = urlsplit(secret).password
    except ValueError:
        return set()
    return {password, unquote(password)} if password else set()


def _default_of(section: BaseModel, name: str) -> str | None:
    default = type(section).model_fields[name].default
    return default.get_secret_value() if isinstance(default, SecretStr) else None
