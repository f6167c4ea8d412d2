"""What stands beside the entries: the table of published criteria, and the pictures of the stages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks.remark import Remark
from bot.knowledge.checks.safety_words import Rules, unfit
from bot.knowledge.eligibility import Programme
from bot.knowledge.pictures import NAMES
from bot.knowledge.reviews import TABLE

PICTURES = "pictures/alt.yaml"
_SENTENCES = ("name", "status", "note")
_AGAIN = "Run tools/pictures.py; nobody draws or changes them by hand."
_TO_THE_READER = re.compile(
    r"\b(?:will be accepted|this person|you|your|yours|eligible|ineligible|qualif\w+|guarantee\w*|cures?|promise\w*)\b",
    re.IGNORECASE,
)


def criteria(base: KnowledgeBase, rules: Rules = unfit) -> Iterator[Remark]:
    """Find words in the lists that speak to the reader, or say what no answer may say."""
    for programme in base.eligibility.programmes:
        fitting: dict[str, str] = {}
        for name, text in _texts(programme):
            if found := _TO_THE_READER.search(text):
                says = f"`{name}` has '{found.group()}'. Repeat what the list says, without a word about the reader."
                yield _remark(programme, says, text)
            elif text:
                fitting[name] = text
        for text in _as_read(fitting):
            for says, words in rules(text):
                yield _remark(programme, says, words)


def _as_read(texts: Mapping[str, str]) -> Iterator[str]:
    """Give name, status and note by themselves, and the criteria as one text: each of them is seldom a sentence."""
    yield from (texts[name] for name in _SENTENCES if name in texts)
    yield ".\n".join(text.rstrip(".") for name, text in texts.items() if name not in _SENTENCES)


def pictures(base: KnowledgeBase) -> Iterator[Remark]:
    """Find pictures that are missing, no longer show the stages as they are, or are not those their words tell of."""
    for name in NAMES if base.stages else ():
        picture = base.pictures.get(name)
        if picture is None:
            says = f"the picture '{name}' is missing, older than stages.yaml, or not the one its words were made for"
            yield Remark(f"{says}; it is not sent. {_AGAIN}", file=PICTURES, words=f"{name}:")
        elif not _tells(Path(picture.path).with_suffix(".svg"), picture.alt):
            says = f"{name}.svg is missing, or does not hold the words of alt.yaml. {_AGAIN}"
            yield Remark(says, file=PICTURES, words=f"{name}:")


def _tells(file: Path, words: str) -> bool:
    """Tell whether a drawing holds the words for those who cannot see it."""
    try:
        return escape(words, quote=False) in file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False


def _remark(programme: Programme, says: str, words: str) -> Remark:
    return Remark(f"programme '{programme.id}': {says}", file=TABLE, words=words)


def _texts(programme: Programme) -> Iterator[tuple[str, str]]:
    yield "name", programme.name
    yield "status", programme.status
    yield "note", programme.note
    for criterion in programme.criteria:
        yield f"{criterion.about}: says", criterion.says
