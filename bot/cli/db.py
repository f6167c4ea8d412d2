"""`db upgrade, backup, restore, copy`: what an operator does with the database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.config import load_settings

if TYPE_CHECKING:  # the database's library takes as long to import as all else of a command
    from bot.storage.copy import Counts
    from bot.storage.store import Store

app = typer.Typer(no_args_is_help=True)

ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="The settings; default config.yaml, if it is there.")
]
FileArgument = Annotated[Path, typer.Argument(help="The backup: a SQLite file, whatever the database is.")]


@asynccontextmanager
async def _opened(database_url: str, *, existing: bool = False, as_it_is: bool = False) -> AsyncIterator[Store]:
    from bot.storage.store import Store

    store = await Store.open(database_url, existing=existing, as_it_is=as_it_is)
    try:
        yield store
    finally:
        await store.close()


def _url(config: Path | None) -> str:
    return load_settings(config).database_url.get_secret_value()


def _say(what: str, counts: Counts) -> None:
    typer.echo(f"{what}: {sum(counts.values())} rows ({', '.join(f'{n} {name}' for name, n in counts.items() if n)}).")


@app.command()
def upgrade(config: ConfigOption = None) -> None:
    """Bring the tables up to date; `run` does so as well when it starts."""

    async def work() -> None:
        async with _opened(_url(config)):
            typer.echo("The tables are up to date.")

    asyncio.run(work())


@app.command()
def backup(file: FileArgument, config: ConfigOption = None) -> None:
    """Write a backup, while the bot runs or not. It holds people's words: keep it like the database."""
    from bot.storage import copy

    async def work() -> None:
        async with _opened(_url(config), as_it_is=True) as store:
            _say(f"Saved in {file}", await copy.backup(store, file))

    asyncio.run(work())


@app.command()
def restore(file: FileArgument, config: ConfigOption = None) -> None:
    """Fill the database of the settings, which has to be empty, from a backup."""
    from bot.storage import copy

    async def work() -> None:
        async with _opened(_url(config)) as store:
            _say("Restored", await copy.restore(file, store))

    asyncio.run(work())


TargetArgument = Annotated[
    str,
    typer.Argument(
        envvar="HSCTBOT_COPY_TO", help="The other `database_url`; in HSCTBOT_COPY_TO no list of processes shows it."
    ),
]


@app.command()
def copy(target: TargetArgument, config: ConfigOption = None) -> None:
    """Copy everything into another, empty database, for example from SQLite to PostgreSQL. Stop the bot first."""
    from bot.storage.copy import copy as copy_all

    async def work() -> None:
        async with _opened(_url(config), existing=True) as source, _opened(target) as new:
            _say("Copied and counted", await copy_all(source, new))

    asyncio.run(work())
