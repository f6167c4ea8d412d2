"""The console with anything typed: a line is a command, a message, something for the screen, or nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.console.sides import Quit, Show, Side, Switch, to_event
from bot.domain.messages import CommandGiven, MessageReceived, Place
from bot.domain.people import Role
from tests.clock import START

begins = [
    "",
    "/",
    "//",
    "#",
    "#3 ",
    "# ",
    "> ",
    ">",
    "/as ",
    "/as volunteer ",
    "/claim ",
    "/private",
    "/quit",
    "\x00",
    "\u202e",
]
lines = st.builds(lambda begin, rest: begin + rest, st.sampled_from(begins), st.text(max_size=200))
sides = st.builds(
    Side, st.sampled_from(Role), st.text(min_size=1, max_size=40), st.booleans(), st.none() | st.integers(1).map(str)
)


@settings(max_examples=500, deadline=None)
@given(line=lines, side=sides, answers=st.none() | st.just("m1"))
def test_a_line_is_something_or_nothing(line: str, side: Side, answers: str | None) -> None:
    meaning = to_event(line, side, "e1", START, answers)
    assert meaning is None or isinstance(meaning, Quit | Show | Switch | CommandGiven | MessageReceived)
    if isinstance(meaning, CommandGiven | MessageReceived):
        assert meaning.sender.role is side.role, "no words make somebody a volunteer who is none"
        assert (meaning.place is Place.DESK) == side.role.works_the_desk
    if isinstance(meaning, Switch):
        assert len(meaning.side.name) <= 40
        assert meaning.side.prompt
