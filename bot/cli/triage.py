"""`triage --jsonl`: lines in, lines out; what has arrived is decided in one go."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO, TextIO

from bot.app import build_triage
from bot.config import Settings
from bot.knowledge.loader import load
from bot.triage.jsonl import BadLine, Line, answer_lines, parse_line

CHUNK = 1 << 16  # bytes read at a time; a client that waits for each answer gets it


def run_jsonl(settings: Settings, source: BinaryIO, out: TextIO) -> bool:
    """Answer every line; False if one of them was not in the format."""
    triage = build_triage(load(settings.knowledge), settings.cache, settings.matching.encoder)
    good = True
    for number, batch in _batches(source):
        lines: list[Line] = []
        for offset, text in enumerate(batch):
            try:
                lines.append(parse_line(text))
            except BadLine as problem:
                good = False
                for answer in answer_lines(triage, lines):
                    print(answer, file=out)
                lines = []
                print(json.dumps({"id": None, "error": f"line {number + offset}: {problem}"}), file=out)
        for answer in answer_lines(triage, lines):
            print(answer, file=out)
        out.flush()
    return good


def _batches(source: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """Give the lines that have arrived, with the number of the first, without waiting for more."""
    rest, number = b"", 1
    read = getattr(source, "read1", source.read)
    while chunk := read(CHUNK):
        *lines, rest = (rest + chunk).split(b"\n")
        if lines:
            yield number, [line.decode("utf-8", "replace") for line in lines if line.strip()]
            number += len(lines)
    if rest.strip():
        yield number, [rest.decode("utf-8", "replace")]
