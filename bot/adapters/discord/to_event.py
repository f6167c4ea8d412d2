"""What happened on Discord, as events of ours (no I/O)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import discord

from bot.config import DiscordSettings
from bot.domain.messages import (
    PRIVATE_CHAT,
    Address,
    Addressed,
    Attachment,
    ButtonPressed,
    CommandGiven,
    FileKind,
    MessageReceived,
    Place,
    Sender,
)
from bot.domain.people import PersonId, Role

PLATFORM = "discord"
READABLE = (discord.MessageType.default, discord.MessageType.reply)  # the rest is Discord's own "X joined"


@dataclass(frozen=True, slots=True)
class Rooms:
    """What the settings say about channels and roles, and who we are."""

    me: int
    desk: int | None
    ask: frozenset[int]
    volunteers: frozenset[int]
    leads: frozenset[int]

    @classmethod
    def of(cls, settings: DiscordSettings, me: int) -> Rooms:
        """Read them from the settings."""
        volunteers, leads = frozenset(settings.volunteer_roles), frozenset(settings.lead_roles)
        return cls(me, settings.desk_channel, frozenset(settings.ask_channels), volunteers, leads)

    def role(self, role_ids: Iterable[int]) -> Role:
        """Give what somebody with these Discord roles may do."""
        held = set(role_ids)
        if held & self.leads:
            return Role.LEAD
        return Role.VOLUNTEER if held & self.volunteers else Role.ASKER


@dataclass(frozen=True, slots=True)
class Where:
    """The room of an event; `parent` is the channel a thread hangs in, or the channel itself.

    `group` is the channel, where only one person sees what is said.
    """

    address: Address
    place: Place
    parent: int
    group: Address | None = None


def private(user: int, group: Address | None = None) -> Where:
    """Give the private chat with somebody."""
    return Where(Address(PLATFORM, f"{PRIVATE_CHAT}{user}"), Place.PRIVATE, 0, group)


def where(rooms: Rooms, channel: object, user: int) -> Where:
    """Give the room of a channel; a private thread that we opened is that person's private chat."""
    if isinstance(channel, discord.Thread):
        if channel.type is discord.ChannelType.private_thread and channel.parent_id != rooms.desk:
            return private(user) if channel.owner_id == rooms.me else _group(channel.parent_id, channel.id)
        if channel.parent_id == rooms.desk:
            return Where(Address(PLATFORM, str(rooms.desk), str(channel.id)), Place.DESK, channel.parent_id)
        return _group(channel.parent_id, channel.id)
    if isinstance(channel, discord.DMChannel | discord.GroupChannel) or channel is None:
        return private(user)
    channel_id = int(getattr(channel, "id"))  # noqa: B009  # every other channel has one
    if getattr(channel, "guild_id", None) is None and getattr(channel, "guild", None) is None:
        return private(user)
    if channel_id == rooms.desk:
        return Where(Address(PLATFORM, str(channel_id)), Place.DESK, channel_id)
    return _group(channel_id, None)


def _group(channel: int, thread: int | None) -> Where:
    return Where(Address(PLATFORM, str(channel), str(thread) if thread else None), Place.GROUP, channel)


def roles_of(user: discord.abc.User) -> Sequence[int]:
    """Give the ids of the Discord roles that came along with somebody."""
    return [role.id for role in user.roles] if isinstance(user, discord.Member) else []


def sender(user: discord.abc.User, role: Role, locale: discord.Locale | None = None) -> Sender:
    """Give who caused an event; only interactions tell the language."""
    return Sender(PersonId(PLATFORM, str(user.id)), user.display_name, role, locale.value if locale else None)


def is_for_people(message: discord.Message) -> bool:
    """Tell whether a message is of Discord itself, of a bot, or of a webhook: none of it is ours to answer."""
    return message.author.bot or message.webhook_id is not None or message.type not in READABLE


def message_event(
    message: discord.Message, room: Where, rooms: Rooms, role: Role, edited_at: datetime | None = None
) -> MessageReceived:
    """Give a message, or its edit, as an event."""
    event_id = f"{PLATFORM}:message:{message.id}"
    return MessageReceived(
        event_id=f"{event_id}:edit:{edited_at.timestamp():.3f}" if edited_at else event_id,
        at=edited_at or message.created_at,
        sender=sender(message.author, role),
        address=room.address,
        place=room.place,
        text=text_of(message, rooms.me),
        message_id=str(message.id),
        addressed=addressed(message, room, rooms),
        reply_to=answered(message),
        attachments=tuple(attachment(message, file) for file in message.attachments),
        edited=edited_at is not None,
    )


