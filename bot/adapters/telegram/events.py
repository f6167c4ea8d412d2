"""Telegram's updates as our events (pure): translated, never decided upon. The role is filled in later."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TypedDict

from telegram import CallbackQuery, Message, MessageEntity, Update, User

from bot.adapters.telegram import keyboard, utf16
from bot.adapters.telegram.commands import EVERY_COMMAND
from bot.adapters.telegram.files import attachments
from bot.adapters.telegram.here import Here
from bot.adapters.telegram.names import PLATFORM, private, replies_to
from bot.adapters.telegram.triggers import hidden_id, receipt_id
from bot.domain.messages import (
    Address,
    Addressed,
    ButtonPressed,
    ChatMoved,
    CommandGiven,
    Event,
    MessageReceived,
    Place,
    Sender,
)
from bot.domain.people import PersonId

UNREADABLE = ("contact", "location", "venue", "poll", "sticker", "dice", "story")  # what holds no words and no files
ANONYMOUS = "Admin"  # the name of an admin who hides theirs and has no title


class _Common(TypedDict):
    """What every event has."""

    event_id: str
    at: datetime
    sender: Sender
    address: Address
    place: Place
    room: Address | None


def to_event(update: Update, here: Here, now: datetime) -> Event | None:
    """Give what an update means; None for what is no business of ours (service messages, channels, other bots).

    `now` is for presses: Telegram does not say when they happened.
    """
    if update.callback_query:
        return _press(update.callback_query, update.update_id, here, now)
    message = update.message or update.edited_message
    if message is None or not _is_of_a_person(message) or _is_for_another_bot(message, here):
        return None
    common = _common(message, update.update_id, here)
    edited = update.message is None
    if command := _command(message, here):
        return _given(message, common, *command, here, edited=edited)
    return _written(message, common, here, edited=edited)


def chat_moved(old: int, new: int, here: Here) -> ChatMoved:
    """Give the news that a group has a new number; a desk goes on under the one of the settings."""
    kept = old if old == here.desk else new
    return ChatMoved(f"{PLATFORM}:moved:{old}:{new}", PLATFORM, str(old), str(kept))


def _is_of_a_person(message: Message) -> bool:
    """Tell people's messages from service messages, channel posts and other bots; hidden admins are people."""
    if message.is_automatic_forward or message.chat.type == "channel":
        return False
    if not (_says_something(message) or _is_unreadable(message)):
        return False
    return message.sender_chat is not None or (message.from_user is not None and not message.from_user.is_bot)


def _says_something(message: Message) -> bool:
    return bool(message.text or message.caption or attachments(message))


def _is_unreadable(message: Message) -> bool:
    """Tell what was sent and cannot be passed on; a place that moves comes again and again as an edit."""
    return message.edit_date is None and any(getattr(message, kind) for kind in UNREADABLE)


def _common(message: Message, update_id: int, here: Here) -> _Common:
    sender = _sender(message)
    address, place, room = _where(message, sender, here)
    at = message.edit_date or message.date
    return _Common(
        event_id=f"telegram:update:{update_id}", at=at, sender=sender, address=address, place=place, room=room
    )


def _where(message: Message, sender: Sender, here: Here) -> tuple[Address, Place, Address | None]:
    """Give address, place and room: what a group does not see is between the bot and that one person."""
    address, place = _address(message, here), _place(message, here)
    if place is Place.GROUP and hidden_id(message) is not None:
        return Address.private_with(sender.id), Place.PRIVATE, address
    return address, place, None


def _id_of(message: Message, user: str) -> str:
    """Give a message's id; one that only one person sees has its own."""
    hidden = hidden_id(message)
    return str(message.message_id) if hidden is None else receipt_id(int(user), hidden)


def _sender(message: Message) -> Sender:
    """Give who wrote; somebody who writes as a group or channel is that group or channel."""
    if message.sender_chat:
        name = message.author_signature or message.sender_chat.title or ANONYMOUS
        return Sender(PersonId(PLATFORM, str(message.sender_chat.id)), name)
    return _person(message.from_user) if message.from_user else Sender(PersonId(PLATFORM, "0"), ANONYMOUS)


def _person(user: User) -> Sender:
    return Sender(PersonId(PLATFORM, str(user.id)), user.full_name, language=user.language_code)


def _place(message: Message, here: Here) -> Place:
    if message.chat.type == "private":
        return Place.PRIVATE
    return Place.DESK if here.known_as(message.chat.id) == here.desk else Place.GROUP


def _address(message: Message, here: Here) -> Address:
    if message.chat.type == "private":
        return private(message.chat.id)
    chat = here.known_as(message.chat.id)
    if message.is_topic_message and message.message_thread_id:
        return Address(PLATFORM, str(chat), str(message.message_thread_id))
    return Address(PLATFORM, str(chat), _thread_of_replies(message, chat, here))


def _thread_of_replies(message: Message, chat: int, here: Here) -> str | None:
    """Give the thread of a message at a desk without topics: that of itself, or of the one it replies to."""
    if chat != here.desk:
        return None
    replied = message.reply_to_message.message_id if message.reply_to_message else 0
    return here.thread_of(chat, message.message_id) or here.thread_of(chat, replied)


def _reply_to(message: Message) -> Message | None:
    """Give the message replied to; in a topic Telegram names the topic's start when there is none."""
    replied = message.reply_to_message
    return None if replied is None or replied.forum_topic_created else replied


