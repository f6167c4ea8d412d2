"""What a check found: for the doctor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check; `says` names the cure where something is wrong."""

    what: str
    good: bool
    says: str
