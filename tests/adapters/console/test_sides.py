"""What a line typed on the console means."""

from __future__ import annotations

from bot.adapters.console.render import safe, to_lines
from bot.adapters.console.sides import Quit, Show, Side, Switch, to_event
from bot.domain.messages import Address, Block, Button, CommandGiven, MessageReceived, OutgoingMessage, Place, Style
from bot.domain.people import Role
from tests.clock import START

MEMBER = Side()
DESK = Side(Role.VOLUNTEER, "kim", thread="3")


def meaning(line: str, side: Side = MEMBER) -> object:
    return to_event(line, side, "e1", START, answers="42")


def test_plain_words_are_a_message_to_the_group() -> None:
    event = meaning("how much is it in mexico?\n")
    assert isinstance(event, MessageReceived)
    assert (event.place, event.text) == (Place.GROUP, "how much is it in mexico?")


def test_a_slash_is_a_command_and_two_are_a_note() -> None:
    command = meaning("/FAQ cost mexico")
    assert isinstance(command, CommandGiven)
    assert (command.name, command.argument) == ("faq", "cost mexico")
    note = meaning("// only for us", DESK)
    assert isinstance(note, MessageReceived)
    assert note.text == "// only for us"


def test_switching_sides() -> None:
    switched = meaning("/as volunteer ben")
    assert isinstance(switched, Switch)
    assert switched.side == Side(Role.VOLUNTEER, "ben")
    assert isinstance(meaning("/as anna"), Switch)
    private = meaning("/private")
    assert isinstance(private, Switch)
    assert private.side.place is Place.PRIVATE


def test_a_number_chooses_the_thread_and_words_after_it_are_said_there() -> None:
    event = meaning("#7 claim", DESK)
    assert isinstance(event, MessageReceived)
    assert event.address == Address("console", "desk", "7")
    chosen = meaning("#7", DESK)
    assert isinstance(chosen, Switch)
    assert chosen.side.thread == "7"
    assert isinstance(meaning("#seven", DESK), Show)


def test_a_reply_points_at_the_last_message_about_ones_question() -> None:
    event = meaning("> thanks, and how fast is it")
    assert isinstance(event, MessageReceived)
    assert (event.text, event.reply_to) == ("thanks, and how fast is it", "42")


def test_leaving_and_empty_lines() -> None:
    assert isinstance(meaning("/quit"), Quit)
    assert meaning("   ") is None


def test_messages_are_shown_as_lines_with_links_written_out_and_buttons_in_brackets() -> None:
    message = OutgoingMessage(
        Address("console", "group"),
        (
            Block("- See [the NHS page](https://www.nhs.uk).", Style.CURATED),
            Block("[not a link](https://evil.example)", Style.QUOTE),
        ),
        (Button("More", "more"), Button("Ask a person", "person")),
    )
    lines = to_lines(message)
    assert "- See the NHS page: https://www.nhs.uk." in lines
    assert "> [not a link](https://evil.example)" in lines
    assert "[More] [Ask a person]" in lines


def test_nothing_that_people_write_can_steer_the_terminal() -> None:
    assert safe("a\x1b[2Jb\u202ec\u200bd\x00\n") == "a[2Jbcd\n"
