"""YAML files -> KnowledgeBase; every mistake names file, line, entry and what to do."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
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
from bot.knowledge.mistakes import in_words
from bot.knowledge.pictures import PicturesFile
from bot.knowledge.safety import Safety, parse_safety
from bot.knowledge.schema import EntriesFile, StagesFile, SynonymsFile, TopicsFile
from bot.knowledge.yaml_lines import line_of, read_yaml

Form = TypeVar("Form", bound=BaseModel)

REQUIRED = ("topics.yaml", "stages.yaml", "synonyms.yaml", "safety.yaml")
OPTIONAL = ("eligibility.yaml", "examples.yaml", "pictures/alt.yaml")


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    text: str
    data: object


def load(folder: Path) -> KnowledgeBase:
    """Load a knowledge folder whole.

    Raises:
        KnowledgeError: with every problem found, one line each.
    """
    if not folder.is_dir():
        raise KnowledgeError([f"{folder}: there is no such folder. Set `knowledge` to the folder with the answers."])
    version = version_of(folder)  # before the reading: a change in between is then seen as one
    problems: list[str] = []
    files = _read_all(folder, problems)
    topics = _parse(files.get("topics.yaml"), TopicsFile, problems)
    stages = _parse(files.get("stages.yaml"), StagesFile, problems)
    synonyms = _parse(files.get("synonyms.yaml"), SynonymsFile, problems)
    safety = _parse_safety(files.get("safety.yaml"), problems)
    eligibility = _parse(files.get("eligibility.yaml"), EligibilityFile, problems)
    pictures = _parse(files.get("pictures/alt.yaml"), PicturesFile, problems)
    examples = _parse(files.get("examples.yaml"), ExamplesFile, problems)
    if examples and safety:
        problems.extend(f"{folder / 'examples.yaml'}: {problem}" for problem in examples.problems(safety))
    entries, places = _entries([file for name, file in files.items() if name.startswith("entries/")], problems)
    if not entries and not problems:
        problems.append(f"{folder}/entries: no entry in it. Put at least one entry into entries/*.yaml.")
    if problems or topics is None or stages is None or synonyms is None or safety is None:
        raise KnowledgeError(problems)
    steps = tuple(form.to_stage() for form in stages.stages)
    return KnowledgeBase(
        entries=entries,
        topics=tuple(form.to_topic() for form in topics.topics),
        stages=steps,
        synonyms=synonyms.to_synonyms(),
        safety=safety,
        pictures=pictures.to_pictures(folder, steps) if pictures else {},
        examples=examples_of(safety, examples.examples) if examples else {},
        eligibility=eligibility.to_table() if eligibility else Eligibility(),
        version=version,
        files=places,
    )


def files_of(folder: Path) -> list[str]:
    """Give the names of the files that a knowledge folder is made of, the optional ones if they are there."""
    entries = sorted(f"entries/{path.name}" for path in (folder / "entries").glob("*.yaml"))
    optional = [name for name in OPTIONAL if (folder / name).exists()]
    return [*REQUIRED, *optional, *(name for name in entries if not name.startswith("entries/."))]


def version_of(folder: Path) -> str:
    """Give a hash of the files, by which a change is known; one that cannot be read counts as empty."""
    digest = hashlib.sha256()
    for name in files_of(folder):
        digest.update(name.encode())
        with contextlib.suppress(OSError):
            digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:16]


def _read_all(folder: Path, problems: list[str]) -> dict[str, _File]:
    files: dict[str, _File] = {}
    for name in files_of(folder):
        try:
            files[name] = _File(str(folder / name), *read_yaml(folder / name, str(folder / name)))
        except KnowledgeError as error:
            problems.extend(error.problems)
    return files


def _parse(file: _File | None, form: type[Form], problems: list[str]) -> Form | None:
    if file is None:
        return None
    try:
        return form.model_validate(file.data)
    except ValidationError as error:
        problems.extend(_problem(file, detail, form) for detail in error.errors())
        return None


def _parse_safety(file: _File | None, problems: list[str]) -> Safety | None:
    if file is None:
        return None
    try:
        return parse_safety(file.data, file.name)
    except KnowledgeError as error:
        problems.extend(error.problems)
        return None


def _entries(files: Sequence[_File], problems: list[str]) -> tuple[dict[str, Entry], dict[str, str]]:
    entries: dict[str, Entry] = {}
    places: dict[str, str] = {}
    for file in files:
        parsed = _parse(file, EntriesFile, problems)
        for number, form in enumerate(parsed.entries if parsed else ()):
            if form.id in entries:
                where = f"{file.name}:{line_of(file.text, ['entries', number, 'id'])}"
                problems.append(f"{where}: entry '{form.id}' stands already in {places[form.id]}. Rename one of them.")
                continue
            entries[form.id] = form.to_entry()
            places[form.id] = file.name
    return dict(sorted(entries.items())), places


def _problem(file: _File, detail: ErrorDetails, form: type[BaseModel]) -> str:
    path = [step for step in detail["loc"] if step != "[key]"]
    line = line_of(file.text, path)
    entry = _entry_name(file.data, path)
    return f"{file.name}:{line}: {entry}{in_words(detail, form)}"


def _entry_name(data: object, path: Sequence[str | int]) -> str:
    if len(path) < 2 or not isinstance(data, dict) or not isinstance(path[1], int):
        return ""
    item = data[path[0]][path[1]]
    name = item.get("id") if isinstance(item, dict) else None
    return f"entry '{name}': " if name else f"number {path[1] + 1} of `{path[0]}`: "
