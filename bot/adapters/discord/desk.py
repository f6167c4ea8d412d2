"""The volunteers' desk: a post in a forum, or a thread in a text channel, for each escalation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Literal

import discord

from bot.adapters.discord import errors, render, split
from bot.adapters.discord.notices import Notices
from bot.adapters.discord.post import NOBODY, Poster
from bot.adapters.discord.render import Rendered
from bot.adapters.discord.tags import retag, tags_for
from bot.config import DiscordSettings
from bot.domain.messages import Address, Called, Delivery, OutgoingMessage, Receipt
from bot.errors import DeliveryError, ThreadGone
from bot.texts import Texts

NAME_LIMIT = 100  # characters, Discord API "Start Thread"
ARCHIVE_AFTER: Literal[10080] = 10080  # minutes without a message, ditto: a week
_Act = Callable[[], Awaitable[int]]


class Desk:
    """Makes, finds, tags and writes the threads of escalations."""

    def __init__(self, client: discord.Client, settings: DiscordSettings, texts: Texts, poster: Poster) -> None:
        self._client = client
        self._roles = (*settings.volunteer_roles, *settings.lead_roles)
        self._texts = texts
        self._poster = poster
        self._notices = Notices(client, texts)
        self._channel = str(settings.desk_channel)
        self._lost: dict[int, int] = {}  # escalation -> the thread that was locked

    async def send(self, delivery: Delivery) -> Receipt:
        """Write into the escalation's thread, which is made when there is none.

        Raises:
            discord.HTTPException: Discord did not take it.
        """
        message, files = await self._poster.files_of(delivery.message)
        rendered = self._rendered(message, delivery.called)
        if message.to.thread is None:
            return await self._opened(delivery, message, rendered, files)
        thread = int(message.to.thread)
        try:
            self._check_open(thread, message)
            sent = await self._written(delivery, message, rendered, files, thread)
        except discord.HTTPException as error:
            if error.code in (errors.LOCKED, errors.ARCHIVED) and message.escalation_id:
                self._lost[message.escalation_id] = thread
            raise
        except ThreadGone:
            self._lost[message.escalation_id or 0] = thread
            raise
        await retag(self._client, thread, message.labels)
        return Receipt(str(sent), str(thread))

    def _check_open(self, number: int, message: OutgoingMessage) -> None:
        """Leave a locked thread: with Manage Threads the bot may write there, but the volunteers may not.

        Raises:
            ThreadGone: it is locked, and its question is not closed.
        """
        thread = self._client.get_channel(number)
        if not isinstance(thread, discord.Thread) or not thread.locked:
            return
        if "closed" not in (message.labels or [tag.name.casefold() for tag in thread.applied_tags]):
            raise ThreadGone("the post of this escalation is locked", retry_after=0.0)

    async def takes_posts_only(self, address: Address) -> bool:
        """Tell whether an address is the desk's forum itself, where no message can stand.

        Raises:
            discord.HTTPException: Discord does not show the channel.
        """
        if address.chat != self._channel or address.thread is not None:
            return False
        return isinstance(await self.channel(address), discord.ForumChannel)

    async def tell(self, delivery: Delivery) -> Receipt:
        """Write what belongs to no escalation into the forum's standing post.

        Raises:
            discord.HTTPException: Discord did not take it.
            DeliveryError: the post is gone; the next attempt makes another one.
        """
        forum = await self.channel(delivery.message.to)
        assert isinstance(forum, discord.ForumChannel)  # noqa: S101  # `takes_posts_only` said so
        message, files = await self._poster.files_of(delivery.message)
        post = await self._notices.post_in(forum)
        try:
            sent = await self._written(delivery, message, self._rendered(message, delivery.called), files, post)
        except discord.HTTPException as error:
            if error.code in (errors.LOCKED, errors.UNKNOWN_CHANNEL):
                self._notices.lost(post)
                raise DeliveryError("the desk's post for notices is deleted or locked") from error
            raise
        return Receipt(str(sent))

    def _rendered(self, message: OutgoingMessage, people: Sequence[Called]) -> Rendered:
        rendered = (
            render.render_card(message, self._texts)
            if message.key and message.escalation_id
            else render.render(message, self._texts)
        )
        if not message.page and not people:
            return rendered
        called = [f"<@{one.user}>" for one in people] or [f"<@&{role}>" for role in self._roles]
        page = [self._texts("discord.page")] if message.page else []
        return _on_top(" ".join([*called, *page]), rendered)

    def _mentions(self, delivery: Delivery) -> discord.AllowedMentions:
        """Ping those whom the core calls, the volunteers' roles where it calls all of them, and nobody else."""
        users = [discord.Object(int(one.user)) for one in delivery.called]
        everybody = delivery.message.page and not users
        if not users and not everybody:
            return NOBODY
        roles = [discord.Object(role) for role in self._roles] if everybody else []
        return discord.AllowedMentions(everyone=False, users=users, roles=roles, replied_user=False)

    async def _written(
        self, delivery: Delivery, message: OutgoingMessage, rendered: Rendered, files: list[discord.File], thread: int
    ) -> int:
        if delivery.replaces and delivery.replaces.isdecimal():
            replaced = int(delivery.replaces)
            if await self._edited(thread, replaced, rendered):
                if message.alerts:  # an edit alerts nobody
                    page = Rendered([_page_line(rendered)], ())
                    await self._poster.post(thread, page, f"{delivery.number}-p", mentions=self._mentions(delivery))
                return replaced
        return await self._unarchived(
            thread,
            lambda: self._poster.post(
                thread,
                rendered,
                delivery.number,
                reply_to=message.reply_to,
                files=files,
                mentions=self._mentions(delivery),
            ),
        )

    async def _edited(self, thread: int, message_id: int, rendered: Rendered) -> bool:
        """Edit a message; False when it is gone, and has to be posted anew."""

        async def edit() -> int:
            await self._poster.edit(thread, message_id, rendered)
            return message_id

        try:
            await self._unarchived(thread, edit)
        except discord.HTTPException as error:
            if error.code == errors.UNKNOWN_MESSAGE:
                return False
            raise
        return True

    async def _unarchived(self, thread: int, act: _Act) -> int:
        """Do something in a thread; one that went to sleep is woken first."""
        try:
            return await act()
        except discord.HTTPException as error:
            if error.code != errors.ARCHIVED:
                raise
        await self._client.http.edit_channel(thread, archived=False)
        return await act()

    async def _opened(
        self, delivery: Delivery, message: OutgoingMessage, rendered: Rendered, files: list[discord.File]
    ) -> Receipt:
        """Make the thread; after a crash it may be there already, as a thread has no nonce."""
        desk = await self.channel(message.to)
        title = " ".join((message.thread_title or f"#{message.escalation_id}").split())[:NAME_LIMIT]
        link, mentions = self._link_to_lost(message, desk), self._mentions(delivery)
        thread = await self._found(desk, title) if delivery.attempt > 1 else None
        if isinstance(desk, discord.ForumChannel):
            linked = await self._begins_with_link(thread) if thread else link is not None
            opening = Rendered([link], ()) if link else rendered
            thread = thread or await self._new_post(desk, title, message, opening, [] if link else files, mentions)
            first = 0 if linked else 1  # the post itself is the first part, unless it is the link
        else:
            thread, first = thread or await self._new_thread(desk, title), 0
            if link:
                await self._poster.post(thread, Rendered([link], ()), f"{delivery.number}-l")
        sent = await self._poster.post(
            thread, rendered, delivery.number, files=files, mentions=mentions, first_part=first
        )
        return Receipt(str(sent or thread), str(thread))

    async def _new_thread(self, desk: discord.TextChannel, title: str) -> int:
        public = discord.ChannelType.public_thread
        return (await desk.create_thread(name=title, type=public, auto_archive_duration=ARCHIVE_AFTER)).id

    def _link_to_lost(self, message: OutgoingMessage, desk: discord.ForumChannel | discord.TextChannel) -> str | None:
        """Say which post this one goes on from, when that one was locked: alone, as all else may be edited."""
        lost = self._lost.get(message.escalation_id or 0)
        return None if lost is None else self._continues(f"https://discord.com/channels/{desk.guild.id}/{lost}")

    def _continues(self, link: str) -> str:
        return f"-# {self._texts('discord.continues', link=link)}"

    async def _begins_with_link(self, post: int) -> bool:
        """Tell whether a post that was found again was opened with such a line."""
        with suppress(discord.NotFound):
            opening = await self._client.http.get_message(post, post)
            return opening["content"].startswith(self._continues("").rstrip())
        return False

    async def _new_post(
        self,
        desk: discord.ForumChannel,
        title: str,
        message: OutgoingMessage,
        rendered: Rendered,
        files: list[discord.File],
        mentions: discord.AllowedMentions,
    ) -> int:
        alone = len(rendered.parts) == 1
        view = render.view_of(rendered.buttons, self._texts) if alone else None
        options: dict[str, Any] = {"view": view} if view else {}
        if alone and not rendered.after:
            options["files"] = self._poster.with_rest(files, rendered)
        made: Any = await desk.create_thread(
            name=title,
            content=rendered.parts[0],
            applied_tags=tags_for(desk, message.labels, new=True),
            allowed_mentions=mentions,
            suppress_embeds=True,
            auto_archive_duration=ARCHIVE_AFTER,
            **options,
        )
        return int(made.thread.id)

    async def _found(self, desk: discord.ForumChannel | discord.TextChannel, title: str) -> int | None:
        """Look for the thread that was made before a crash; a locked one is of no use."""
        me = self._client.user
        for thread in await desk.guild.active_threads():
            mine = me is not None and thread.owner_id == me.id
            if mine and thread.parent_id == desk.id and thread.name == title and not thread.locked:
                return thread.id
        return None

    async def channel(self, address: Address) -> discord.ForumChannel | discord.TextChannel:
        """Give the desk's channel.

        Raises:
            DeliveryError: it is neither a forum nor a text channel.
        """
        number = int(address.chat)
        found = self._client.get_channel(number) or await self._client.fetch_channel(number)
        if isinstance(found, discord.ForumChannel | discord.TextChannel):
            return found
        raise DeliveryError("discord.desk_channel is neither a forum nor a text channel", retry_after=300.0)

    async def delete(self, message: OutgoingMessage) -> Receipt:
        """Remove an escalation's thread with all that was said in it."""
        if message.to.thread is not None:
            with suppress(discord.NotFound):  # gone is gone
                await self._client.http.delete_channel(int(message.to.thread))
        return Receipt("0")


def _on_top(line: str, rendered: Rendered) -> Rendered:
    """Put a line over a text, as a message of its own where it does not fit."""
    first, *others = rendered.parts
    whole = f"{line}\n\n{first}"
    fits = split.length(whole) <= split.MESSAGE_LIMIT
    return replace(rendered, parts=[whole, *others] if fits else [line, first, *others])


def _page_line(rendered: Rendered) -> str:
    return rendered.parts[0].partition("\n")[0]
