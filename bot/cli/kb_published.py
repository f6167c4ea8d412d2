"""`kb export`: what was published from chat, as YAML, or put into the files that curators keep."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.cli.kb_files import Pen, all_or_none
from bot.cli.kb_new import as_yaml
from bot.config import Settings
from bot.curating.published import PublishedChanges
from bot.knowledge.checks.remark import FileLines
from bot.knowledge.loader import load
from bot.knowledge.more_phrasings import FILE as MORE_PHRASINGS
from bot.knowledge.overlay import Changes
from bot.storage.store import Store


async def published(settings: Settings) -> Changes:
    """Read what was published from the database of the settings."""
    store = await Store.open(settings.database_url.get_secret_value(), existing=True)
    try:
        return await PublishedChanges(store)()
    finally:
        await store.close()


def as_file(changes: Changes) -> str:
    """Give the changes as a file of entries, the retired ones named in comments."""
    words = {name: change.fields for name, change in changes.by_entry.items() if change.fields}
    retired = [name for name, change in changes.by_entry.items() if not change.fields]
    lines = [f"# retired: {name}. Take it out of its file." for name in retired]
    body = "entries:\n" + "\n".join(as_yaml(dict(fields)) for fields in words.values()) if words else "entries: []\n"
    return "".join(f"{line}\n" for line in lines) + body


def put_into_files(folder: Path, changes: Changes) -> list[str]:
    """Write the changes into the files, where they are part of what everybody can read and compare; tell what was done.

    Comments inside a changed entry are lost, all others stay. The database goes on counting until a file has a later
    `changed_on` or `reviewed_on`, and says the same.

    Raises:
        ConfigError: a file cannot be written.
        KnowledgeError: the files cannot be loaded before or after it. In both cases they are as they were.
    """
    base = load(folder)
    said: list[str] = []
    with all_or_none(folder) as pen:
        for name, change in changes.by_entry.items():
            path = Path(base.files[name]) if name in base.files else _home(folder, change.fields)
            if path is None:
                continue
            text = path.read_text(encoding="utf-8") if path.exists() else None
            pen.write(path, _changed(text or "entries:\n", name, change.fields))
            said.append(f"{path}: {name} {'written' if change.fields else 'taken out'}")
            if not change.fields:
                said += _stop_naming(name, folder, pen)
    return said


def _stop_naming(name: str, folder: Path, pen: Pen) -> Iterator[str]:
    """Take an entry that is gone out of topics.yaml, of what others are related to, and of more-phrasings.yaml."""
    ways = {folder / "topics.yaml": _without_item, folder / MORE_PHRASINGS: _without_list}
    ways |= dict.fromkeys(sorted((folder / "entries").glob("*.yaml")), _unrelated)
    for path, without in ways.items():
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        left = without(text, name)
        if left != text:
            pen.write(path, left)
            yield f"{path}: {name} no longer named"


def _without_item(text: str, name: str) -> str:
    return re.sub(rf"^ *- {re.escape(name)} *\n", "", text, flags=re.M)


def _without_list(text: str, name: str) -> str:
    """Take a list out of more-phrasings.yaml; one in braces stays, and `kb check` names it."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader) if text else None
    if not isinstance(root, yaml.MappingNode) or not root.value:
        return text
    ((phrasings, lists),) = root.value
    if not isinstance(lists, yaml.MappingNode) or lists.flow_style:
        return text
    lines, begins = text.splitlines(keepends=True), {key.value: key.start_mark.line for key, _ in lists.value}
    if name not in begins:
        return text
    first = begins.pop(name)
    if not begins:
        return "".join(lines[: phrasings.start_mark.line]) + "phrasings: {}\n"
    last = min((line for line in begins.values() if line > first), default=len(lines))
    return "".join(lines[:first] + lines[last:])


def _unrelated(text: str, name: str) -> str:
    lines = text.splitlines(keepends=True)
    for (_, field), (first, last) in sorted(FileLines(text).spans.items(), key=lambda item: -item[1][0]):
        if field == "related":
            old = "".join(lines[first : last + 1])
            new = re.sub(
                rf"(?<=\[){re.escape(name)}(?:, *|(?=\]))|, *{re.escape(name)}(?=[,\]])", "", _without_item(old, name)
            )
            lines[first : last + 1] = re.sub(r"^ *related:\n(?! *- )", "", new, flags=re.M).splitlines(keepends=True)
    return "".join(lines)


def _home(folder: Path, fields: Mapping[str, Any] | None) -> Path | None:
    return folder / "entries" / f"{fields['topic']}.yaml" if fields else None


def _changed(text: str, name: str, fields: Mapping[str, Any] | None) -> str:
    """Give the text of a file with an entry put in the place of its old words, at the end, or taken out."""
    lines = text.rstrip().splitlines()
    first, last = FileLines(text).spans.get((name, ""), (len(lines), len(lines)))
    old = list(_without_tail(lines[first:last]))
    new = as_yaml(dict(fields)).splitlines() if fields else []
    gap = [""] if new and not old and len(lines) > 1 else []
    return "\n".join([*lines[:first], *gap, *new, *lines[first + len(old) :]]).rstrip() + "\n"


def _without_tail(lines: list[str]) -> Iterator[str]:
    """Leave out the empty lines and comments that stand before the next entry."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    yield from lines[:end]
