"""`hsct-bot`: the commands, each a few lines over the part that does it; `kb` and `db` have modules of their own."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.cli import db, kb
from bot.config import Settings, load_settings
from bot.errors import BotError, ConfigError
from bot.sparing import undecorated

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A support-group bot for HSCT and MS.",
)
app.add_typer(db.app, name="db", help="The database: back it up, restore it, copy it.")
app.add_typer(kb.app, name="kb", help="The knowledge base: check it, try it.")

ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="The settings; default config.yaml, if it is there.")
]
KnowledgeOption = Annotated[Path | None, typer.Option("--knowledge", help="The folder with the answers.")]
SideOption = Annotated[str, typer.Option("--as", help="Who is at the keyboard: member, volunteer, lead, or a name.")]
PlainOption = Annotated[bool, typer.Option("--plain", help="No line editing: for pipes, scripts and screen readers.")]


def settings_from(config: Path | None, knowledge: Path | None = None) -> Settings:
    """Read the settings, with the knowledge folder of the command line if one was given."""
    settings = load_settings(config)
    return settings.model_copy(update={"knowledge": knowledge}) if knowledge else settings


@app.command()
def run(config: ConfigOption = None, side: SideOption = "member", plain: PlainOption = False) -> None:
    """Run every platform that has a token, or the console where none has."""
    gc.disable()  # until the first triage is built: there is no garbage yet, and looking for it takes time
    settings = settings_from(config)
    if settings.telegram.token or settings.discord.token:
        with undecorated():
            import httpx  # noqa: F401  # asks each platform for the time

            from bot.app import run_platforms

        _logging(settings, quiet=False)
        asyncio.run(run_platforms(settings))
    else:
        _console(settings, side, plain=plain)


@app.command()
def console(
    config: ConfigOption = None,
    knowledge: KnowledgeOption = None,
    side: SideOption = "member",
    plain: PlainOption = False,
) -> None:
    """Run the console: a group chat and the volunteers' desk in one terminal."""
    _console(settings_from(config, knowledge), side, plain=plain)


def _console(settings: Settings, words: str, *, plain: bool) -> None:
    gc.disable()  # as in `run`
    with undecorated():
        from bot.adapters.console.sides import Side
        from bot.app import run_console

    _logging(settings, quiet=True)
    asyncio.run(run_console(settings, Side().switched(words), plain=plain or not sys.stdin.isatty()))


def _logging(settings: Settings, *, quiet: bool) -> None:
    from bot.logs import set_up

    set_up(settings, quiet=quiet)


@app.command()
def triage(
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object a line in, one a line out.")] = False,
    knowledge: KnowledgeOption = None,
    config: ConfigOption = None,
) -> None:
    """Decide messages from standard input, by the very code that chats use; no database."""
    if not jsonl:
        raise ConfigError("Say --jsonl: one JSON object a line is the only form there is.")
    from bot.cli.triage import run_jsonl

    settings = settings_from(config, knowledge)
    if not run_jsonl(settings, sys.stdin.buffer, sys.stdout):
        raise typer.Exit(1)


@app.command()
def digest(
    days: Annotated[int, typer.Option("--days", min=1, max=90, help="How many days back.")] = 7,
    csv: Annotated[bool, typer.Option("--csv", help="As a table, for a spreadsheet.")] = False,
    config: ConfigOption = None,
) -> None:
    """Print the numbers of the last days: no words and no names."""
    from bot.cli.digest import digest_text
    from bot.knowledge.loader import load

    settings = settings_from(config)
    typer.echo(asyncio.run(digest_text(settings, load(settings.knowledge), days, csv=csv)))


@app.command()
def doctor(
    config: ConfigOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """Check settings, knowledge, database, disk, clock, permissions and platforms, and say what to do."""
    from bot.doctor import examine_all

    findings = asyncio.run(examine_all(config))
    if as_json:
        checks = [{"check": finding.what, "good": finding.good, "says": finding.says} for finding in findings]
        typer.echo(json.dumps({"good": all(finding.good for finding in findings), "checks": checks}, indent=2))
    for finding in () if as_json else findings:
        typer.echo(f"{'ok     ' if finding.good else 'PROBLEM'} {finding.what}: {finding.says}")
    raise typer.Exit(0 if all(finding.good for finding in findings) else 1)


PersonArgument = Annotated[str, typer.Argument(help="The account, as platform:user, for example telegram:123456.")]


@app.command()
def export(person: PersonArgument, config: ConfigOption = None) -> None:
    """Print everything that is kept about a person, as JSON."""
    from bot.cli.person import export_person

    data = asyncio.run(export_person(settings_from(config), person))
    typer.echo(json.dumps(data, indent=2, default=str, ensure_ascii=False))


@app.command()
def forget(person: PersonArgument, config: ConfigOption = None) -> None:
    """Delete a person from every table, and their questions from the desks once the bot runs."""
    from bot.cli.person import forget_person

    asyncio.run(forget_person(settings_from(config), person))
    typer.echo(f"Deleted all that was kept about {person}.")


def _fail(*errors: Exception) -> NoReturn:
    for error in errors:
        typer.echo(str(error), err=True)
    sys.exit(1)


def main() -> NoReturn:
    """Run a command; a mistake of the user is one line on standard error, never a traceback."""
    try:
        app(standalone_mode=True)
    except BotError as error:
        _fail(error)
    except ExceptionGroup as group:
        ours, others = group.split(BotError)
        if ours is None or others is not None:
            raise
        _fail(*ours.exceptions)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(0)
