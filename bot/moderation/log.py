"""`/audit`: leads read who did what at the desk, and when."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import datetime
from io import StringIO

from bot.domain.escalation import number_in
from bot.domain.messages import Attachment, Block, CommandGiven, Handled, OutgoingMessage, Place, Style
from bot.domain.people import Person
from bot.escalation.features import DeskFeature, answer, for_them_only
from bot.storage.audit import Act
from bot.storage.store import Transaction
from bot.texts import Texts

MOST_SHOWN = 30  # acts
MOST_IN_FILE = 50_000  # acts: a few megabytes
CSV = "csv"  # the word that asks for a table


class AuditLog:
    """Shows the last acts; recording them is done where they are done."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def feature(self) -> DeskFeature:
        """Give its command, for leads."""
        return DeskFeature("audit", commands={"audit": self._audit}, for_leads=frozenset({"audit"}))

    async def _audit(self, tx: Transaction, event: CommandGiven, lead: Person, now: datetime) -> Handled:
        """Show the last acts, or those on one escalation: `/audit 12`, or `/audit` in its thread."""
        if event.argument.strip().removeprefix("- ").casefold() == CSV:
            return await self._file(tx, event, lead)
        number = number_in(event.argument.strip().removeprefix("#"))
        if number is None and event.address.thread:
            number = await tx.escalations.in_thread(event.address)
        acts = await tx.audit.last(MOST_SHOWN, number=number)
        if not acts:
            return Handled("audit", (answer(event, Block(self._texts("audit.none"))),))
        title = self._texts("audit.one", number=number) if number is not None else self._texts("audit.title")
        lines = "\n".join(self._line(act) for act in acts)
        more = (Block(self._texts("audit.more", most=MOST_SHOWN), Style.SMALL),) if len(acts) == MOST_SHOWN else ()
        shown = for_them_only(event, lead, Block(title), Block(lines, Style.QUOTE), *more)
        return Handled("audit", (replace(shown, traceless=True), *self._told(event)))

    async def _file(self, tx: Transaction, event: CommandGiven, lead: Person) -> Handled:
        """Give every act that is kept as a table."""
        made = StringIO()
        writer = csv.writer(made, lineterminator="\n")
        writer.writerow(("at", "who", "did", "number", "asker", "reason"))
        for act in await tx.audit.last(MOST_IN_FILE):
            writer.writerow((act.at.isoformat(), act.name, act.act, act.number, act.pseudonym, act.note))
        table = Attachment.written(f"audit-{event.at:%Y-%m-%d}.csv", made.getvalue())
        shown = for_them_only(event, lead, Block(self._texts("audit.file")))
        return Handled("audit csv", (replace(shown, attachments=(table,), traceless=True), *self._told(event)))

    def _told(self, event: CommandGiven) -> tuple[OutgoingMessage, ...]:
        return () if event.place is Place.PRIVATE else (answer(event, Block(self._texts("privacy.in_private"))),)

    def _line(self, act: Act) -> str:
        parts = [f"{act.at:%d %b %H:%M}", act.name or self._texts("audit.forgotten"), act.act.replace("_", " ")]
        parts += [f"#{act.number}"] if act.number is not None else []
        parts += [part for part in (act.pseudonym, act.note) if part]
        return " · ".join(parts)
