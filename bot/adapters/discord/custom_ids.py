"""What a component carries: `v1:ACTION:SUBJECT`, so that it works after any restart (pure)."""

from __future__ import annotations

import re

LONGEST = 100  # characters of a custom_id or an option's value, Discord API "Component reference"
FORM = "form-"  # in front of a form's action, in its own custom_id
PICK = "v1:pick:"  # a select; what is meant lies in the value of the chosen option
_SHAPE = re.compile(r"v1:(?P<action>[a-z_-]{1,40}):(?P<subject>.*)", re.DOTALL)


def encode(action: str, subject: str = "") -> str | None:
    """Give the custom_id of a choice; None where it would be too long (its words can still be typed)."""
    custom_id = f"v1:{action}:{subject}"
    return custom_id if len(custom_id) <= LONGEST else None


def decode(custom_id: str) -> tuple[str, str] | None:
    """Give action and subject; None for a custom_id that is none of ours."""
    found = _SHAPE.fullmatch(custom_id)
    return (found["action"], found["subject"]) if found else None
