"""YAML files -> KnowledgeBase; every mistake names file, line, entry and what to do.

Each file is read by itself (`read_part`), so that a live reload reads only those that have changed; `assemble` puts
them together and finds what is wrong between them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.errors import KnowledgeError
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.eligibility import Eligibility
from bot.knowledge.eligibility_form import EligibilityFile
from bot.knowledge.entry import Entry
from bot.knowledge.examples import ExamplesFile, examples_of
from bot.knowledge.mistakes import in_words, without_echoes
from bot.knowledge.more_phrasings import FILE as MORE_PHRASINGS
from bot.knowledge.more_phrasings import MorePhrasingsFile
from bot.knowledge.pictures import NAMES, PicturesFile, file_of
from bot.knowledge.safety import Safety, parse_safety
from bot.knowledge.schema import EntriesFile, StagesFile, SynonymsFile, TopicsFile
from bot.knowledge.yaml_lines import line_of, parse_yaml, read_bytes

Content = TypeVar("Content")
_FIELD = re.compile(r"`(\w+)`")

REQUIRED = ("topics.yaml", "stages.yaml", "synonyms.yaml", "safety.yaml")
PICTURES = tuple(file_of(name) for name in NAMES)  # known by their hash alone
OPTIONAL = ("eligibility.yaml", "examples.yaml", MORE_PHRASINGS, "pictures/alt.yaml", *PICTURES)
FORMS: Mapping[str, type[BaseModel]] = {
    "topics.yaml": TopicsFile,
    "stages.yaml": StagesFile,
    "synonyms.yaml": SynonymsFile,
    "eligibility.yaml": EligibilityFile,
    "examples.yaml": ExamplesFile,
    MORE_PHRASINGS: MorePhrasingsFile,
    "pictures/alt.yaml": PicturesFile,
}


@dataclass(frozen=True, slots=True)
class Part:
    """What one file says, or what is wrong with it; `digest` is a hash of its bytes."""

    name: str
    digest: bytes
    content: object = None
    problems: tuple[str, ...] = ()


def load(folder: Path) -> KnowledgeBase:
    """Load a knowledge folder whole.

    Raises:
        KnowledgeError: with every problem found, one line each.
    """
    return assemble(folder, [read_part(folder, name) for name in files_of(folder)])


def files_of(folder: Path) -> list[str]:
    """Give the names of the files that a knowledge folder is made of, the optional ones if they are there.

    Raises:
        KnowledgeError: there is no such folder.
    """
    if not folder.is_dir():
        raise KnowledgeError([f"{folder}: there is no such folder. Set `knowledge` to the folder with the answers."])
    entries = sorted(f"entries/{path.name}" for path in (folder / "entries").glob("*.yaml"))
    optional = [name for name in OPTIONAL if (folder / name).exists()]
    return [*REQUIRED, *optional, *(name for name in entries if not name.startswith("entries/."))]


def version_of(digests: Mapping[str, bytes]) -> str:
    """Give a hash of files, by which a change is known, from the hash of each by its name."""
    whole = hashlib.sha256()
    for name, digest in sorted(digests.items()):
        whole.update(name.encode() + b"\0" + digest)
    return whole.hexdigest()[:16]


def digest_of(content: bytes) -> bytes:
    """Give the hash of a file's bytes."""
    return hashlib.sha256(content).digest()


def read_part(folder: Path, name: str) -> Part:
    """Read one file; mistakes are part of the result. One that cannot be read counts as empty."""
    content = b""
    try:
        content = read_bytes(folder / name, str(folder / name))
        read = None if name in PICTURES else _content(name, content, str(folder / name))
        return Part(name, digest_of(content), read)
    except KnowledgeError as error:
        return Part(name, digest_of(content), problems=error.problems)


