"""`export` and `forget`: what an operator does when somebody asks them."""

from __future__ import annotations

from typing import Any

from bot.config import Settings
from bot.domain.people import Person, PersonId
from bot.errors import ConfigError
from bot.privacy import Privacy
from bot.storage.store import Store, Transaction


async def export_person(settings: Settings, account: str) -> dict[str, list[dict[str, Any]]]:
    """Give everything kept about an account (`platform:user`)."""
    store = await Store.open(settings.database_url.get_secret_value())
    try:
        async with store.transaction() as tx:
            person = await _find(tx, account)
            return await Privacy(settings.retention_days).export(tx, person.number)
    finally:
        await store.close()


async def forget_person(settings: Settings, account: str) -> None:
    """Delete an account (`platform:user`) from every table."""
    store = await Store.open(settings.database_url.get_secret_value())
    try:
        async with store.transaction() as tx:
            person = await _find(tx, account)
            await Privacy(settings.retention_days).forget(tx, person.number)
    finally:
        await store.close()


async def _find(tx: Transaction, account: str) -> Person:
    platform, _, user = account.partition(":")
    if not (platform and user):
        raise ConfigError(f"'{account}' is no account. Write it as platform:user, for example telegram:123456.")
    person = await tx.people.find(PersonId(platform, user))
    if person is None:
        raise ConfigError(f"Nothing is kept about {account}. Check the platform and the id.")
    return person
