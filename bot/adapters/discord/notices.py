"""A forum takes posts only: what belongs to no escalation goes into one standing post of the desk."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import structlog

from bot.adapters.discord.post import NOBODY
from bot.adapters.discord.tags import tags_for
from bot.texts import Texts

ARCHIVED_LOOKED_AT = 300  # posts that sleep, newest first, among which it is looked for; three calls
log = structlog.get_logger()


class Notices:
    """Finds the post by its name among the bot's own, or makes it, and remembers it within this process."""

    def __init__(self, client: discord.Client, texts: Texts) -> None:
        self._client = client
        self._title = texts("discord.notices_title")
        self._about = texts("discord.notices_about")
        self._post: int | None = None
        self._one_at_a_time = asyncio.Lock()  # two messages make one post

    async def post_in(self, forum: discord.ForumChannel) -> int:
        """Give the post.

        Raises:
            discord.HTTPException: it could be neither found nor made.
        """
        async with self._one_at_a_time:
            if self._post is None:
                self._post = await self._found(forum) or await self._made(forum)
            return self._post

    def lost(self, post: int) -> None:
        """Look again the next time: this one is deleted or locked."""
        if self._post == post:
            self._post = None

    async def _found(self, forum: discord.ForumChannel) -> int | None:
        for thread in await forum.guild.active_threads():
            if thread.parent_id == forum.id and self._is_it(thread):
                return thread.id
        async for thread in forum.archived_threads(limit=ARCHIVED_LOOKED_AT):
            if self._is_it(thread):
                return thread.id
        return None

    def _is_it(self, thread: discord.Thread) -> bool:
        me = self._client.user
        return me is not None and thread.owner_id == me.id and thread.name == self._title and not thread.locked

    async def _made(self, forum: discord.ForumChannel) -> int:
        made: Any = await forum.create_thread(
            name=self._title,
            content=self._about,
            applied_tags=tags_for(forum, ()),
            allowed_mentions=NOBODY,
            suppress_embeds=True,
        )
        await self._pin(made.thread)
        return int(made.thread.id)

    async def _pin(self, thread: discord.Thread) -> None:
        """Keep it on top and awake; a forum has one place for that, which others may have taken."""
        try:
            await thread.edit(pinned=True)
        except discord.HTTPException as error:
            log.info("discord.notices_not_pinned", code=error.code)