def assemble(folder: Path, parts: Sequence[Part]) -> KnowledgeBase:
    """Put the files of a folder together.

    Raises:
        KnowledgeError: with every problem found in them and between them, one line each.
    """
    by_name = {part.name: part for part in parts}
    problems = [problem for part in parts for problem in part.problems]
    topics, stages = _of(by_name, "topics.yaml", TopicsFile), _of(by_name, "stages.yaml", StagesFile)
    synonyms, safety = _of(by_name, "synonyms.yaml", SynonymsFile), _of(by_name, "safety.yaml", Safety)
    eligibility = _of(by_name, "eligibility.yaml", EligibilityFile)
    pictures, examples = _of(by_name, "pictures/alt.yaml", PicturesFile), _of(by_name, "examples.yaml", ExamplesFile)
    if examples and safety:
        path = folder / "examples.yaml"
        problems += [f"{_place(path, 'examples', name)}: {says}" for name, says in examples.problems(safety)]
    entries, places = _entries(folder, parts, problems)
    more = _of(by_name, MORE_PHRASINGS, MorePhrasingsFile) or MorePhrasingsFile(phrasings={})
    of_no_entry, entries = more.of_no_entry(entries), more.added_to(entries)
    if not entries and not problems:
        problems.append(f"{folder}/entries: no entry in it. Put at least one entry into entries/*.yaml.")
    if problems or topics is None or stages is None or synonyms is None or safety is None:
        raise KnowledgeError(problems)
    steps = tuple(form.to_stage() for form in stages.stages)
    digests = {part.name: part.digest for part in parts}
    return KnowledgeBase(
        entries=entries,
        topics=tuple(form.to_topic() for form in topics.topics),
        stages=steps,
        stages_read=stages.review.to_reading() if stages.review else None,
        synonyms=synonyms.to_synonyms(),
        safety=safety,
        pictures=pictures.to_pictures(folder, steps, digests) if pictures else {},
        examples=examples_of(safety, examples.examples) if examples else {},
        eligibility=eligibility.to_table() if eligibility else Eligibility(),
        version=version_of(digests),
        files=places,
        of_no_entry=of_no_entry,
    )


def _of(parts: Mapping[str, Part], name: str, kind: type[Content]) -> Content | None:
    content = parts[name].content if name in parts else None
    return content if isinstance(content, kind) else None


def _content(name: str, content: bytes, where: str) -> object:
    """Give what a file says: entries as the bot uses them, the others in the form of their file."""
    text, data = parse_yaml(content, where)
    if name == "safety.yaml":
        return parse_safety(data, where, text)
    form = FORMS.get(name, EntriesFile)
    try:
        parsed = form.model_validate(data)
    except ValidationError as error:
        details = without_echoes(error.errors(), form)
        raise KnowledgeError([_problem(where, text, data, detail, form) for detail in details]) from None
    return tuple(one.to_entry() for one in parsed.entries) if isinstance(parsed, EntriesFile) else parsed


def _entries(folder: Path, parts: Sequence[Part], problems: list[str]) -> tuple[dict[str, Entry], dict[str, str]]:
    entries: dict[str, Entry] = {}
    places: dict[str, tuple[Path, int]] = {}
    for part in parts:
        path = folder / part.name
        for number, entry in enumerate(part.content if isinstance(part.content, tuple) else ()):
            if entry.id in entries:
                here, there = (_place(one, "entries", at, "id") for one, at in ((path, number), places[entry.id]))
                problems.append(f"{here}: entry '{entry.id}' stands already in {there}. Rename one of them.")
                continue
            entries[entry.id] = entry
            places[entry.id] = (path, number)
    return dict(sorted(entries.items())), {name: str(path) for name, (path, _) in places.items()}


def _place(path: Path, *steps: str | int) -> str:
    """Give file and line of something in a file that was read before; the first line if it is gone meanwhile."""
    try:
        return f"{path}:{line_of(path.read_text(encoding='utf-8'), steps)}"
    except (OSError, ValueError):
        return f"{path}:1"


# What the items of a list are called in messages to curators.
_CALLED = {"entries": "entry", "topics": "topic", "stages": "stage", "programmes": "programme"}


def _problem(where: str, text: str, data: object, detail: ErrorDetails, form: type[BaseModel]) -> str:
    path = [step for step in detail["loc"] if step != "[key]"]
    name = _item_name(data, path)
    says = in_words(detail, form, skip=2 if name else 0)
    about = _FIELD.match(says) if detail["type"] == "value_error" else None  # it names a field of the entry
    line = line_of(text, [*path, about[1]] if about else path)
    return f"{where}:{line}: {name}{says}{'' if says.endswith(('.', '?')) else '.'}"


def _item_name(data: object, path: Sequence[str | int]) -> str:
    if len(path) < 2 or not isinstance(data, dict) or not isinstance(path[1], int):
        return ""
    item = data[path[0]][path[1]]
    name = item.get("id") if isinstance(item, dict) else None
    return f"{_CALLED.get(str(path[0]), 'item')} '{name}': " if name else f"number {path[1] + 1} of `{path[0]}`: "
