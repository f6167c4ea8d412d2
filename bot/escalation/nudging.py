"""Reads what is open and what was said about it, and asks `reminders.py` what is due."""

from __future__ import annotations

from datetime import datetime

from bot.domain.escalation import Escalation
from bot.domain.waits import Nudge, Said
from bot.escalation.reminders import Times, due
from bot.storage.store import Transaction


async def due_now(tx: Transaction, now: datetime, times: Times) -> list[tuple[Escalation, Nudge]]:
    """Give everything that is due about the open escalations, urgent ones first, then the oldest."""
    said = await tx.nudges.of_open()
    return [
        (one, nudge)
        for one in await tx.escalations.open_ones()
        for nudge in due(one, said.get(one.id, Said()), now, times)
    ]
