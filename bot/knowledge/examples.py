"""What messages sound like, as `examples.yaml` and `safety.yaml` have it: alarms and chatter are learnt from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel, ConfigDict

from bot.knowledge.safety import Route, Safety

HARMLESS, CHATTER, SPAM = "harmless", "chatter", "spam"
QUESTION = "question"  # what an entry may answer
TAME = (HARMLESS, CHATTER, SPAM, QUESTION)  # kinds that raise no alarm
URGENT = (Route.CRISIS, Route.EMERGENCY, Route.DISTRESS)
HEARD = (*URGENT, Route.WORRY)  # what is learnt from by its meaning

Examples = Mapping[str, tuple[str, ...]]


class ExamplesFile(BaseModel):
    """The form of `examples.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    examples: dict[str, tuple[str, ...]]

    def problems(self, safety: Safety) -> Iterator[tuple[str, str]]:
        """Name each list that stands under nothing known, and say so."""
        known = {*TAME, *(flag.id for flag in safety.flags if flag.route in HEARD)}
        for name in sorted(self.examples.keys() - known):
            yield name, f"'{name}' is no red flag that is heard by its meaning. Known: {', '.join(sorted(known))}."
        if not self.examples.get(QUESTION):
            says = f"'{QUESTION}' is missing. Put some hundreds of your phrasings there, or any sounds like a cry."
            yield QUESTION, says


def examples_of(safety: Safety, written: Examples) -> Examples:
    """Put the examples of both files together."""
    heard = [flag for flag in safety.flags if flag.route in HEARD]
    found = {flag.id: (*flag.trips, *written.get(flag.id, ())) for flag in heard}
    shown = {text for flag in heard for text in flag.trips}  # what is no crisis may be despair
    spared = (text for flag in heard for text in flag.spares if text not in shown)
    found[HARMLESS] = (*spared, *written.get(HARMLESS, ()))
    found |= {kind: written.get(kind, ()) for kind in (CHATTER, SPAM, QUESTION)}
    return {kind: texts for kind, texts in found.items() if texts}
