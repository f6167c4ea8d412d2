"""Messages as they are posted."""

from __future__ import annotations

from types import SimpleNamespace

from bot.adapters.discord import render
from bot.adapters.discord.replies import GOOD_FOR, Replies
from bot.adapters.discord.split import MESSAGE_LIMIT, length
from bot.domain.messages import Address, Block, Button, OutgoingMessage, Style
from bot.texts import texts_in

TEXTS = texts_in()
HERE = Address("discord", "dm:5")
MORE = Button("More", "more", "a:")
ANSWER = OutgoingMessage(
    HERE, (Block("Short.", Style.CURATED),), (MORE,), shareable=True, room=Address("discord", "77")
)


def test_an_ephemeral_answer_says_so_and_can_be_copied_and_shared() -> None:
    rendered = render.render_ephemeral(ANSWER, 12, TEXTS)
    assert "Only you can see this" in rendered.parts[-1]
    assert [(one.action, one.subject) for one in rendered.buttons] == [("more", "a:"), ("copy", ""), ("share", "12")]


def test_what_is_the_persons_own_cannot_be_shared() -> None:
    told = OutgoingMessage(HERE, (Block("Your question is #1"),), room=Address("discord", "77"))
    assert [button.action for button in render.render_ephemeral(told, 12, TEXTS).buttons] == ["copy"]


def test_a_very_long_text_goes_into_a_file_and_none_of_it_is_lost() -> None:
    rendered = render.render(OutgoingMessage(HERE, (Block("word " * 20_000, Style.QUOTE),)), TEXTS)
    assert len(rendered.parts) == render.MOST_PARTS
    assert rendered.rest is not None
    assert rendered.rest.count("word") == 20_000


def test_a_card_is_one_message_and_the_rest_stands_below() -> None:
    card = OutgoingMessage(HERE, (Block("Card", Style.TITLE), Block("word " * 900, Style.QUOTE)), key="card:1")
    rendered = render.render_card(card, TEXTS)
    assert len(rendered.parts) == 1
    assert length(rendered.parts[0]) <= MESSAGE_LIMIT
    assert sum(part.count("word") for part in rendered.after) == 900


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_interaction_is_answered_for_a_quarter_of_an_hour_and_only_where_it_was() -> None:
    clock, interaction = Clock(), SimpleNamespace(message=None)
    replies = Replies(clock)
    waiting = replies.keep("discord:interaction:1", interaction, HERE, ephemeral=True, thinking=True)  # type: ignore[arg-type]
    assert waiting.takes(ANSWER)
    assert not waiting.takes(OutgoingMessage(Address("discord", "77"), ()))
    assert not waiting.takes(OutgoingMessage(Address("discord", "9"), (), on_desk=True))
    assert replies.to("discord:interaction:1") is waiting
    assert replies.to("discord:interaction:2") is None
    clock.now = GOOD_FOR + 1
    assert replies.to("discord:interaction:1") is None
