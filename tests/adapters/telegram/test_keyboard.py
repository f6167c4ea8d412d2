"""Buttons as inline keyboards, and presses as buttons."""

from __future__ import annotations

import pytest

from bot.adapters.telegram.keyboard import DATA_LIMIT, button_of, button_of_payload, data_of, keyboard
from bot.domain.messages import Button
from bot.knowledge.base import KnowledgeBase


def labels(buttons: list[Button], text: str = "", *, in_group: bool = False) -> list[list[str]]:
    made = keyboard(buttons, text, bot="HelpBot", in_group=in_group)
    return [[button.text for button in row] for row in made.inline_keyboard] if made else []


@pytest.mark.parametrize("subject", ["", "36", "cost-mexico:12", "a:b:c"])
def test_a_press_gives_back_action_and_subject(subject: str) -> None:
    assert button_of(data_of(Button("More", "more", subject))) == ("more", subject)


@pytest.mark.parametrize("data", ["", "more", "v0:more:1", "v1:", "v1::x", "v1:more"])
def test_data_of_another_kind_is_no_button_of_ours(data: str) -> None:
    assert button_of(data) is None


@pytest.mark.parametrize("payload", ["forget_yes-1", "claim-3", "close-3", "cancel-4", "private", "", "show"])
def test_a_link_cannot_press_what_destroys_or_decides(payload: str) -> None:
    assert button_of_payload(payload) is None


def test_a_link_opens_an_entry() -> None:
    assert button_of_payload("show-cost-mexico") == ("show", "cost-mexico")


def test_few_buttons_stand_one_a_row() -> None:
    assert labels([Button("More", "more"), Button("Ask a person", "person")]) == [["More"], ["Ask a person"]]


def test_many_numbered_choices_become_rows_of_numbers() -> None:
    buttons = [Button(f"Topic {n}", "topic", str(n)) for n in range(1, 11)]
    text = "\n".join(f"{n}. Topic {n}" for n in range(1, 11))
    assert labels([*buttons, Button("Ask a person", "person")], text) == [
        ["1", "2", "3", "4"], ["5", "6", "7", "8"], ["9", "10"], ["Ask a person"],
    ]  # fmt: skip


def test_many_choices_that_the_text_does_not_number_keep_their_words() -> None:
    buttons = [Button(f"Topic {n}", "topic", str(n)) for n in range(1, 11)]
    assert labels(buttons, "Pick one") == [[f"Topic {n}"] for n in range(1, 11)]


def test_no_more_buttons_than_telegram_takes() -> None:
    assert len(labels([Button(f"B{n}", "show", str(n)) for n in range(150)])) == 100


def test_a_button_whose_data_would_not_fit_is_left_out() -> None:
    assert labels([Button("Long", "show", "x" * 80), Button("More", "more")]) == [["More"]]


def test_in_a_group_reply_in_private_opens_the_private_chat() -> None:
    made = keyboard([Button("Reply in private", "in_private", "12")], "", bot="HelpBot", in_group=True)
    assert made is not None
    assert made.inline_keyboard[0][0].url == "https://t.me/HelpBot?start=in_private-12"


def test_the_buttons_of_every_entry_fit(knowledge: KnowledgeBase) -> None:
    longest = max(knowledge.entries, key=len)
    assert len(data_of(Button("x", "choose", f"{longest}:{10**10}")).encode()) <= DATA_LIMIT
