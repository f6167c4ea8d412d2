"""What stands in a proposal's way: the checks of `kb check` on it, and what it would collide with (pure)."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pydantic import ValidationError

from bot.curating.strip import placeholders_in, stripped
from bot.domain.curating import Kind, Proposal, Published
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks import check_entry
from bot.knowledge.mistakes import in_words
from bot.knowledge.overlay import PLACE, entry_of, fields_of
from bot.knowledge.schema import EntryForm, lacks
from bot.matching.match import Zone
from bot.triage.triage import Triage

_WORD = re.compile(r"[^\W\d_]{2,}")
_TAKEN = (
    "An entry with the short name '{name}' has been published since. If it answers the same, withdraw this one; "
    "otherwise write the question in other words."
)
_ADDRESS = re.compile(r"\]\([^)]*\)|https?://\S+")


@dataclass(frozen=True, slots=True)
class Collision:
    """Another entry that the bot would answer with, and how many of the proposal's wordings lead there."""

    entry_id: str
    question: str
    wordings: int
    example: str


def problems(proposal: Proposal, base: KnowledgeBase, today: date) -> tuple[str, ...]:
    """Give what has to be mended before leads see it, in plain words; nothing where it is ready."""
    if changed_meanwhile(proposal, base):
        if proposal.kind is Kind.NEW:
            return (_TAKEN.format(name=proposal.entry_id),)
        return ("The entry has changed since this was begun. Begin again from its words of today.",)
    if proposal.kind is Kind.RETIRE:
        return tuple(_why_not_retire(proposal.entry_id, base))
    left = [_left(field, text) for field, text in _texts(proposal.fields) if placeholders_in(text)]
    try:
        entry = EntryForm.model_validate(dict(proposal.fields)).to_entry()
    except ValidationError as error:
        return (*left, *_still_to_do(proposal.fields, error))
    with_it = replace(base, entries={**base.entries, entry.id: entry})
    return (*left, *(remark.says for remark in check_entry(with_it, entry, today)))


def _still_to_do(fields: Mapping[str, Any], error: ValidationError) -> Iterator[str]:
    """Say what the form has against a draft, and what an answer needs, which the form asks for at the very last."""
    said = [in_words(detail, EntryForm) for detail in error.errors()]
    yield from said
    lacking = lacks(fields.get("answer", "text"), fields.get("sources", ()), fields.get("full", ""))
    yield from (f"{one}." for one in lacking if not any(one in says for says in said))


def personal(proposal: Proposal, base: KnowledgeBase) -> tuple[str, ...]:
    """Give the kinds of personal details that its new words may hold; a help line's number is one as well."""
    if proposal.kind not in (Kind.NEW, Kind.EDIT):
        return ()
    entry = base.entries.get(proposal.entry_id)
    before = {text for _, text in _texts(fields_of(entry))} if entry else set()
    new = [text for _, text in _texts(proposal.fields) if text not in before]
    return tuple(dict.fromkeys(kind for text in new for kind in stripped(text).kinds if f"[{kind}]" not in text))


def unknown_names(proposal: Proposal, base: KnowledgeBase) -> tuple[str, ...]:
    """Give the words with a capital in its new words that no answer of ours uses: people, places, hospitals, or news.

    No rule finds every name, and whoever reads only what a rule has marked overlooks the rest.
    """
    if proposal.kind not in (Kind.NEW, Kind.EDIT):
        return ()
    known = {word.casefold() for text in _all_words(base) for word in _WORD.findall(text)}
    said = (word for _, text in _texts(proposal.fields) for word in _WORD.findall(_ADDRESS.sub("", text)))
    return tuple(dict.fromkeys(word for word in said if word[0].isupper() and word.casefold() not in known))


def _all_words(base: KnowledgeBase) -> Iterator[str]:
    for entry in base.entries.values():
        yield from (text for _, text in _texts(fields_of(entry)))
        yield from (source.name for source in entry.sources)


def basis_of(entry_id: str, base: KnowledgeBase) -> str:
    """Give what tells whether an entry is still as it was; empty where there is none of that name."""
    entry = base.entries.get(entry_id)
    return hashlib.sha256(json.dumps(fields_of(entry)).encode()).hexdigest()[:16] if entry else ""


def changed_meanwhile(proposal: Proposal, base: KnowledgeBase) -> bool:
    """Tell whether publishing would overwrite what somebody else has changed since."""
    return basis_of(proposal.entry_id, base) != proposal.basis


def is_behind(base: KnowledgeBase, entry_id: str, published: Iterable[Published]) -> bool:
    """Tell whether this process has not taken over yet what was published of an entry, or taken back, a moment ago."""
    shown, in_chat = base.entries.get(entry_id), base.files.get(entry_id) == PLACE
    change = next((one for one in published if one.entry_id == entry_id), None)
    if change is None:
        return in_chat
    words = None if change.fields is None else entry_of(change.fields)
    if change.fields is not None and words is None:
        return False  # it has no longer the form of an entry, and the file's words count
    if shown and not in_chat:
        return shown.touched_on <= change.at.date()  # otherwise the file's later words count
    if shown and words and entry_id in base.withheld:  # its own words are left out of what is shown
        muted = {name: getattr(shown, name) for name in ("question", "short", "full", "by_country", "sources")}
        words = replace(words, by_person=True, **muted)
    return shown != words


def _why_not_retire(entry_id: str, base: KnowledgeBase) -> Iterator[str]:
    stages = [stage.name for stage in base.stages if stage.entry == entry_id]
    if stages:
        yield f"It tells the stage '{stages[0]}' of /stages, which would be empty. Edit it instead."


def _left(field: str, text: str) -> str:
    marks = " and ".join(placeholders_in(text))
    return f"`{field}` still has {marks}, where something personal was. Put general words in its place."


def _texts(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("question", "short", "full"):
        yield name, str(fields.get(name, ""))
    for name in ("phrasings", "keywords"):
        for text in fields.get(name, ()):
            yield name, str(text)
    for text in dict(fields.get("by_country", {})).values():
        yield "by_country", str(text)


def collisions(proposal: Proposal, triage: Triage) -> tuple[Collision, ...]:
    """Give the entries that the bot finds now for the proposal's own wordings, the most frequent first.

    An entry that is sure for many of them is a near twin: then the two should be told apart, or become one.
    """
    wordings = [text for text in (proposal.fields.get("question"), *proposal.fields.get("phrasings", ())) if text]
    found: Counter[str] = Counter()
    example: dict[str, str] = {}
    for wording, match in zip(wordings, triage.matcher.match_many(wordings), strict=True):
        best = match.best
        if best and match.zone is Zone.ANSWER and best.entry_id not in ("", proposal.entry_id):
            found[best.entry_id] += 1
            example.setdefault(best.entry_id, wording)
    entries = triage.knowledge.entries
    return tuple(
        Collision(name, entries[name].question, count, example[name])
        for name, count in found.most_common()
        if name in entries
    )
