"""What a check found, for the doctor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check; `says` names the cure where something is wrong."""

    what: str
    good: bool
    says: str


@dataclass(frozen=True, slots=True)
class Findings:
    """Makes the findings about one part, such as a platform, under its name."""

    part: str

    def good(self, what: str, says: str) -> Finding:
        """Give what is as it should be."""
        return Finding(f"{self.part}: {what}", True, says)

    def bad(self, what: str, says: str) -> Finding:
        """Give what is wrong; `says` names the cure."""
        return Finding(f"{self.part}: {what}", False, says)
