"""`hsct-bot kb …`: what curators use. Each command is one line here; what it does stands in a module of its own."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.config import Settings, load_settings
from bot.errors import ConfigError
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.entry import Entry
from bot.knowledge.loader import load

app = typer.Typer(no_args_is_help=True)
MOST_DAYS = 36_500  # a century: more than a calendar holds ends in a fault
FolderOption = Annotated[Path | None, typer.Option("--knowledge", help="The folder with the answers.")]
ConfigOption = Annotated[Path | None, typer.Option("--config", help="The settings; default config.yaml.")]
PublishedOption = Annotated[bool, typer.Option("--published", help="With what was published from chat over the files.")]
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The entry's id, for example cost-mexico.")]


def _settings(knowledge: Path | None, config: Path | None) -> Settings:
    settings = load_settings(config)
    return settings.model_copy(update={"knowledge": knowledge}) if knowledge else settings


def _load(knowledge: Path | None, config: Path | None, *, published: bool = False) -> KnowledgeBase:
    settings = _settings(knowledge, config)
    base = load(settings.knowledge)
    if not published:
        return base
    from bot.cli import kb_published
    from bot.knowledge.overlay import laid_over

    return laid_over(base, asyncio.run(kb_published.published(settings)))


def _today() -> date:
    return datetime.now(UTC).date()


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)


@app.command("check")
def check_command(
    knowledge: FolderOption = None,
    config: ConfigOption = None,
    fix: Annotated[bool, typer.Option("--fix", help="First mend what can be mended without thinking.")] = False,
    lost: Annotated[bool, typer.Option("--lost", help="List each phrasing that finds another entry.")] = False,
) -> None:
    """Check every answer; each remark says where and what to do."""
    from bot.cli.kb_check import full_check, mend
    from bot.knowledge.worker import collector_held

    settings = _settings(knowledge, config)
    if fix:
        _say(mend(settings.knowledge))
    with collector_held():
        report = full_check(load(settings.knowledge), _today(), settings.cache)
    _say(report.lines(lost=lost))
    if report.remarks:
        raise typer.Exit(1)


@app.command("try")
def try_command(text: str, knowledge: FolderOption = None, config: ConfigOption = None) -> None:
    """Show what the bot would make of a message: candidates, confidence, what lost and by how much."""
    from bot.app import build_triage
    from bot.cli.explain import explain

    settings = _settings(knowledge, config)
    triage = build_triage(load(settings.knowledge), settings.cache, settings.matching.encoder)
    _say(explain(triage, text))


@app.command("new")
def new_command(knowledge: FolderOption = None, config: ConfigOption = None) -> None:
    """Write a new entry, question by question; it is checked before it is saved."""
    from bot.cli.kb_new import ask_and_add

    named = (("--knowledge", knowledge), ("--config", config))
    again = "".join(f" {option} {shlex.quote(str(path))}" for option, path in named if path)
    ask_and_add(_settings(knowledge, config).knowledge, _today(), typer.prompt, typer.echo, again)


@app.command("preview")
def preview_command(
    entry_id: IdArgument,
    platform: Annotated[str, typer.Option("--as", help="telegram, discord or console.")] = "console",
    country: Annotated[str | None, typer.Option("--country", help="As somebody from there sees it.")] = None,
    published: PublishedOption = False,
    knowledge: FolderOption = None,
    config: ConfigOption = None,
) -> None:
    """Show an entry as a member will see it: the first answer, then what More shows."""
    from bot.cli.kb_preview import preview

    base = _load(knowledge, config, published=published)
    _say(preview(base, _entry(base, entry_id), platform, country, _today()))


@app.command("test")
def run_test_questions(
    everything: Annotated[bool, typer.Option("--all", help="List every pair, not the most frequent alone.")] = False,
    knowledge: FolderOption = None,
    config: ConfigOption = None,
) -> None:
    """Ask every test question, and list what was taken for what."""
    from bot.cli.kb_test import run_questions

    settings = _settings(knowledge, config)
    _say(run_questions(load(settings.knowledge), settings, everything=everything))


@app.command("due")
def due_command(
    days: Annotated[int, typer.Option("--days", min=0, max=MOST_DAYS, help="How many days to look ahead.")] = 31,
    published: PublishedOption = False,
    knowledge: FolderOption = None,
    config: ConfigOption = None,
) -> None:
    """List what to review this month, help lines and safety texts too, the most urgent first."""
    from bot.cli.kb_due import due

    _say(due(_load(knowledge, config, published=published), _today(), days))


@app.command("gaps")
def gaps_command(
    days: Annotated[int, typer.Option("--days", min=0, max=MOST_DAYS, help="How many days to look back.")] = 90,
    knowledge: FolderOption = None,
    config: ConfigOption = None,
) -> None:
    """Count what the bot could not answer, by the entry that came nearest; never shows anybody's words."""
    from bot.cli.kb_gaps import gaps

    settings = _settings(knowledge, config)
    _say(asyncio.run(gaps(settings, load(settings.knowledge), _today() - timedelta(days))))


@app.command("export")
def export_command(
    html: Annotated[bool, typer.Option("--html", help="As one page to read, print and review.")] = False,
    into_files: Annotated[bool, typer.Option("--into-files", help="Put what was published into the files.")] = False,
    to: Annotated[Path | None, typer.Option("--to", help="The file to write; default: the terminal.")] = None,
    published: PublishedOption = False,
    knowledge: FolderOption = None,
    config: ConfigOption = None,
) -> None:
    """Give what was published from chat as YAML, put it into the files, or give the whole base as one page."""
    from bot.cli import kb_published
    from bot.cli.kb_export import page

    if into_files and (html or to):
        other = "--html" if html else "--to"
        says = "it changes the files of the knowledge, and gives nothing else. Leave one of them out."
        raise ConfigError(f"--into-files and {other} do not go together: {says}")
    settings = _settings(knowledge, config)
    if html:
        _out(page(_load(knowledge, config, published=published), _today()), to)
        return
    changes = asyncio.run(kb_published.published(settings))
    if into_files:
        _say(kb_published.put_into_files(settings.knowledge, changes) or ["Nothing has been published from chat."])
    else:
        _out(kb_published.as_file(changes), to)


def _out(text: str, to: Path | None) -> None:
    if to is None:
        typer.echo(text, nl=False)
        return
    try:
        to.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{to} cannot be written ({error.strerror}). Name another file with --to.") from None
    typer.echo(f"Written: {to}")


def _entry(base: KnowledgeBase, entry_id: str) -> Entry:
    from rapidfuzz import process

    if entry_id in base.entries:
        return base.entries[entry_id]
    near = [name for name, _, _ in process.extract(entry_id, list(base.entries), limit=3, score_cutoff=50)]
    hint = f"Did you mean {' or '.join(near)}?" if near else "See `hsct-bot kb export --html` for all of them."
    raise ConfigError(f"There is no entry '{entry_id}'. {hint}")
