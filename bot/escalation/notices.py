"""What asker and volunteers are told at each step of an escalation (pure)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.escalation import Escalation, Reason, Said, Voice
from bot.domain.messages import Address, Block, Button, OutgoingMessage, Style
from bot.texts import Texts

SUBJECT_LENGTH = 60  # characters of the question in a thread's title
STARTS_NOTE = "//"  # a volunteer's line that stays inside


def thread_title(texts: Texts, escalation: Escalation) -> str:
    """Give the name of an escalation's thread on a desk."""
    subject = " ".join(escalation.question.split())
    if len(subject) > SUBJECT_LENGTH:
        subject = subject[: SUBJECT_LENGTH - 1].rsplit(" ", 1)[0] + "…"
    return texts("desk.thread_title", number=escalation.id, subject=subject)


def status_text(texts: Texts, escalation: Escalation) -> str:
    """Give the status in words."""
    return texts(f"status.{escalation.status}", name=escalation.owner_name or "")


def signed(texts: Texts, shown: str | None) -> str:
    """Give how the asker reads who writes: by the name they chose, or as "A volunteer"."""
    return texts("volunteer.named", name=shown) if shown else texts("volunteer.unnamed")


def status_for_asker(texts: Texts, escalation: Escalation) -> str:
    """Give the status in words, with the owner as the asker sees them."""
    return texts(f"status.{escalation.status}", name=escalation.owner_shown or texts("volunteer.one"))


def on_desk(
    texts: Texts,
    desk: Address,
    escalation: Escalation,
    *blocks: Block,
    buttons: tuple[Button, ...] = (),
    key: str | None = None,
) -> OutgoingMessage:
    """Give a message for an escalation's thread on a desk; a volunteer's private chat is none, and has no threads."""
    if desk.is_private:
        return OutgoingMessage(desk, blocks, buttons, key=key)
    return OutgoingMessage(
        desk,
        blocks,
        buttons,
        escalation_id=escalation.id,
        on_desk=True,
        thread_title=thread_title(texts, escalation),
        key=key,
    )


def to_asker(escalation: Escalation, *blocks: Block, buttons: tuple[Button, ...] = ()) -> OutgoingMessage:
    """Give a message for the asker, as a reply to the question where it was asked."""
    same_place = escalation.message_id and not escalation.private
    return OutgoingMessage(
        escalation.reply_to,
        blocks,
        buttons,
        reply_to=escalation.message_id if same_place else None,
        escalation_id=escalation.id,
        person=escalation.asker,
    )


def in_words(time: timedelta) -> str:
    """Give a length of time roughly, as people say it."""
    minutes = round(time.total_seconds() / 60)
    if minutes < 1:
        return "a minute"
    if minutes < 90:
        return f"{minutes} minutes" if minutes > 1 else "a minute"
    hours = round(minutes / 60)
    return f"{hours} hours" if hours < 48 else f"{round(hours / 24)} days"


def opened(texts: Texts, escalation: Escalation, wait: str) -> tuple[Block, ...]:
    """Give what the asker is told at opening: the reference, who reads it, when and where the answer comes."""
    place = "escalation.reply_private" if escalation.private else "escalation.reply_here"
    readers = "escalation.seen_by" if escalation.private else "escalation.seen_by_group"
    return (
        Block(texts("escalation.opened", number=escalation.id, wait=wait)),
        Block(f"{texts(readers, pseudonym=escalation.asker_name)} {texts(place)}"),
    )


def opened_buttons(texts: Texts, escalation: Escalation) -> tuple[Button, ...]:
    """Give the asker's choices at opening."""
    buttons = [] if escalation.urgent else [Button(texts("button.cancel"), "cancel", str(escalation.id))]
    if not escalation.private:
        buttons.append(Button(texts("button.in_private"), "in_private", str(escalation.id)))
    buttons.append(Button(texts("button.show_name"), "show_name", str(escalation.id)))
    return tuple(buttons)


def taken(texts: Texts, escalation: Escalation) -> tuple[OutgoingMessage, ...]:
    """Tell the asker who has it; nothing for those who hear nothing.

    After a cry for help in a group, this is where the choice of place comes: the safety text stands alone.
    """
    if escalation.reason in SILENT_REASONS:
        return ()
    who = signed(texts, escalation.owner_shown)
    in_private = (Button(texts("button.in_private"), "in_private", str(escalation.id)),)
    buttons = in_private if escalation.urgent and not escalation.private else ()
    return (to_asker(escalation, Block(texts("escalation.taken", who=who, number=escalation.id)), buttons=buttons),)


def back_in_queue(texts: Texts, escalation: Escalation) -> OutgoingMessage:
    """Tell the asker that it waits for another volunteer."""
    return to_asker(escalation, Block(texts("escalation.handed_back", number=escalation.id)))


def relayed(texts: Texts, escalation: Escalation, shown: str, text: str) -> OutgoingMessage:
    """Give a volunteer's reply as the asker gets it; `shown` is the name they chose, or empty."""
    return to_asker(
        escalation,
        Block(texts("escalation.from_volunteer", who=signed(texts, shown), number=escalation.id)),
        Block(text, Style.QUOTE),
        Block(texts("escalation.how_to_reply", name=shown or texts("volunteer.the")), Style.SMALL),
    )


def closed(texts: Texts, escalation: Escalation) -> OutgoingMessage:
    """Give the last word to the asker, with the question whether it helped, if there was an answer."""
    subject = str(escalation.id)
    again = Block(texts("escalation.closed_again", number=escalation.id), Style.SMALL)
    if escalation.answered_at is None:
        return to_asker(escalation, Block(texts("escalation.closed_unanswered", number=escalation.id)), again)
    return to_asker(
        escalation,
        Block(texts("escalation.closed", number=escalation.id)),
        again,
        buttons=(
            Button(texts("button.helped"), "helped", subject),
            Button(texts("button.not_helped"), "not_helped", subject),
        ),
    )


def quoted(texts: Texts, said: Said) -> tuple[Block, ...]:
    """Give one thing said, for a desk that did not see it happen."""
    keys = {Voice.ASKER: "desk.asker_says", Voice.VOLUNTEER: "desk.volunteer_says", Voice.NOTE: "desk.note_says"}
    return (Block(texts(keys[said.voice], name=said.name, pseudonym=said.name)), Block(said.text, Style.QUOTE))


SILENT_REASONS = frozenset({Reason.SPAM})  # the sender hears nothing of these


def as_of_now(escalation: Escalation, message: OutgoingMessage) -> OutgoingMessage:
    """Give a message that was not sent as it is to be sent now: to the place that its asker has chosen since."""
    if message.person != escalation.asker or message.to == escalation.reply_to:
        return message
    now = to_asker(escalation)
    return replace(message, to=now.to, reply_to=now.reply_to, room=None)
