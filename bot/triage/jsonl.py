"""The line format of `hsct-bot triage --jsonl`; it is a promise to whoever reads it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.domain.messages import Addressed
from bot.triage.decision import Answer, Clarify, Decision, Distress, HandOff, Safety, Several, Silent, Spam
from bot.triage.reading import Reading
from bot.triage.triage import Triage, Triaged


@dataclass(frozen=True, slots=True)
class Line:
    """One message to triage."""

    id: Any
    text: str
    addressed: bool = True


class BadLine(ValueError):
    """A line that is not what the format asks for."""


def parse_line(line: str) -> Line:
    """Read one line.

    Raises:
        BadLine: it is not a JSON object with `text`.
    """
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):  # nested a thousand deep
        raise BadLine("not JSON") from None
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        raise BadLine('not an object with a "text"')
    addressed = data.get("addressed", True)
    if not isinstance(addressed, bool):
        raise BadLine('"addressed" must be true or false')
    return Line(data.get("id"), data["text"], addressed)


def answer_lines(triage: Triage, lines: Iterable[Line]) -> Iterator[str]:
    """Give a JSON line for each line, in order."""
    asked = list(lines)
    how = [Addressed.DIRECT if line.addressed else Addressed.NO for line in asked]
    triaged = triage.decide_many([(line.text, addressed) for line, addressed in zip(asked, how, strict=True)])
    for line, one in zip(asked, triaged, strict=True):
        yield json.dumps({"id": line.id, **as_data(one)}, ensure_ascii=False)


def as_data(triaged: Triaged) -> dict[str, Any]:
    """Give a decision as the format has it."""
    reading, decision = triaged.reading, triaged.decision
    data: dict[str, Any] = {
        "decision": name_of(decision),
        "entries": [{"id": entry, "confidence": _confidence(reading, entry)} for entry in shown_by(decision)],
        "considered": [
            {"id": one.entry_id, "confidence": round(one.probability, 4)} for one in reading.match.candidates
        ],
        "reason": reason_of(decision),
    }
    if isinstance(decision, Several):
        data["parts"] = [_part(part, answer) for part, answer in zip(reading.parts, decision.by_part, strict=True)]
    return data


def _part(reading: Reading, decision: Decision) -> dict[str, Any]:
    entries = [{"id": entry, "confidence": _confidence(reading, entry)} for entry in shown_by(decision)]
    return {"text": reading.text, "decision": name_of(decision), "entries": entries}


def name_of(decision: Decision) -> str:
    """Give the decision's name."""
    match decision:
        case Safety(reason=reason):
            return str(reason)
        case HandOff():
            return "handoff"
        case Several():
            return "answer"
        case _:
            return type(decision).__name__.lower()


def shown_by(decision: Decision) -> tuple[str, ...]:
    """Give the entries that the asker would be shown, in that order."""
    match decision:
        case Answer(entry_id):
            return (entry_id,)
        case Clarify(candidates):
            return tuple(candidate.entry_id for candidate in candidates)
        case HandOff(general=str(entry_id)) | Distress(entry_id=str(entry_id)):
            return (entry_id,)
        case Several(answers=answers, rest=rest):
            return (*(answer.entry_id for answer in answers), *(shown_by(rest) if isinstance(rest, Clarify) else ()))
        case _:
            return ()


def reason_of(decision: Decision) -> str:
    """Give a few words on why."""
    match decision:
        case Safety(flag=flag) | Distress(flag=flag):
            return f"red flag: {flag}"
        case HandOff(reason=reason, flag=flag, by_person=entry):
            more = flag or entry
            return f"{reason}: {more}" if more else str(reason)
        case Spam(why=why) | Silent(why=why):
            return why
        case Clarify():
            return "two or three candidates"
        case Several(rest=rest):
            return "several questions" + (", the rest handed over" if isinstance(rest, HandOff) else "")
        case Answer():
            return "sure of an entry"


def _confidence(reading: Reading, entry_id: str) -> float:
    found = [
        candidate.probability
        for one in (reading, *reading.parts)
        for candidate in one.match.candidates
        if candidate.entry_id == entry_id
    ]
    return round(max(found, default=0.0), 4)
