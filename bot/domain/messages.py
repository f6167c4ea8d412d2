"""What comes in (events) and what goes out (messages), without a word of any platform.

Adapters translate a platform's updates into events and outgoing messages into its calls; all times are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.people import PersonId, Role

OWN_FILES = "own"  # the platform of files that the bot writes itself
PRIVATE_CHAT = "dm:"  # in front of the user's id: every adapter names private chats this way


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message was seen or goes: a chat, and the thread in it where there is one."""

    platform: str
    chat: str
    thread: str | None = None

    def __str__(self) -> str:
        """Give the form used as a lock and a lane: `platform:chat` or `platform:chat/thread`."""
        return f"{self.platform}:{self.chat}" + (f"/{self.thread}" if self.thread else "")

    @classmethod
    def parse(cls, text: str) -> Address:
        """Give the address that `str` has written."""
        platform, _, rest = text.partition(":")
        chat, _, thread = rest.partition("/")
        return cls(platform, chat, thread or None)

    @classmethod
    def private_with(cls, person: PersonId) -> Address:
        """Give the private chat of the bot with somebody: adapters turn `dm:USER` into the platform's own id."""
        return cls(person.platform, PRIVATE_CHAT + person.user)

    @property
    def is_private(self) -> bool:
        """Tell whether only one person reads here."""
        return self.chat.startswith(PRIVATE_CHAT)


class Place(StrEnum):
    """What kind of room an event happened in."""

    PRIVATE = "private"  # the bot and one person
    GROUP = "group"  # members among themselves
    DESK = "desk"  # where volunteers work


class Addressed(StrEnum):
    """How far a message was meant for the bot."""

    NO = "no"  # people talking to each other: the bot stays out of it
    ASK_CHANNEL = "ask_channel"  # said in a channel for questions, to nobody in particular
    DIRECT = "direct"  # mention, reply to the bot, command, private chat, context menu


