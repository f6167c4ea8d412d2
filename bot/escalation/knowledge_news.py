"""Telling the desks what became of knowledge files: live, or refused, withheld or doubted with file, line and reason.

Every process reads them, and one tells: the others find in the outbox that it was told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.domain.messages import Block, OutgoingMessage, Style
from bot.escalation.desk import EscalationDesk
from bot.knowledge.live import Doubtful, Learnt, News, Refused, TakenOver, Withheld
from bot.storage.outbox import lane_of
from bot.storage.store import Store, Transaction

MOST_SHOWN = 5  # problems named in one message; `kb check` names them all
KEY = "knowledge:"  # of the messages that tell: knowledge:WHAT:WHEN
SAME_NEWS = timedelta(minutes=10)  # within which what several processes find is one piece of news
log = structlog.get_logger()


class KnowledgeNews:
    """Passes the news of a live reload on."""

    def __init__(
        self, store: Store, desk: EscalationDesk, clock: Callable[[], datetime], stored: Callable[[], None]
    ) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock
        self._stored = stored

    async def tell(self, news: News) -> None:
        """Store a message for every desk: of all that is refused, withheld or doubted, and of what mended it."""
        if isinstance(news, Refused | Withheld | Doubtful):
            log.error(f"knowledge.{_kind(news)}", problems=len(news.problems))
        elif isinstance(news, Learnt):
            log.info("knowledge.learnt", version=news.version)
            return
        else:
            log.info("knowledge.taken_over", version=news.version, entries=news.entries)
            if not news.mended:
                return
        now, words = self._clock(), self._blocks(news)
        what = hashlib.sha256(repr(words).encode()).hexdigest()[:16]
        async with self._store.transaction() as tx:
            await tx.alone_at(KEY)
            if await self._is_told(tx, what, now):
                return
            for desk in self._desk.desks:
                await tx.outbox.add(OutgoingMessage(desk, words, key=f"{KEY}{what}:{now:%Y%m%d%H%M%S}"), now)
        self._stored()

    async def _is_told(self, tx: Transaction, what: str, now: datetime) -> bool:
        """Tell whether the last news says the same, and was told just now."""
        told = await tx.outbox.keyed([lane_of(OutgoingMessage(desk, ())) for desk in self._desk.desks], KEY)
        return any(key.startswith(f"{KEY}{what}:") and abs(now - at) < SAME_NEWS for key, at in told[-1:])

    def _blocks(self, news: Refused | Withheld | Doubtful | TakenOver) -> tuple[Block, ...]:
        texts = self._desk.texts
        if isinstance(news, TakenOver):
            return (Block(texts("knowledge.mended", entries=news.entries)),)
        shown = "\n".join(news.problems[:MOST_SHOWN])
        more = len(news.problems) - MOST_SHOWN
        rest = (Block(texts("knowledge.more", count=more), Style.SMALL),) if more > 0 else ()
        return (Block(texts(f"knowledge.{_kind(news)}")), Block(shown, Style.QUOTE), *rest)


def _kind(news: Refused | Withheld | Doubtful) -> str:
    """Give how the log and the texts call it."""
    return type(news).__name__.lower()
