"""`kb new`: a new entry, question by question; every answer is checked at once, the whole before it is saved."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import yaml

from bot.cli.kb_files import Pen, all_or_none
from bot.curating.fields import Unusable, address, at_most, countries, new_id, one_of, read_on, words, year, yes
from bot.errors import BotError, ConfigError
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks import check
from bot.knowledge.checks.form import LABEL_LIMIT
from bot.knowledge.checks.phrasings import FEWEST_PHRASINGS
from bot.knowledge.entry import EDITORS
from bot.knowledge.loader import load
from bot.knowledge.schema import FULL_LIMIT, SHORT_LIMIT, EntryForm

Ask = Callable[[str], str]
Say = Callable[[str], None]
Value = TypeVar("Value")


def ask_and_add(folder: Path, today: date, prompt: Callable[..., Any], say: Say, again: str = "") -> None:
    """Ask for every part of an entry, show what the checks say, and save it if the curator wants that.

    `again` are the options that the next commands need as well.

    Raises:
        ConfigError: it cannot be saved; then it is shown as it would stand in the file.
    """
    base = load(folder)
    say("A new entry. Leave a line empty to end a list. Nothing is saved before the end; Ctrl+C stops.")
    entry = _asked(base, today, lambda text: str(prompt(text, default="", show_default=False)), say)
    path = folder / "entries" / f"{entry['topic']}.yaml"
    try:
        saved = _checked_and_saved(entry, path, folder, today, prompt, say)
    except (OSError, BotError) as error:
        say(as_yaml(entry))
        raise ConfigError(f"Not saved. Keep the entry above: it belongs at the end of {path}. {error}") from None
    if not saved:
        say("Nothing was saved.")
        return
    say(f"Saved in {path}.")
    say(f"See it: hsct-bot kb preview {entry['id']}{again}")
    say(f"Check all: hsct-bot kb check{again}")


def _checked_and_saved(
    entry: dict[str, Any], path: Path, folder: Path, today: date, prompt: Callable[..., Any], say: Say
) -> bool:
    remarks = _remarks_with(entry, path, folder, today)
    for remark in remarks:
        say(remark)
    usual = "no" if remarks else "yes"
    asks = f"{len(remarks)} remarks. Keep the new entry? (yes or no; {usual} if you just press Enter)"
    if str(prompt(asks, default=usual, show_default=False)).strip().casefold() not in {"y", "yes"}:
        return False
    with all_or_none(folder) as pen:
        _append(path, entry, pen)
    return True


def as_yaml(entry: dict[str, Any]) -> str:
    """Give an entry as it stands in a file, one list item, its parts in their usual order."""
    entry = {name: entry[name] for name in EntryForm.model_fields if name in entry}
    days: dict[str, Any] = {
        name: date.fromisoformat(str(entry[name]))
        for name in ("changed_on", "reviewed_on", "review_after")
        if name in entry
    }
    folded: dict[str, Any] = {name: _Folded(entry[name]) for name in ("short", "full") if name in entry}
    if parts := entry.get("by_country"):
        folded["by_country"] = {country: _Folded(part) for country, part in parts.items()}
    text = yaml.dump([{**entry, **days, **folded}], Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return "".join(f"  {line}\n" if line else "\n" for line in text.splitlines())


class _Folded(str):
    """A text that goes over several lines; all others, such as a phrasing or an address, keep to one each."""


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)

    def write_plain(self, text: str, split: bool = True) -> None:
        super().write_plain(text, split=False)

    def write_single_quoted(self, text: str, split: bool = True) -> None:
        super().write_single_quoted(text, split=False)

    def write_double_quoted(self, text: str, split: bool = True) -> None:
        super().write_double_quoted(text, split=False)


def _block(dumper: yaml.SafeDumper, text: _Folded) -> yaml.ScalarNode:
    style = "|" if "\n" in text else ">" if len(text) > LABEL_LIMIT else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style=style)


_Dumper.add_representer(_Folded, _block)


def _remarks_with(entry: dict[str, Any], path: Path, folder: Path, today: date) -> list[str]:
    """Check the entry in a copy of the folder: a bot that runs shows what is in its own within two seconds."""
    with TemporaryDirectory() as place:
        copy = Path(shutil.copytree(folder, Path(place) / folder.resolve().name))
        _append(copy / path.relative_to(folder), entry, Pen())
        remarks = [str(remark) for remark in check(load(copy), today) if remark.remark.entry == entry["id"]]
        return [remark.replace(str(copy), str(folder)) for remark in remarks]


def _append(path: Path, entry: dict[str, Any], pen: Pen) -> None:
    before = path.read_text(encoding="utf-8") if path.exists() else None
    text = f"{before.rstrip()}\n\n{as_yaml(entry)}" if before else f"entries:\n{as_yaml(entry)}"
    pen.write(path, text)


def _asked(base: KnowledgeBase, today: date, ask: Ask, say: Say) -> dict[str, Any]:
    again = _Again(ask, say)
    topics = ", ".join(topic.id for topic in base.topics)
    entry: dict[str, Any] = {
        "id": again("Short name (small letters, digits, hyphens)", lambda text: new_id(text, base)),
        "topic": again(f"Topic, one of: {topics}", lambda text: one_of(text, [topic.id for topic in base.topics])),
        "question": again("The question, as it stands on a button", lambda text: at_most(text, LABEL_LIMIT)),
        "phrasings": again.list("Another way to ask it, as a member would type it", FEWEST_PHRASINGS),
        "keywords": again("Keywords, with commas between (may be empty)", words),
        "short": again(f"The short answer, at most {SHORT_LIMIT} characters", lambda text: at_most(text, SHORT_LIMIT)),
        "full": again.text("The full answer, line by line", FULL_LIMIT),
        "sources": list(_sources(again)),
        "countries": again("Countries it is about (may be empty)", countries),
        "related": again("Related entries' short names (may be empty)", lambda text: _related(text, base)),
        "volatile": again("About prices or trials that change? (yes or no)", yes),
    }
    return read_on({key: value for key, value in entry.items() if value not in ([], False, "")}, today, EDITORS)


class _Again:
    """Asks until the answer can be used."""

    def __init__(self, ask: Ask, say: Say) -> None:
        self._ask = ask
        self._say = say

    def __call__(self, question: str, use: Callable[[str], Value]) -> Value:
        while True:
            try:
                return use(self._ask(question).strip())
            except Unusable as problem:
                self._say(f"  {problem}")

    def list(self, question: str, fewest: int) -> list[str]:
        """Ask for lines until an empty one; some are needed."""
        lines: list[str] = []
        while True:
            line = self._ask(f"{question} ({len(lines) + 1})").strip()
            if line and line.casefold() not in {other.casefold() for other in lines}:
                lines.append(line)
            elif line:
                self._say("  That one is there already.")
            elif len(lines) >= fewest:
                return lines
            else:
                self._say(f"  {fewest - len(lines)} more are needed, in other people's words.")

    def text(self, question: str, limit: int) -> str:
        """Ask for the lines of a text; an empty line begins a paragraph, a line with a full stop alone ends it."""
        self._say(f"{question}. Empty line: new paragraph. A list line begins with - . A line with only . ends it.")
        while True:
            lines: list[str] = []
            while (line := self._ask("|")).strip() != ".":
                lines.append(line.strip())
            text = "\n".join(lines).strip()
            if 0 < len(text) <= limit:
                return text + "\n"
            self._say(f"  It has {len(text)} characters; 1 to {limit} are possible. Write it again.")


def _related(text: str, base: KnowledgeBase) -> list[str]:
    return [one_of(name, sorted(base.entries)) for name in words(text)]


def _sources(again: _Again) -> Iterator[dict[str, Any]]:
    number = 1
    while True:
        name = again(f"Source {number}: its name" + (" (empty: no more)" if number > 1 else ""), str)
        if not name and number > 1:
            return
        if not name:
            continue
        yield {"name": name, "year": again("Its year", year), **again("Its address (https://... or a DOI)", address)}
        number += 1
