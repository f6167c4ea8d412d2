"""The picture of the stages goes with /stages, and whoever cannot see it is told what it shows."""

from __future__ import annotations

from pathlib import Path

from bot.adapters.console.render import to_lines
from tests.world import World


async def test_stages_come_with_their_picture_in_words(world: World) -> None:
    (listed,) = await world.asker("anna").commands("stages")
    assert listed.picture
    assert Path(listed.picture.path).name == "stages.png"
    assert all(stage.name in listed.picture.alt for stage in world.app.live.knowledge.stages)


async def test_a_terminal_says_what_the_picture_shows(world: World) -> None:
    (listed,) = await world.asker("anna").commands("stages")
    assert "Picture: The steps of HSCT, in order. 1. Screening:" in "\n".join(to_lines(listed))


async def test_a_single_stage_has_no_picture(world: World) -> None:
    (shown,) = await world.asker("anna").commands("stages", "engraftment")
    assert shown.picture is None


async def test_the_whole_story_of_the_stages_comes_with_the_timeline(world: World) -> None:
    anna = world.asker("anna")
    await anna.commands("ask", "what are the steps of hsct and how long does each one take?")
    (told,) = await anna.presses("More")
    assert told.picture
    assert Path(told.picture.path).name == "timeline.png"
    assert "Picture: " in "\n".join(to_lines(told))
