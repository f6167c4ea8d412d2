"""`kb try`: what the bot would make of a message, in lines a curator can read."""

from __future__ import annotations

from collections.abc import Iterator

from bot.triage.jsonl import name_of, reason_of, shown_by
from bot.triage.meaning import ALARM_FROM, danger
from bot.triage.triage import Triage


def explain(triage: Triage, text: str) -> Iterator[str]:
    """Give what was read, what was decided and why, the best five by words and by meaning, and how they lost."""
    triaged = triage.decide(text)
    reading, decision = triaged.reading, triaged.decision
    shown = ", ".join(shown_by(decision))
    yield f"decision    {name_of(decision)}{' ' + shown if shown else ''} ({reason_of(decision)})"
    yield f"normalised  {reading.match.normalised}"
    if reading.match.corrected != reading.match.normalised:
        yield f"corrected   {reading.match.corrected}"
    explanation = triage.matcher.explain(text)
    compared = " ".join(explanation.reading.words)
    if compared != reading.match.corrected:
        yield f"compared    {compared}"
    signals = {"red flag": reading.flag.id if reading.flag else None, "advice": reading.advice, "spam": reading.spam}
    told = "; ".join(f"{name}: {value}" for name, value in signals.items() if value)
    yield f"signals     {reading.speech}{'; ' + told if told else ''}"
    yield f"zone        {explanation.zone}: {explanation.why}"
    for one in explanation.considered:
        views = " + ".join(f"{score:.1f}" for score in one.by_view)
        lost = f"  {one.behind:.1f} behind" if one.behind else ""
        candidate = one.candidate
        yield f"  {candidate.probability:4.0%}  {views:11}  {candidate.entry_id:32} '{candidate.phrasing}'{lost}"
    kinds = sorted(explanation.kinds.items(), key=lambda pair: -pair[1])[:3]
    if kinds:
        yield "sounds like " + ", ".join(f"{kind} {share:.0%}" for kind, share in kinds)
    for sentence, sounds in reading.heard:
        if danger(sounds) >= ALARM_FROM:
            kind = max(sounds, key=lambda name: sounds[name])
            yield f"sentence    {kind} {sounds[kind]:.0%}, danger {danger(sounds):.0%}: {sentence}"
    for part in reading.parts:
        yield f"part        {part.text}"