def addressed(message: discord.Message, room: Where, rooms: Rooms) -> Addressed:
    """Tell how far a message is meant for the bot."""
    if room.place is Place.PRIVATE or mentions_us(message, rooms.me) or replies_to_us(message, rooms.me):
        return Addressed.DIRECT
    return Addressed.ASK_CHANNEL if room.parent in rooms.ask else Addressed.NO


def mentions_us(message: discord.Message, me: int) -> bool:
    """Tell whether the bot, or the role Discord gave it, is mentioned."""
    return any(user.id == me for user in message.mentions) or _own_role(message, me) is not None


def _own_role(message: discord.Message, me: int) -> int | None:
    for role in message.role_mentions:
        if role.tags and role.tags.bot_id == me:
            return role.id
    return None


def replies_to_us(message: discord.Message, me: int) -> bool:
    """Tell whether a message replies to one of the bot's."""
    answered_one = message.reference.resolved if message.reference else None
    return isinstance(answered_one, discord.Message) and answered_one.author.id == me


def answered(message: discord.Message) -> str | None:
    """Give the id of the message it replies to; a forwarded message replies to nothing."""
    if message.reference is None or message.type is not discord.MessageType.reply:
        return None
    return str(message.reference.message_id) if message.reference.message_id else None


def text_of(message: discord.Message, me: int) -> str:
    """Give the words without the mention of the bot, other people's by name."""
    names = {user.id: user.display_name for user in message.mentions if user.id != me}
    roles = {role.id: role.name for role in message.role_mentions}
    return readable(message.content, me, _own_role(message, me), names, roles)


def readable(content: str, me: int, own_role: int | None, names: dict[int, str], roles: dict[int, str]) -> str:
    """Cut the bot's own mention from a text, and write the others as people read them (pure)."""

    def person(found: re.Match[str]) -> str:
        user = int(found[1])
        return " " if user == me else "@" + names.get(user, "someone")

    def role(found: re.Match[str]) -> str:
        number = int(found[1])
        return " " if number == own_role else "@" + roles.get(number, "some role")

    text = re.sub(r"<@!?(\d{1,20})>", person, content)
    text = re.sub(r"<@&(\d{1,20})>", role, text)
    text = re.sub(r"<a?(:\w{2,32}:)\d{1,20}>", r"\1", text)
    return re.sub(r"[ \t]{2,}", " ", text).strip()


def attachment(message: discord.Message, file: discord.Attachment) -> Attachment:
    """Give a file by the place it can always be found again: its own address stops working after a day."""
    kind = FileKind.DOCUMENT
    if file.is_voice_message():
        kind = FileKind.VOICE
    elif (file.content_type or "").startswith("image/"):
        kind = FileKind.PHOTO
    return Attachment(PLATFORM, f"{message.channel.id}/{message.id}/{file.id}", kind, file.filename, file.size)


def interaction_id(interaction: discord.Interaction) -> str:
    """Give the event id of an interaction."""
    return f"{PLATFORM}:interaction:{interaction.id}"


def press_event(interaction: discord.Interaction, room: Where, role: Role, action: str, subject: str) -> ButtonPressed:
    """Give a press, or a choice from a menu, as an event."""
    return ButtonPressed(
        event_id=interaction_id(interaction),
        at=interaction.created_at.astimezone(UTC),
        sender=sender(interaction.user, role, interaction.locale),
        address=room.address,
        place=room.place,
        room=room.group,
        action=action,
        subject=subject,
        message_id=str(interaction.message.id) if interaction.message else None,
    )


def command_event(
    interaction: discord.Interaction, room: Where, role: Role, name: str, argument: str, *, hidden: bool = False
) -> CommandGiven:
    """Give a slash command, a context menu or a filled-in form as an event."""
    return CommandGiven(
        event_id=interaction_id(interaction),
        at=interaction.created_at.astimezone(UTC),
        sender=sender(interaction.user, role, interaction.locale),
        address=room.address,
        place=room.place,
        room=room.group,
        name=name,
        argument=argument,
        hidden=hidden,
    )
