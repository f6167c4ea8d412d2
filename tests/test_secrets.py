"""No secret is shown by anything that holds one: each of the settings, and whatever they are handed to."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, SecretStr
from sqlalchemy import make_url

from bot.adapters.telegram.webhook import Webhook
from bot.app import _platforms, application
from bot.config import Settings, secrets_of
from bot.logs import Masked
from bot.running import App
from bot.storage.postgres import postgres_engine
from bot.triage.triage import Triage
from tests.world import ROOT

SENTINEL = "s3ntinel"
SOUNDS_SECRET = re.compile(r"token|secret|password|passphrase|api_?key|credential|database_url")


def secret_names(model: type[BaseModel] = Settings, prefix: str = "") -> Iterator[tuple[str, bool]]:
    """Each setting that is a secret, or sounds like one, by its dotted name; whether it is masked."""
    for name, field in model.model_fields.items():
        kinds = (field.annotation, *get_args(field.annotation))
        inner = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
        for kind in inner:
            yield from secret_names(kind, f"{prefix}{name}.")
        if not inner and (SecretStr in kinds or SOUNDS_SECRET.search(name)):
            yield f"{prefix}{name}", SecretStr in kinds


NAMES = dict(secret_names())


def filled(**more: Any) -> Settings:  # noqa: ANN401
    """Settings with a secret of its own in each place that can hold one."""
    values: dict[str, Any] = {"knowledge": ROOT / "knowledge", **more}
    for name in NAMES:
        *sections, last = name.split(".")
        place = values
        for section in sections:
            place = place.setdefault(section, {})
        place.setdefault(last, f"{SENTINEL}-{name}")
    return Settings.model_validate(values)


def sections(section: BaseModel) -> Iterator[BaseModel]:
    yield section
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, BaseModel):
            yield from sections(value)


def test_whatever_sounds_like_a_secret_is_kept_as_one() -> None:
    assert {"telegram.token", "telegram.webhook.secret_token", "discord.token", "database_url"} <= set(NAMES)
    assert all(NAMES.values()), [name for name, masked in NAMES.items() if not masked]


def test_no_section_of_the_settings_shows_one() -> None:
    settings = filled()
    for section in sections(settings):
        shown = (repr(section), str(section), f"{section}", section.model_dump_json(), str(section.model_dump()))
        assert SENTINEL not in "".join(shown), type(section).__name__


def test_every_one_is_known_to_what_masks_the_log() -> None:
    settings = filled()
    assert {f"{SENTINEL}-{name}" for name in NAMES} <= set(secrets_of(settings))
    masked = Masked(lambda _logger, _method, event: str(event), secrets_of(settings))
    line = masked(None, "info", {"event": "; ".join(f"{SENTINEL}-{name}" for name in NAMES)})
    assert SENTINEL not in line


def test_a_wrong_setting_is_refused_without_the_secrets_beside_it() -> None:
    with pytest.raises(ValueError, match="desk_chat") as refused:
        Settings.model_validate({"telegram": {"token": SENTINEL, "desk_chat": "abc"}})
    assert SENTINEL not in str(refused.value)


def test_the_database_is_shown_without_its_password() -> None:
    engine = postgres_engine(make_url(f"postgresql+asyncpg://bot:{SENTINEL}@host/bot"))
    assert SENTINEL not in repr(engine) + str(engine.url)


@pytest.fixture
async def app(triage: Triage, tmp_path: Path) -> AsyncIterator[App]:
    settings = filled(database_url=f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}")
    async with application(settings, triage=triage) as made:
        made.adapters.extend(_platforms(made))
        for adapter in made.adapters:
            if adapter.platform == "discord":
                adapter.client_for(made.intake.accept)  # type: ignore[attr-defined]
        yield made


def parts_of(thing: object) -> Iterator[object]:
    """What an object of ours holds."""
    if isinstance(thing, Mapping):
        yield from thing.values()
    elif isinstance(thing, list | tuple | set | frozenset):
        yield from thing
    elif _is_ours(thing):
        yield from getattr(thing, "__dict__", {}).values()
        for kind in type(thing).__mro__:
            for name in getattr(kind, "__slots__", ()):
                if hasattr(thing, name):
                    yield getattr(thing, name)


def _is_ours(thing: object) -> bool:
    return type(thing).__module__.startswith("bot.")


def all_of(root: object) -> list[object]:
    """Every object of ours that can be reached, and what they hold."""
    found: dict[int, object] = {}
    waiting = [root]
    while waiting:
        thing = waiting.pop()
        if id(thing) in found or isinstance(thing, str | bytes | int | float | type):
            continue
        found[id(thing)] = thing
        waiting += parts_of(thing)
    return list(found.values())


async def test_nothing_that_is_wired_shows_one(app: App) -> None:
    things = [thing for thing in all_of(app) if _is_ours(thing)]
    kinds = {type(thing).__name__ for thing in things}
    assert {"App", "Settings", "TelegramAdapter", "DiscordAdapter", "Store", "Outbox", "Sender"} <= kinds
    showing = {type(thing).__name__ for thing in things if SENTINEL in repr(thing) + str(thing)}
    assert showing == set()


async def test_the_webhook_shows_none(app: App) -> None:
    webhook = Webhook(None, None, app.settings.telegram.webhook)  # type: ignore[arg-type]
    assert SENTINEL in webhook._secret
    assert SENTINEL not in repr(webhook) + repr(app.settings.telegram.webhook)
