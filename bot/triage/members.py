"""Is a message in a channel for questions meant for another member, so that the bot stays out of it."""

from __future__ import annotations

import re

from bot.triage.wording import regex, words

# The bot's own mention is taken out before: who is still named is somebody else. Some names stand for everybody.
_NAMES_SOMEBODY = re.compile(
    r"^\W*(?:(?:hi|hey|hello|hiya|oh|aw+|yes|no|thanks|thank you|lol|haha|sorry),? )?"
    r"@(?!(?:all|everyone|everybody|here|channel|group|team|admins?|mods?|moderators?|volunteers?|bot)\b)\w",
    re.IGNORECASE,
)
_FOR_ALL = re.compile(
    r"\b(?:any ?one|any ?body|someone|somebody|everyone|everybody|you all(?! right)|all of you|any of you)\b"
)
_DEAR = r"(?:hun|hon|honey|love|lovely|mate|pet|darling|sweetie|sweetheart|babe|bro|sis|dear)"
_SPOKEN_TO = regex(rf"""
    \b(?:you|your)\b.{{0,60}} {_DEAR}(?: x+)?$|^(?:(?:hi|hey|hello|oh|aw+) )?{_DEAR}[ ,]+.*\b(?:you|your)\b
    |^(?:[a-z]+ )?{_DEAR} , .*\b(?:you|your)\b
""")
_OF_A_HELPER = re.compile(r"\b(?:can|could|would|will|do) you (?:please )?(?:tell|help|send|explain|know|show|give)\b")
_LONGEST = 20  # words; what goes on for longer tells or asks something besides


def is_for_a_member(text: str) -> bool:
    """Tell whether a message opens with somebody's name behind an @, or speaks to one person as friends do."""
    said = words(text)
    if len(said.split()) > _LONGEST or _FOR_ALL.search(said):
        return False
    if _NAMES_SOMEBODY.match(text):
        return True
    return bool(_SPOKEN_TO.search(said.strip(" ,"))) and not _OF_A_HELPER.search(said)
