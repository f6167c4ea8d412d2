"""`/audit`: leads read who did what at the desk, and when."""

from __future__ import annotations

from datetime import datetime

from bot.domain.escalation import number_in
from bot.domain.messages import Block, CommandGiven, Handled, Place, Style
from bot.domain.people import Person
from bot.escalation.features import DeskFeature, answer, for_them_only
from bot.storage.audit import Act
from bot.storage.store import Transaction
from bot.texts import Texts

MOST_SHOWN = 30  # acts


class AuditLog:
    """Shows the last acts; recording them is done where they are done."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def feature(self) -> DeskFeature:
        """Give its command, for leads."""
        return DeskFeature("audit", commands={"audit": self._audit}, for_leads=frozenset({"audit"}))

    async def _audit(self, tx: Transaction, event: CommandGiven, lead: Person, now: datetime) -> Handled:
        """Show the last acts, or those on one escalation: `/audit 12`, or `/audit` in its thread."""
        number = number_in(event.argument.strip().removeprefix("#"))
        if number is None and event.address.thread:
            number = await tx.escalations.in_thread(event.address)
        acts = await tx.audit.last(MOST_SHOWN, number=number)
        if not acts:
            return Handled("audit", (answer(event, Block(self._texts("audit.none"))),))
        title = self._texts("audit.one", number=number) if number is not None else self._texts("audit.title")
        lines = "\n".join(self._line(act) for act in acts)
        shown = for_them_only(event, lead, Block(title), Block(lines, Style.QUOTE))
        told = () if event.place is Place.PRIVATE else (answer(event, Block(self._texts("privacy.in_private"))),)
        return Handled("audit", (shown, *told))

    def _line(self, act: Act) -> str:
        parts = [f"{act.at:%d %b %H:%M}", act.name or self._texts("audit.forgotten"), act.act.replace("_", " ")]
        parts += [f"#{act.number}"] if act.number is not None else []
        parts += [part for part in (act.pseudonym, act.note) if part]
        return " · ".join(parts)
