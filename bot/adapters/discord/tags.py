"""The tags of a forum's posts: where a question stands, seen from the list."""

from __future__ import annotations

from collections.abc import Sequence

import discord
import structlog

TAGS = ("new", "claimed", "waiting", "urgent", "closed")
MOST_APPLIED = 5  # tags on one post, Discord API "Channel"
log = structlog.get_logger()


def tags_for(forum: discord.ForumChannel, labels: Sequence[str], *, new: bool = False) -> list[discord.ForumTag]:
    """Give a forum's tags for a card's labels: one that waits for the first time is new.

    Without a label, or a tag for one, it is none, but in a forum that takes no post without a tag: there any is better
    than no post, rather one that says nothing of a question.
    """
    names = ["new" if label == "waiting" and new else label for label in labels]
    found = [tag for tag in forum.available_tags if tag.name.casefold() in names][:MOST_APPLIED]
    if found or not forum.flags.require_tag:
        return found
    return sorted(forum.available_tags, key=lambda tag: tag.name.casefold() in TAGS)[:1]


async def retag(client: discord.Client, thread_id: int, labels: Sequence[str]) -> None:
    """Show the labels of a card as tags of its post; a desk without tags works as well."""
    if not labels:
        return
    try:
        thread = client.get_channel(thread_id) or await client.fetch_channel(thread_id)
        if not isinstance(thread, discord.Thread) or not isinstance(thread.parent, discord.ForumChannel):
            return
        tags = tags_for(thread.parent, labels)
        if {tag.id for tag in tags} != {tag.id for tag in thread.applied_tags}:
            await thread.edit(applied_tags=tags)
    except (discord.HTTPException, discord.ClientException, discord.RateLimited) as error:
        log.warning("discord.tags_not_set", error=str(error), do="run `hsct-bot doctor`")
