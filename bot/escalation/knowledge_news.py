"""Telling the desks what became of changed knowledge files: live, or refused with file, line and reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from bot.domain.messages import Block, OutgoingMessage, Style
from bot.escalation.desk import EscalationDesk
from bot.knowledge.live import Learnt, News, Refused, TakenOver
from bot.storage.store import Store

MOST_SHOWN = 5  # problems named in one message; `kb check` names them all
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
        """Store a message for every desk: of every refusal, and of the change that mended one."""
        if isinstance(news, Refused):
            log.error("knowledge.refused", problems=len(news.problems))
        elif isinstance(news, Learnt):
            log.info("knowledge.learnt", version=news.version)
            return
        else:
            log.info("knowledge.taken_over", version=news.version, entries=news.entries)
            if not news.mended:
                return
        async with self._store.transaction() as tx:
            for desk in self._desk.desks:
                await tx.outbox.add(OutgoingMessage(desk, self._blocks(news)), self._clock())
        self._stored()

    def _blocks(self, news: Refused | TakenOver) -> tuple[Block, ...]:
        texts = self._desk.texts
        if not isinstance(news, Refused):
            return (Block(texts("knowledge.mended", entries=news.entries)),)
        shown = "\n".join(news.problems[:MOST_SHOWN])
        more = len(news.problems) - MOST_SHOWN
        rest = (Block(texts("knowledge.more", count=more), Style.SMALL),) if more > 0 else ()
        return (Block(texts("knowledge.refused")), Block(shown, Style.QUOTE), *rest)
