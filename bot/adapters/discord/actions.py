"""Which action is acknowledged how: the one table of what Discord must hear within three seconds (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SEND_COPY = "copy"  # under an ephemeral answer: to the private chat


class First(StrEnum):
    """What an interaction is answered with at once, before anything is stored."""

    QUIETLY = "quietly"  # deferred as an update: nothing changes on the screen, answers follow
    EDITS = "edits"  # the same, and then the answer takes the place of the message that was pressed
    THINKING = "thinking"  # deferred with a message: Discord shows that the bot is at work
    FORM = "form"  # a modal, which has to be the first response
    OWN = "own"  # the adapter's own button, done by the adapter: copy


@dataclass(frozen=True, slots=True)
class Form:
    """A modal with one field; what is written becomes the command `command` with the subject before it."""

    command: str
    title: str  # key of its title
    label: str  # key of its field's label
    required: bool = True
    one_line: bool = False
    empty: str = ""  # sent when nothing was written
    standing: bool = False  # it begins with the words that its own would replace
    hint: str = ""  # key of what is read in the field while it is empty


FORMS = {
    "reply": Form("reply", "button.reply", "discord.form_reply"),
    "note": Form("note", "button.note", "discord.form_note"),
    "hand_back": Form("handback", "button.hand_back", "discord.form_hand_back", required=False, empty="-"),
    "send_entry": Form("canned", "button.send_entry", "discord.form_entry", one_line=True),
    "kb_part": Form("kb", "discord.form_kb_title", "discord.form_kb", standing=True, hint="discord.form_kb_hint"),
    "ask_check": Form("check", "button.ask_check", "discord.form_reply"),
    "send_back": Form("sendback", "button.send_back", "discord.form_send_back"),
    "person": Form("person", "button.person", "discord.form_person"),
}
PRESSES = {**dict.fromkeys(FORMS, First.FORM), "step": First.EDITS, SEND_COPY: First.OWN}
EVERY_OTHER_PRESS = First.QUIETLY
COMMANDS = {"person": First.FORM}  # without words; a context menu has words
EVERY_OTHER_COMMAND = First.THINKING
FOR_ASKERS = frozenset({"person"})  # forms that anybody may have; the others are for volunteers
ASKS_ONLY_WITHOUT_SUBJECT = frozenset({"person"})  # with a question to hand over there is nothing to ask


def first_for_press(action: str, subject: str) -> First:
    """Tell how a press is acknowledged."""
    if action in ASKS_ONLY_WITHOUT_SUBJECT and subject:
        return EVERY_OTHER_PRESS
    return PRESSES.get(action, EVERY_OTHER_PRESS)


def first_for_command(name: str, words: str) -> First:
    """Tell how a slash command or a context menu is acknowledged."""
    return EVERY_OTHER_COMMAND if words.strip() else COMMANDS.get(name, EVERY_OTHER_COMMAND)


def form_argument(action: str, subject: str, words: str) -> str:
    """Give the argument of the command that a filled-in form means."""
    words = words.strip() or FORMS[action].empty
    return f"{subject} {words}".strip()
