"""The bones of the base: what must exist, and what points to what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks.remark import Remark
from bot.knowledge.entry import Entry
from bot.knowledge.first_answer import said_first
from bot.knowledge.schema import SHORT_LIMIT
from bot.texts import texts_in

PRICES, PLACES = ("costs",), ("access",)  # topics; of the second those entries that name a country
# An amount of money, or whether a trial takes people and when it tells its results.
_CHANGES = re.compile(
    r"[$\u00a3\u20ac]\s?\d|"
    r"\b\d[\d,. ]*(?:thousand |million )?(?:(?:US|Canadian|Australian) )?(?:dollars|pounds|euros|roubles|pesos)\b|"
    r"\b(?:recruits|recruiting|closed (?:to new people|now)|results (?:are )?(?:expected|due))\b",
    re.IGNORECASE,
)
LABEL_LIMIT = 80  # characters: questions stand on buttons, Discord's limit


def topics(base: KnowledgeBase) -> Iterator[Remark]:
    """Find entries that a topic must have and that are missing."""
    for topic in base.topics:
        for entry_id in topic.requires:
            if entry_id not in base.entries:
                says = f"topic '{topic.id}': the entry '{entry_id}' is missing. Write it; ids are never renamed."
                yield Remark(says, words=f"- {entry_id}", file="topics.yaml")


def stages(base: KnowledgeBase) -> Iterator[Remark]:
    """Find stages whose entry is missing."""
    for stage in base.stages:
        if stage.entry not in base.entries:
            says = f"stage '{stage.id}' names the entry '{stage.entry}', which is not there. Write it or mend the id."
            yield Remark(says, words=f"entry: {stage.entry}", file="stages.yaml")


def known_topic(base: KnowledgeBase, entry: Entry, _today: date) -> Iterator[Remark]:
    """Find an entry in a topic that there is not."""
    if entry.topic not in {topic.id for topic in base.topics}:
        says = f"the topic '{entry.topic}' is not in topics.yaml. Use one of those, or add it there."
        yield Remark(says, entry.id, "topic")


def live_links(base: KnowledgeBase, entry: Entry, _today: date) -> Iterator[Remark]:
    """Find related entries that are not there, or named twice."""
    for place, other in enumerate(entry.related):
        if other == entry.id or other not in base.entries:
            says = f"`related` names '{other}', which is not another entry. Take it out or mend the id."
            yield Remark(says, entry.id, "related", other)
        elif other in entry.related[:place]:
            yield Remark(f"`related` names '{other}' twice. Take one of them out.", entry.id, "related", other)


def sources(_base: KnowledgeBase, entry: Entry, today: date) -> Iterator[Remark]:
    """Find sources named twice, or of a year that has not come."""
    seen: set[str | None] = set()
    for source in entry.sources:
        if source.year > today.year:
            says = f"the source '{source.name}' is of {source.year}, which has not come yet. Mend the year."
            yield Remark(says, entry.id, "sources", source.name)
        if source.link in seen:
            says = f"the source '{source.name}' has an address that stands there already. Keep it once."
            yield Remark(says, entry.id, "sources", source.name)
        seen.add(source.link)


def volatile(_base: KnowledgeBase, entry: Entry, _today: date) -> Iterator[Remark]:
    """Find answers with prices, with who treats where, or with the status of a trial, that are not marked to change."""
    if entry.volatile or entry.by_person:
        return
    texts = "\n".join((entry.short, entry.full, *entry.by_country.values()))
    found = _CHANGES.search(texts)
    if found or entry.topic in PRICES or (entry.topic in PLACES and entry.countries):
        why = f"says '{found.group()}'" if found else "is about prices or places"
        says = (
            f"{why}, which changes. Add `volatile: true`, and set `review_after` to three months after `reviewed_on`."
        )
        yield Remark(says, entry.id, "review_after")


def label(_base: KnowledgeBase, entry: Entry, _today: date) -> Iterator[Remark]:
    """Find questions that do not fit on a button."""
    if len(entry.question) > LABEL_LIMIT:
        says = f"`question` has {len(entry.question)} characters and stands on buttons. Shorten it to {LABEL_LIMIT}."
        yield Remark(says, entry.id, "question")


def first_answer(_base: KnowledgeBase, entry: Entry, _today: date) -> Iterator[Remark]:
    """Find parts for a country that make the first answer too long for somebody from there."""
    for country, part in entry.by_country.items():
        length = sum(len(text) for text in said_first(texts_in(), entry, country))
        if length > SHORT_LIMIT:
            says = (
                f"`by_country: {country}` and `short` are shown together, {length} characters; {SHORT_LIMIT} is "
                f"the most. Shorten one of them by {length - SHORT_LIMIT}, or move something to `full`."
            )
            yield Remark(says, entry.id, "by_country", part)