@dataclass(frozen=True, slots=True)
class Sender:
    """Who caused an event, as the platform knows them at that moment; `language` is that of their app, if it tells."""

    id: PersonId
    name: str
    role: Role = Role.ASKER
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What every event has; `event_id` is the same when the platform delivers it again.

    `room` is the group it happened in, where only the bot and the sender see it (`address` is then their private chat).
    """

    event_id: str
    at: datetime
    sender: Sender
    address: Address
    place: Place
    room: Address | None = None


class FileKind(StrEnum):
    """What a file is shown as."""

    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on the platform it was sent on; `ref` is what its adapter fetches it by, `size` is in bytes.

    Of a file that the bot has written itself (`OWN_FILES`), `ref` is the text.
    """

    platform: str
    ref: str
    kind: FileKind
    name: str
    size: int | None = None

    @classmethod
    def written(cls, name: str, text: str) -> Attachment:
        """Give a file of the bot's own."""
        return cls(OWN_FILES, text, FileKind.DOCUMENT, name, len(text.encode()))


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody said: text and files; `source` names the message it stands in, so that an edit finds it again."""

    text: str
    attachments: tuple[Attachment, ...] = ()
    source: str | None = None

    def id_in(self, address: Address) -> str | None:
        """Give the id of the message it stands in, if that is in the same chat."""
        chat, _, message_id = (self.source or "").rpartition(":")
        return message_id if chat == f"{address.platform}:{address.chat}" else None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(Happened):
    """Somebody wrote a message; `reply_to` is the id of the message it answers.

    An edit is the same message (`message_id`) again with `edited` and an `event_id` of its own. One that is
    `unreadable` holds neither words nor files, but a sticker, a place or the like, which nobody is given.
    """

    text: str
    message_id: str
    addressed: Addressed = Addressed.DIRECT
    reply_to: str | None = None
    attachments: tuple[Attachment, ...] = ()
    edited: bool = False
    unreadable: bool = False

    @property
    def words(self) -> Words:
        """Give what was said, with where it stands."""
        return Words(self.text, self.attachments, _source(self.address, self.message_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonPressed(Happened):
    """Somebody pressed a button; `action` and `subject` are those of the `Button`."""

    action: str
    subject: str = ""
    message_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandGiven(Happened):
    """Somebody gave a command such as `/faq cost mexico`: name `faq`, argument `cost mexico`.

    One that is `edited` may have been given before, in the same message.
    """

    name: str
    argument: str = ""
    message_id: str | None = None
    reply_to: str | None = None
    hidden: bool = False  # given in a form: nobody else at the desk has seen its words
    attachments: tuple[Attachment, ...] = ()
    edited: bool = False

    def words(self, text: str) -> Words:
        """Give a part of the argument as what was said, with where it stands."""
        return Words(text, self.attachments, _source(self.address, self.message_id) if self.message_id else None)

    def as_message(self, text: str) -> MessageReceived:
        """Give a part of the argument as if it had been written without a command."""
        return MessageReceived(
            event_id=self.event_id,
            at=self.at,
            sender=self.sender,
            address=self.address,
            place=self.place,
            room=self.room,
            text=text,
            message_id=self.message_id or "",
            attachments=self.attachments,
            edited=self.edited,
        )


def _source(address: Address, message_id: str) -> str:
    return f"{address.platform}:{address.chat}:{message_id}"


@dataclass(frozen=True, slots=True)
class ChatMoved:
    """A group has a new number: what is kept under the old one follows, and its messages' ids count no longer.

    A desk goes on under the number that the settings have for it: then `new` is `old`.
    """

    event_id: str
    platform: str
    old: str
    new: str


Event = MessageReceived | ButtonPressed | CommandGiven


class Style(StrEnum):
    """How a piece of a message is to be read."""

    PLAIN = "plain"  # our own words, no markup
    TITLE = "title"  # our own words, standing over what follows
    CURATED = "curated"  # an answer: paragraphs, `- ` lists and [links](https://...)
    QUOTE = "quote"  # somebody's words: data, never markup, never a mention
    SMALL = "small"  # sources and dates


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a message; adapters set blocks apart by an empty line."""

    text: str
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Button:
    """A choice; typing `label` does the same as pressing it."""

    label: str
    action: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that goes with a message; `alt` says in words what it shows."""

    path: str
    alt: str


@dataclass(frozen=True, slots=True)
class TellFate:
    """Where a desk is told what became of a message, and under which key."""

    desk: Address
    key: str


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message to be sent: stored with the change that caused it, sent by the outbox.

    `escalation_id` names the escalation it is about. With `on_desk` it goes into that escalation's thread on the
    desk `to`, which the adapter makes (named `thread_title`) when there is none yet. A message with a `key` takes
    the place of the last one sent there with the same key, where the platform can edit; one with `in_place_of` takes
    that message's place. `discreet` asks that in a group only `person` sees it, where the platform can do that; one
    that is `shareable` can then be put before the group (a button with action `share` and the delivery's number).
    `room` is the group in which it was asked for, where `to` is a private chat because only the asker sees it.
    `acknowledges` is a message that it says was taken on: a platform may put a light sign there, never instead of it.
    `only_for` is what its reader must still be when it is sent: rights may be lost between storing and sending.
    `deletes_thread` removes the escalation's thread. Nothing alerts anybody but `page`, the alarm, and `pages`, the
    numbers of those whom a message at the desk mentions; an alarm without `pages` is for everybody at that desk.
    """

    to: Address
    body: tuple[Block, ...]
    buttons: tuple[Button, ...] = ()
    reply_to: str | None = None
    escalation_id: int | None = None
    on_desk: bool = False
    thread_title: str | None = None
    key: str | None = None
    page: bool = False
    pages: tuple[int, ...] = ()
    person: int | None = None  # number of the person it is for; None on a desk
    only_for: Role | None = None
    discreet: bool = False
    shareable: bool = False
    room: Address | None = None
    in_place_of: str | None = None
    acknowledges: str | None = None
    deletes_thread: bool = False
    deletes: tuple[str, ...] = ()  # the messages in that thread, where they do not go along with it
    traceless: bool = False  # dropped once it is sent: the answers to /forgetme and /audit
    shows_all: bool = False  # the answer to /mydata: not part of the next one
    attachments: tuple[Attachment, ...] = ()
    picture: Picture | None = None
    tell_fate: TellFate | None = None
    labels: tuple[str, ...] = ()  # of a card: the status, and `urgent`; a desk may show them as tags

    @property
    def group(self) -> Address | None:
        """Give the group whose question it answers; None in a private chat and on a desk."""
        return self.room or (None if self.on_desk or self.to.is_private else self.to)

    @property
    def alerts(self) -> bool:
        """Tell whether it is to alert somebody."""
        return self.page or bool(self.pages)

    def text(self) -> str:
        """Give the words alone, blocks apart by an empty line."""
        return "\n\n".join(block.text for block in self.body)


@dataclass(frozen=True, slots=True)
class Handled:
    """What came of an event: messages to store, and a word for the inbox such as `answer cost-mexico`."""

    outcome: str
    messages: tuple[OutgoingMessage, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the platform called the message that it took, and the thread it made or used."""

    message_id: str
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody whom a message mentions: the platform's id, and the name shown."""

    user: str
    name: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A stored message on its way.

    `number` is the outbox row (a nonce), `replaces` a message id to edit, `event_id` the event it answers (an
    interaction, perhaps), `user` the platform's id of the person it is for, `stored_at` since when it has waited, and
    `called` are those it mentions.
    """

    number: int
    message: OutgoingMessage
    attempt: int = 1
    replaces: str | None = None
    event_id: str | None = None
    user: str | None = None
    stored_at: datetime | None = None
    called: tuple[Called, ...] = ()
