"""`export` and `forget`: what an operator does when somebody asks them."""

from __future__ import annotations

from typing import Any

from bot.app import application
from bot.config import Settings
from bot.domain.people import Person, PersonId
from bot.errors import ConfigError
from bot.storage.store import Store, Transaction
from bot.triage.triage import Triage


async def export_person(settings: Settings, account: str) -> dict[str, list[dict[str, Any]]]:
    """Give everything kept about an account (`platform:user`)."""
    store = await Store.open(settings.database_url.get_secret_value(), existing=True)
    try:
        async with store.transaction() as tx:
            person = await _find(tx, account)
            return await tx.personal.export(person.number)
    finally:
        await store.close()


async def forget_person(settings: Settings, account: str, triage: Triage | None = None) -> None:
    """Delete an account (`platform:user`) from every table, as /forgetme does.

    What follows at the desks is stored as messages, for the bot that runs, or will run, to send.
    """
    await export_person(settings, account)  # it takes seconds to build the application: not for an account nobody knows
    async with application(settings, triage=triage) as app, app.store.transaction() as tx:
        person = await _find(tx, account)
        forgotten = await app.privacy.forget(tx, person.number)
        left = (forgotten.threads, forgotten.handed_back, forgotten.private)
        now = app.clock()
        for message in await app.desk.forgotten(tx, *left, now):
            await tx.outbox.add(message, now)


async def _find(tx: Transaction, account: str) -> Person:
    platform, _, user = account.partition(":")
    if not (platform and user):
        raise ConfigError(f"'{account}' is no account. Write it as platform:user, for example telegram:123456.")
    person = await tx.people.find(PersonId(platform, user))
    if person is None:
        raise ConfigError(f"Nothing is kept about {account}. Check the platform and the id.")
    return person
