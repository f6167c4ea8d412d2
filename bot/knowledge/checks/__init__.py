"""What a curator should mend: `check` asks every check of every entry; each remark says where and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks import (
    beside,
    dates,
    form,
    links,
    numbers,
    phrasings,
    promises,
    reading_level,
    safety_words,
    screen,
    swallowed,
)
from bot.knowledge.checks.remark import BaseCheck, EntryCheck, Placed, Places, Remark
from bot.knowledge.entry import Entry
from bot.knowledge.overlay import PLACE

__all__ = ["Placed", "Places", "Remark", "check", "check_entry", "doubtful", "forbidden"]

MOST_GONE = 5  # answers that are named when they are gone

_OF_THE_BASE: tuple[BaseCheck, ...] = (
    form.topics,
    form.stages,
    phrasings.alike,
    phrasings.questions,
    phrasings.of_no_entry,
    swallowed.swallowed,
    beside.pictures,
    safety_words.safety,
    safety_words.countries,
    safety_words.stages,
    safety_words.titles,
    beside.criteria,
    numbers.helplines,
    numbers.lines,
)
_OF_AN_ENTRY: tuple[EntryCheck, ...] = (
    form.known_topic,
    form.live_links,
    dates.of_an_entry,
    form.sources,
    form.volatile,
    form.label,
    form.first_answer,
    phrasings.enough,
    promises.promises,
    screen.markup,
    links.links,
    links.source_names,
    screen.words,
    reading_level.reading_level,
    numbers.of_an_entry,
)


def check(base: KnowledgeBase, today: date) -> list[Placed]:
    """Give every remark, in the order of the entries."""
    remarks = [remark for one in _OF_THE_BASE for remark in one(base)]
    for entry in base.entries.values():
        remarks += _of_entry(base, entry, today)
    remarks += dates.of_the_rest(base, today)
    places = Places(base)
    return [places.placed(remark) for remark in remarks]


def check_entry(base: KnowledgeBase, entry: Entry, today: date) -> list[Remark]:
    """Give the remarks on one entry of a base, among others what it shares with other entries."""
    shared = (*phrasings.alike(base, of=entry.id), *phrasings.questions(base, of=entry.id))
    return [*_of_entry(base, entry, today), *shared]


def forbidden(base: KnowledgeBase, known: KnowledgeBase | None = None) -> list[Placed]:
    """Give where something says what nobody may ever be told; what another base holds as well is not asked again."""
    places = Places(base)
    return [places.placed(remark) for remark in _forbidden(base, known)]


def _forbidden(base: KnowledgeBase, known: KnowledgeBase | None) -> Iterator[Remark]:
    for name, entry in base.entries.items():
        if known is None or known.entries.get(name) != entry:
            yield from promises.promises(base, entry, date.min)
    if known is None or known.safety.flags != base.safety.flags:
        yield from safety_words.safety(base, safety_words.forbidden)
    if known is None or known.stages != base.stages:
        yield from safety_words.stages(base, safety_words.forbidden)
    if known is None or known.topics != base.topics:
        yield from safety_words.titles(base, safety_words.forbidden)
    if known is None or known.eligibility != base.eligibility:
        yield from beside.criteria(base, safety_words.forbidden)


def doubtful(base: KnowledgeBase, known: KnowledgeBase) -> list[Placed]:
    """Give what a change has made of a base that may be used and yet looks like a slip: numbers, and what is gone."""
    places = Places(base)
    return [places.placed(remark) for remark in _doubtful(base, known)]


def _doubtful(base: KnowledgeBase, known: KnowledgeBase) -> Iterator[Remark]:
    for bones in (form.topics, form.stages):
        before = set(bones(known))
        yield from (remark for remark in bones(base) if remark not in before)
    if gone := [name for name, place in known.files.items() if place != PLACE and name not in base.entries]:
        named = ", ".join(gone[:MOST_GONE]) + (" ..." if len(gone) > MOST_GONE else "")
        says = f"answers that are not there any more: {len(gone)} ({named}). Put them back if that was not meant."
        yield Remark(says)
    numbers_changed = known.safety != base.safety
    if numbers_changed:
        yield from numbers.helplines(base)
        yield from numbers.lines(base)
    for name, entry in base.entries.items():
        if numbers_changed or known.entries.get(name) != entry:
            yield from numbers.of_an_entry(base, entry, date.min)


def _of_entry(base: KnowledgeBase, entry: Entry, today: date) -> list[Remark]:
    return [remark for one in _OF_AN_ENTRY for remark in one(base, entry, today)]
