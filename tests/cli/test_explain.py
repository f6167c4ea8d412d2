"""What `kb try` tells a curator about a message."""

from __future__ import annotations

import re

from bot.cli.explain import explain
from bot.triage.triage import Triage

CANDIDATE = re.compile(r"^ +\d+%  -?\d+\.\d \+ -?\d+\.\d +[a-z0-9-]+ +'")


def test_it_shows_how_a_message_was_read_weighed_and_decided(triage: Triage) -> None:
    lines = list(explain(triage, "How much does HSCT cost in mexcio?"))
    told = {line.split()[0]: line for line in lines if not line.startswith(" ")}
    assert "answer cost-mexico" in told["decision"]
    assert "mexcio" in told["normalised"]
    assert "mexico" in told["corrected"]
    assert "answer: the first has" in told["zone"]
    assert len([line for line in lines if CANDIDATE.match(line)]) == 5, "each with what words and meaning gave"


def test_it_says_what_an_alarm_sounds_like(triage: Triage) -> None:
    lines = list(explain(triage, "there is no reason for me to be around any longer"))
    assert "red flag: suicide" in "\n".join(lines)
    assert any(line.startswith("sounds like suicide") for line in lines)
