"""The thresholds follow from what would be shown: as much as the target and the bound allow, and no more."""

from __future__ import annotations

import numpy as np

from tools.calibrate import Asked, choose_answer_from


def messages(right: list[bool]) -> Asked:
    """Messages with one candidate each, which is the right one or not."""
    firsts = np.array(right)[:, None]
    return Asked(
        lines=np.zeros((len(right), 1, 1)),
        right=firsts,
        known=np.ones_like(firsts),
        for_person=np.zeros_like(firsts),
        for_people=np.zeros(len(right), bool),
    )


def chosen(groups: list[tuple[float, int, int]]) -> tuple[float, bool]:
    """Choose for groups of messages: their probability, how many get the right entry, and how many a wrong one."""
    right = [one for _, rights, wrongs in groups for one in [True] * rights + [False] * wrongs]
    each = np.array([p for p, rights, wrongs in groups for _ in range(rights + wrongs)])[:, None]
    asked = messages(right)
    return choose_answer_from(asked, each, asked, each)


def test_as_much_is_shown_as_the_target_allows() -> None:
    assert chosen([(0.99, 400, 1), (0.905, 200, 1), (0.805, 50, 20)]) == (0.81, True)


def test_a_mistake_among_the_few_that_are_surest_hides_nothing_that_is_sure_as_well() -> None:
    # From 0.99 on 1 of 100 is wrong, which may be 4.7% in truth; from 0.94 on 1 of 600, which is 0.8% at the most.
    assert chosen([(0.99, 99, 1), (0.945, 500, 0), (0.895, 10, 10)]) == (0.9, True)


def test_what_is_right_by_luck_further_down_lowers_no_threshold() -> None:
    assert chosen([(0.985, 400, 0), (0.955, 95, 5), (0.905, 400, 0)]) == (0.96, True)


def test_with_few_messages_the_shares_alone_have_to_keep_the_target() -> None:
    assert chosen([(0.99, 60, 0), (0.895, 10, 10)]) == (0.9, False)


def test_where_too_much_is_wrong_nothing_is_shown() -> None:
    assert chosen([(0.995, 50, 50)]) == (1.0, False)
