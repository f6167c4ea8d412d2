"""What messages sound like, as `examples.yaml` and `safety.yaml` have it: alarms and chatter are learnt from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel, ConfigDict

from bot.knowledge.safety import Route, Safety

HARMLESS, CHATTER, SPAM = "harmless", "chatter", "spam"
QUESTION = "question"  # what an entry may answer
URGENT = (Route.CRISIS, Route.EMERGENCY, Route.DISTRESS)

Examples = Mapping[str, tuple[str, ...]]


class ExamplesFile(BaseModel):
    """The form of `examples.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    examples: dict[str, tuple[str, ...]]

    def problems(self, safety: Safety) -> Iterator[tuple[str, str]]:
        """Name each list that stands under nothing known, and say so."""
        known = {HARMLESS, CHATTER, SPAM, QUESTION, *(flag.id for flag in safety.flags if flag.route in URGENT)}
        for name in sorted(self.examples.keys() - known):
            yield name, f"'{name}' is no urgent red flag. Known: {', '.join(sorted(known))}."
        if not self.examples.get(QUESTION):
            says = f"'{QUESTION}' is missing. Put some hundreds of your phrasings there, or any sounds like a cry."
            yield QUESTION, says


def examples_of(safety: Safety, written: Examples) -> Examples:
    """Put the examples of both files together."""
    urgent = [flag for flag in safety.flags if flag.route in URGENT]
    found = {flag.id: (*flag.trips, *written.get(flag.id, ())) for flag in urgent}
    found[HARMLESS] = (*(text for flag in urgent for text in flag.spares), *written.get(HARMLESS, ()))
    found |= {kind: written.get(kind, ()) for kind in (CHATTER, SPAM, QUESTION)}
    return {kind: texts for kind, texts in found.items() if texts}
