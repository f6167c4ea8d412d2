"""How answers look: entries and choices -> blocks and buttons (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.domain.messages import Block, Button, Style
from bot.knowledge import provenance
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.entry import Entry
from bot.knowledge.first_answer import for_country, nearest_part, said_first
from bot.texts import Texts


class Replies:
    """Renders answers of one knowledge base in one language."""

    def __init__(self, knowledge: KnowledgeBase, texts: Texts, today: date) -> None:
        self._knowledge = knowledge
        self._texts = texts
        self._today = today

    def short(self, entry: Entry, country: str | None = None) -> tuple[Block, ...]:
        """Give the first answer: the country's part, the short text, where it comes from."""
        return (
            *(Block(text, Style.CURATED) for text in said_first(self._texts, entry, country)),
            *provenance.under_short(self._texts, entry, self._today),
        )

    def full(self, entry: Entry, country: str | None = None) -> tuple[Block, ...]:
        """Give what More shows: the full text, the parts of every country, every source."""
        ordered = self._ordered(entry, country)
        parts = [Block(for_country(self._texts, name, text), Style.CURATED) for name, text in ordered]
        sources = [
            self._texts("answer.sources"),
            *(self._source_line(entry, place) for place in range(len(entry.sources))),
        ]
        return (
            Block(entry.question, Style.TITLE),
            Block(entry.full or entry.short, Style.CURATED),
            *parts,
            *provenance.warnings(self._texts, entry, self._today),
            Block("\n".join(sources), Style.CURATED),
            Block(provenance.checked(self._texts, entry), Style.SMALL),
        )

    def buttons(self, entry: Entry, turn: int | None, *, more: bool = True) -> tuple[Button, ...]:
        """Give the buttons under an answer; `turn` is the question it answers, if there was one."""
        subject = str(turn) if turn else ""
        buttons = [Button(self._texts("button.more"), "more", f"{entry.id}:{subject}")] if more else []
        if turn:
            buttons.append(Button(self._texts("button.not_meant"), "not_meant", subject))
        buttons.append(Button(self._texts("button.person"), "person", subject))
        return (*buttons, *(Button(other.question, "show", other.id) for other in self._knowledge.related(entry)))

    def choices(self, entries: Sequence[Entry], turn: int | None) -> tuple[tuple[Block, ...], tuple[Button, ...]]:
        """Give a "did you mean": numbered, each a button, with a person as the way out."""
        lines = "\n".join(self._option(number, entry) for number, entry in enumerate(entries, 1))
        subject = str(turn) if turn else ""
        buttons = [Button(entry.question, "choose", f"{entry.id}:{subject}") for entry in entries]
        buttons.append(Button(self._texts("button.none"), "none", subject))
        asks = self._texts("clarify.question" if len(entries) > 1 else "clarify.only")
        return (Block(asks), Block(lines)), tuple(buttons)

    def listed(self, entries: Sequence[Entry]) -> tuple[Block, tuple[Button, ...]]:
        """Give a list of questions to pick from."""
        lines = "\n".join(self._option(number, entry) for number, entry in enumerate(entries, 1))
        return Block(lines), tuple(Button(entry.question, "show", entry.id) for entry in entries)

    def _option(self, number: int, entry: Entry) -> str:
        return self._texts("clarify.option", number=number, question=entry.question)

    @staticmethod
    def _ordered(entry: Entry, country: str | None) -> list[tuple[str, str]]:
        nearest = nearest_part(entry, country)
        return sorted(entry.by_country.items(), key=lambda part: (part[0] != nearest, part[0]))

    def _source_line(self, entry: Entry, place: int) -> str:
        source = entry.sources[place]
        return self._texts("answer.source_line", name=source.name, year=source.year, link=source.link)
