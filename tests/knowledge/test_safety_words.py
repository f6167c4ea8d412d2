"""The words beside the entries are checked like theirs: safety texts, stages, published criteria."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks import safety_words
from tests.knowledge.test_checks import remarks


def with_flag(base: KnowledgeBase, flag_id: str, **values: Any) -> KnowledgeBase:  # noqa: ANN401
    flags = tuple(replace(flag, **values) if flag.id == flag_id else flag for flag in base.safety.flags)
    return replace(base, safety=replace(base.safety, flags=flags))


def with_programme(base: KnowledgeBase, **values: Any) -> KnowledgeBase:  # noqa: ANN401
    first, *others = base.eligibility.programmes
    return replace(base, eligibility=replace(base.eligibility, programmes=(replace(first, **values), *others)))


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("Take 1000 mg paracetamol now. {line}", "holds a dose"),
        ("{line} HSCT is guaranteed.", "holds a guarantee"),
        ("{line} You are a good candidate.", "holds a verdict"),
        ("{line} Call **now**.", "has bold or italics"),
        ("{line} Click [here](https://example.org).", "the link text 'here'"),
        ("{line} See https://example.org/help for more.", "a bare address"),
        ("{line} \U0001f198", "a sign or emoji"),
        (
            "Subsequently communicate haematological abnormalities to transplant physicians, irrespective of sensation. {line}",
            "reads at US grade",
        ),
    ],
)
def test_a_safety_text_keeps_the_rules_of_answers(knowledge: KnowledgeBase, text: str, remark: str) -> None:
    (found,) = remarks(with_flag(knowledge, "fever-after-transplant", text=text))
    assert remark in found
    assert "safety.yaml" in found


def test_a_red_flag_that_forgets_a_country_is_found(knowledge: KnowledgeBase) -> None:
    lines = {**knowledge.safety.flag("suicide").lines}
    del lines["UK"]
    (found,) = remarks(with_flag(knowledge, "suicide", lines=lines))
    assert "lack UK" in found


def test_a_line_with_another_number_than_the_list_is_found(knowledge: KnowledgeBase) -> None:
    lines = {**knowledge.safety.flag("suicide").lines}
    lines["UK"] = lines["UK"].replace("116 123", "116 321")
    (found,) = remarks(with_flag(knowledge, "suicide", lines=lines))
    assert "red flag 'suicide', UK: the number 116 321 is not among the `helplines` of UK" in found


def test_what_is_said_in_a_country_keeps_the_rules_too_and_is_told_once(knowledge: KnowledgeBase) -> None:
    flags = tuple(
        replace(flag, lines={**flag.lines, "UK": f"CALL RIGHT NOW. {flag.lines['UK']}"})
        for flag in knowledge.safety.flags
    )
    wrong = replace(knowledge, safety=replace(knowledge.safety, flags=flags))
    found = [str(remark) for remark in safety_words.safety(wrong)]
    assert len(found) == len({flag.lines["UK"] for flag in flags})
    assert all("UK: it has shouting in capitals" in one for one in found)


def test_a_stage_in_hard_words_is_found(knowledge: KnowledgeBase) -> None:
    first, *others = knowledge.stages
    bad = replace(first, summary="Multidisciplinary haematological characterisation necessitates hospitalisation. " * 4)
    (found,) = safety_words.stages(replace(knowledge, stages=(bad, *others)))
    assert "stage 'screening': it reads at US grade" in found.says


def test_a_stage_keeps_the_rules_of_answers(knowledge: KnowledgeBase) -> None:
    first, *others = knowledge.stages
    bad = replace(first, summary="This cures MS, take 200 mg.")
    found = [one for one in remarks(replace(knowledge, stages=(bad, *others))) if "holds" in one]
    assert len(found) == 2


@pytest.mark.parametrize(
    "values",
    [
        {"note": "Anyone with active disease will be accepted."},
        {"note": "This person meets all criteria."},
        {"status": "Take 200 mg."},
        {"note": "See https://example.org/criteria for all of it."},
        {
            "note": "Multidisciplinary haematological reconsideration necessitates comprehensive immunological "
            "characterisation notwithstanding neurological contraindications to administration."
        },
        {"review_after": date(2037, 1, 1)},
    ],
)
def test_the_table_of_criteria_keeps_them_too(knowledge: KnowledgeBase, values: dict[str, Any]) -> None:
    (found,) = remarks(with_programme(knowledge, **values))
    assert "eligibility.yaml" in found
