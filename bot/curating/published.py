"""What has been published, as every process asks for it twice a second."""

from __future__ import annotations

import structlog

from bot.knowledge.overlay import Change, Changes
from bot.storage.store import Store

log = structlog.get_logger()


class PublishedChanges:
    """Reads the changes when there are new ones; while the database cannot be read, the last ones count."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._version: tuple[int, int] | None = None
        self._changes = Changes()
        self._readable = True

    async def __call__(self) -> Changes:
        """Give the changes that count now."""
        try:
            await self._look()
        except Exception:
            if self._readable:  # once, not twice a second: the outbox tells more of a database that is away
                log.exception("published.unreadable")
            self._readable = False
            return self._changes
        self._readable = True
        return self._changes

    async def _look(self) -> None:
        async with self._store.transaction() as tx:
            version = await tx.curating.version()
            if version == self._version:
                return
            live = await tx.curating.live()
        self._changes = Changes({one.entry_id: Change(one.at.date(), one.fields) for one in live})
        self._version = version
