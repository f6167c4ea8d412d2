"""The pictures of the stages: the files that are shipped are what the script makes of stages.yaml."""

from __future__ import annotations

import re
import shutil
import struct
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks.beside import pictures
from bot.knowledge.entry import Stage
from bot.knowledge.folder import KnowledgeFolder
from bot.knowledge.loader import digest_of, load
from bot.knowledge.pictures import ALT_LIMIT, NAMES, PicturesFile
from tests.world import ROOT
from tools.pictures import DARK, LIGHT, WIDTH, Drawing, alt_yaml, drawings, hash_of, read_stages, span_of

FOLDER = ROOT / "knowledge" / "pictures"
STAGES = read_stages(ROOT / "knowledge")
DRAWINGS = drawings(STAGES)
HASHES = {f"pictures/{name}.png": digest_of((FOLDER / f"{name}.png").read_bytes()) for name in NAMES}
AGAIN = "Run tools/pictures.py: stages.yaml or the script has changed."


@pytest.fixture(params=DRAWINGS, ids=lambda drawing: drawing.name)
def drawing(request: pytest.FixtureRequest) -> Drawing:
    made: Drawing = request.param
    return made


def test_the_shipped_svg_is_what_the_script_makes(drawing: Drawing) -> None:
    assert (FOLDER / f"{drawing.name}.svg").read_text(encoding="utf-8") == drawing.svg(), AGAIN


def test_the_shipped_words_and_hashes_are_what_the_script_makes() -> None:
    hashes = {drawing.name: hash_of((FOLDER / f"{drawing.name}.png").read_bytes()) for drawing in DRAWINGS}
    assert (FOLDER / "alt.yaml").read_text(encoding="utf-8") == alt_yaml(STAGES, hashes), AGAIN


def test_the_png_has_the_size_of_the_svg(drawing: Drawing) -> None:
    header = (FOLDER / f"{drawing.name}.png").read_bytes()[:24]
    assert header.startswith(b"\x89PNG")
    assert struct.unpack(">II", header[16:24]) == (WIDTH, drawing.height)


def test_the_same_stages_always_give_the_same_picture(drawing: Drawing) -> None:
    assert drawing.svg() == next(one for one in drawings(STAGES) if one.name == drawing.name).svg()


def test_the_words_name_every_step_in_order_with_its_time(drawing: Drawing) -> None:
    places = [drawing.alt.index(f"{number}. {stage.name}: ") for number, stage in enumerate(STAGES, 1)]
    assert places == sorted(places)
    assert len(drawing.alt) <= ALT_LIMIT
    numbers = re.findall(r"\d+ to \d+ \w+", " ".join(stage.takes for stage in STAGES))
    assert all(number in drawing.alt for number in numbers)


def test_the_picture_says_no_more_than_the_stages(drawing: Drawing) -> None:
    own = {"1 week", "2 weeks", "3 weeks", "4 weeks"}
    texts = {text.text or "" for text in ET.fromstring(drawing.svg()).iter("{http://www.w3.org/2000/svg}text")}  # noqa: S314
    said = " ".join(stage.takes for stage in STAGES).split()
    for text in texts - own:
        for number in re.findall(r"\d+ to \d+", text):
            assert set(number.split()) <= set(said)


def test_text_stays_inside_the_picture(drawing: Drawing) -> None:
    for text in ET.fromstring(drawing.svg()).iter("{http://www.w3.org/2000/svg}text"):  # noqa: S314
        assert 0 < float(text.attrib["y"]) < drawing.height
        size = float(text.attrib["font-size"])
        assert size >= 36, "a phone shows a third of it"
        glyph = 0.64 if text.attrib.get("font-weight") else 0.53
        if "text-anchor" not in text.attrib:
            assert float(text.attrib["x"]) + len(text.text or "") * size * glyph < WIDTH, text.text


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_it_can_be_read_in_light_and_in_dark(theme: dict[str, str]) -> None:
    assert contrast(theme["ink"], theme["card"]) >= 7  # WCAG AAA
    assert contrast(theme["soft"], theme["card"]) >= 7
    assert contrast(theme["on"], theme["mark"]) >= 7
    assert contrast(theme["line"], theme["card"]) >= 3  # WCAG AA for what is not text


@pytest.mark.parametrize(
    ("takes", "days"),
    [
        ("Usually about 4 to 7 days", (4, 7)),
        ("one session of about 3 to 6 hours, sometimes two or three", (3 / 24, 6 / 24)),
        ("Different at each centre; ask yours", None),
    ],
)
def test_a_bar_is_as_long_as_the_words_say(takes: str, days: tuple[float, float] | None) -> None:
    assert span_of(takes) == days


def test_angle_brackets_in_a_name_do_not_break_the_picture() -> None:
    odd = replace(STAGES[0], name="Tests <of> & for everything")
    assert "&lt;of&gt; &amp; for" in drawings([odd])[0].svg()


# What the bot makes of them


def test_the_bot_finds_every_picture_with_its_words(knowledge: KnowledgeBase) -> None:
    assert set(knowledge.pictures) == set(NAMES)
    assert all(Path(picture.path).is_file() and picture.alt for picture in knowledge.pictures.values())
    assert list(pictures(knowledge)) == []


def test_a_picture_that_no_longer_fits_the_stages_is_left_out_and_remarked_on(knowledge: KnowledgeBase) -> None:
    data = yaml.safe_load((FOLDER / "alt.yaml").read_text(encoding="utf-8"))
    changed = [replace(STAGES[0], takes="About 5 weeks"), *STAGES[1:]]
    found = PicturesFile.model_validate(data).to_pictures(FOLDER.parent, changed, HASHES)
    assert found == {}
    remarks = list(pictures(replace(knowledge, pictures=found)))
    assert len(remarks) == len(NAMES)
    assert "Run tools/pictures.py" in remarks[0].says


def test_a_summary_is_not_drawn_so_changing_it_makes_no_picture_old() -> None:
    data = yaml.safe_load((FOLDER / "alt.yaml").read_text(encoding="utf-8"))
    reworded = [Stage(stage.id, stage.entry, stage.name, stage.takes, "other words") for stage in STAGES]
    assert set(PicturesFile.model_validate(data).to_pictures(FOLDER.parent, reworded, HASHES)) == set(NAMES)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the knowledge whose pictures may be replaced."""
    return Path(shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge"))


def test_a_replaced_picture_is_remarked_on_and_not_sent_with_the_old_words(folder: Path) -> None:
    (folder / "pictures" / "stages.png").write_bytes((folder / "pictures" / "timeline.png").read_bytes())
    base = load(folder)
    assert set(base.pictures) == {"timeline"}
    (remark,) = pictures(base)
    assert "not the one its words were made for" in remark.says
    assert "Run tools/pictures.py" in remark.says


def test_a_picture_replaced_while_the_bot_runs_is_noticed_as_a_changed_file(folder: Path) -> None:
    files = KnowledgeFolder(folder)
    assert set(files.load().pictures) == set(NAMES)
    before = files.look()
    (folder / "pictures" / "timeline.png").write_bytes(b"another picture")
    assert files.look() != before
    assert set(files.unread()) == {"pictures/timeline.png"}
    assert set(files.load().pictures) == {"stages"}


def test_a_drawing_without_the_words_is_remarked_on(folder: Path) -> None:
    (folder / "pictures" / "stages.svg").write_text("<svg/>", encoding="utf-8")
    (remark,) = pictures(load(folder))
    assert "stages.svg is missing, or does not hold the words" in remark.says