def _command(message: Message, here: Here) -> tuple[str, str] | None:
    """Give name and argument of a command for this bot."""
    entities = message.entities or message.caption_entities
    first = entities[0] if entities else None
    if first is None or first.type != MessageEntity.BOT_COMMAND or first.offset != 0:
        return None
    _, word, rest = utf16.cut(message.text or message.caption or "", 0, first.length)
    name, at, bot = word.removeprefix("/").partition("@")
    if at and bot.lower() != here.bot_name.lower():
        return None
    ours = at or name.lower() in EVERY_COMMAND or message.chat.type == "private" or _is_in_desk_thread(message, here)
    return (name.lower(), rest.strip()) if ours else None


def _is_in_desk_thread(message: Message, here: Here) -> bool:
    """Tell whether words would go to an asker: a mistyped command there is one that the bot does not know."""
    return _place(message, here) is Place.DESK and _address(message, here).thread is not None


def _given(message: Message, common: _Common, name: str, argument: str, here: Here, *, edited: bool) -> Event:
    linked = keyboard.button_of_payload(argument) if name == "start" and not edited else None
    if linked and message.chat.type == "private":
        action, subject = linked
        return ButtonPressed(**common, action=action, subject=subject, message_id=str(message.message_id))
    replied = _reply_to(message)
    return CommandGiven(
        **common,
        name=name,
        argument="" if name == "start" else argument,
        message_id=str(message.message_id) if common["room"] is None else None,
        reply_to=_id_of(replied, common["sender"].id.user) if replied else None,
        attachments=attachments(message),
        edited=edited,
    )


def _written(message: Message, common: _Common, here: Here, *, edited: bool) -> MessageReceived:
    text, mentioned = _without_mention(message, here)
    replied = _reply_to(message)
    return MessageReceived(
        **common,
        text=text,
        message_id=_id_of(message, common["sender"].id.user),
        addressed=_addressed(message, common, here, mentioned=mentioned),
        reply_to=_id_of(replied, common["sender"].id.user) if replied else None,
        attachments=attachments(message),
        edited=edited,
        unreadable=not _says_something(message),
    )


def _addressed(message: Message, common: _Common, here: Here, *, mentioned: bool) -> Addressed:
    if message.via_bot and message.via_bot.id == here.bot_id:
        return Addressed.NO  # an entry that somebody picked with inline mode: an answer, not a question
    replied = _reply_to(message)
    to_bot = replied is not None and replied.from_user is not None and replied.from_user.id == here.bot_id
    if common["place"] is Place.PRIVATE or mentioned or to_bot:
        return Addressed.DIRECT
    if common["place"] is Place.GROUP and here.is_ask_chat(int(common["address"].chat), common["address"].thread):
        return Addressed.ASK_CHANNEL
    return Addressed.NO


def _is_for_another_bot(message: Message, here: Here) -> bool:
    """Tell a command that is none of ours, in a group."""
    entities = message.entities or message.caption_entities
    starts = bool(entities) and entities[0].type == MessageEntity.BOT_COMMAND and entities[0].offset == 0
    return starts and message.chat.type != "private" and _command(message, here) is None


def _without_mention(message: Message, here: Here) -> tuple[str, bool]:
    """Give the text without the bot's name, and whether it was named."""
    text = message.text or message.caption or ""
    named = [entity for entity in (message.entities or message.caption_entities) if _is_me(text, entity, here)]
    for entity in sorted(named, key=lambda one: one.offset, reverse=True):
        before, _, after = utf16.cut(text, entity.offset, entity.length)
        text = before.rstrip() + after if after.startswith(("?", "!", ".", ",")) else _closed(before, after)
    return (text.strip().lstrip(",:").strip() if named else text), bool(named)


def _closed(before: str, after: str) -> str:
    return before + after.lstrip(" ") if not before or before[-1].isspace() else before + after


def _is_me(text: str, entity: MessageEntity, here: Here) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == here.bot_id
    name = utf16.cut(text, entity.offset, entity.length)[1]
    return entity.type == MessageEntity.MENTION and name.lower() == f"@{here.bot_name.lower()}"


def _press(query: CallbackQuery, update_id: int, here: Here, now: datetime) -> ButtonPressed | None:
    button = keyboard.button_of(query.data or "")
    if button is None or query.message is None or query.from_user.is_bot:
        return None
    action, subject = button
    sender, message = _person(query.from_user), query.message
    unseen = _where(message, sender, here) if isinstance(message, Message) and hidden_id(message) else None
    address, place, room = unseen or (_pressed_at(query, here), _pressed_in(query, here), None)
    return ButtonPressed(
        event_id=f"telegram:update:{update_id}",
        at=now,
        sender=sender,
        address=address,
        place=place,
        room=room,
        action=action,
        subject=subject,
        message_id=_id_of(message, sender.id.user) if isinstance(message, Message) else str(message.message_id),
    )


def _pressed_at(query: CallbackQuery, here: Here) -> Address:
    """Give where a button was pressed; of a message that is too old Telegram tells no topic."""
    message = query.message
    if isinstance(message, Message):
        address = _address(message, here)
        desk_without_topics = address.thread is None and _place(message, here) is Place.DESK
        return replace(address, thread=_own_thread(message, here)) if desk_without_topics else address
    chat = message.chat.id if message else 0
    return private(chat) if chat > 0 else Address(PLATFORM, str(here.known_as(chat)))


def _own_thread(message: Message, here: Here) -> str | None:
    """Give the thread of replies that a message of ours is in: it hangs on the card, or is the card."""
    if message.chat.is_forum:
        return None
    replied = message.reply_to_message
    return replies_to(replied.message_id if replied else message.message_id)


def _pressed_in(query: CallbackQuery, here: Here) -> Place:
    chat = query.message.chat.id if query.message else 0
    if chat > 0:
        return Place.PRIVATE
    return Place.DESK if here.known_as(chat) == here.desk else Place.GROUP
