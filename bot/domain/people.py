"""Who takes part: askers, volunteers and leads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class PersonId:
    """One account on one platform."""

    platform: str
    user: str

    def __str__(self) -> str:
        """Give the form `platform:user`."""
        return f"{self.platform}:{self.user}"


class Role(StrEnum):
    """What somebody may do; adapters read it from the config and the platform at each event."""

    ASKER = "asker"
    VOLUNTEER = "volunteer"
    LEAD = "lead"

    @property
    def works_the_desk(self) -> bool:
        """Tell whether this role may act on escalations."""
        return self is not Role.ASKER

    def includes(self, other: Role) -> bool:
        """Tell whether whoever has this role may do all that the other one may."""
        return self in (Role.LEAD, other) or other is Role.ASKER


NOT_SAID = "en"  # the language of everybody of whom none is known
_OTHER_CODES = {"nb": "no", "nn": "no", "iw": "he"}  # as some platforms call them


def language_of(told: str | None) -> str | None:
    """Give the code of a language that a platform tells, such as `pt` for `pt-BR`; None where it tells none."""
    code = (told or "").replace("_", "-").partition("-")[0].lower()
    return _OTHER_CODES.get(code, code) if re.fullmatch(r"[a-z]{2,3}", code) else None


NO_DRUGS = "none"  # in `Profile.drugs`: the asker said that there have been none


@dataclass(frozen=True, slots=True)
class Profile:
    """What an asker has said of themselves in a conversation; kept with it, purged with it.

    Somebody who gave an age band has its ends in `age` and `age_to`, and so with years. `skipped` names the fields
    that were asked for and left open.
    """

    ms_type: str | None = None
    age: int | None = None
    country: str | None = None
    years_since_diagnosis: int | None = None
    walking: str | None = None
    drugs: tuple[str, ...] = ()
    age_to: int | None = None
    years_to: int | None = None
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the bot keeps: `pseudonym` is what volunteers see of an asker.

    `language` is the one they set themselves (`language_set`), else that of their app at their last question to people.
    `shown_as` is what askers see of a volunteer: a chosen name, empty for "a volunteer", None for the account's name.
    """

    number: int
    id: PersonId
    pseudonym: str
    country: str | None = None
    language: str = NOT_SAID
    language_set: bool = False
    shown_as: str | None = None
