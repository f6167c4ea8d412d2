"""Draws the pictures of the stages from `knowledge/stages.yaml`: SVG, PNG and the words for those who cannot see them.

Run it after changing stages.yaml: `pip install resvg-py`, then `python tools/pictures.py`. The renderer and the font
DejaVu Sans are needed here only. The bot shows the PNG and its words. The SVG is for web pages, where it follows a
dark theme; the PNG has a background of its own, so that it can be read on any.
"""

from __future__ import annotations

import argparse
import hashlib
import html
import re
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import yaml

from bot.knowledge.entry import Stage
from bot.knowledge.pictures import ALT_LIMIT, FOLDER, digest_of
from bot.knowledge.schema import StagesFile

WIDTH = 1080  # pixels; a phone shows a third of that, so that text of 36 is still 12 there
MARGIN = 56
TITLE, NAME, SMALL = 52, 44, 36  # pixels, font sizes
GLYPH, BOLD_GLYPH = 0.55, 0.68  # of the font size: how wide a letter of DejaVu Sans is, rather too much than too little
LINE = 1.3  # of the font size
LIGHT = {"card": "#fafaf7", "ink": "#1b1b1b", "soft": "#404040", "line": "#8a8a8a", "mark": "#1f4e79", "on": "#ffffff"}
DARK = {"card": "#16191d", "ink": "#f2f2f2", "soft": "#c9c9c9", "line": "#7d7d7d", "mark": "#8fc1ea", "on": "#10151a"}

DAYS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7, "month": 30.4, "year": 365}
WEEKS = 4  # that the timeline shows; what takes longer gets an arrow
BAR = 32  # pixels high
_SPAN = re.compile(r"(\d+) to (\d+) (minute|hour|day|week|month|year)s?\b")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture: its name, title, words and what is drawn, with its height in pixels."""

    name: str
    title: str
    alt: str
    shapes: tuple[str, ...]
    height: int

    def svg(self) -> str:
        """Give the whole SVG; the same stages always give the same bytes."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.height}" width="{WIDTH}" '
            f'height="{self.height}" role="img" aria-labelledby="title words">'
        )
        words = f'<title id="title">{_text(self.title)}</title>\n<desc id="words">{_text(self.alt)}</desc>'
        card = (
            f'<rect class="card outline" x="2" y="2" width="{WIDTH - 4}" height="{self.height - 4}" '
            f'rx="24" fill="{LIGHT["card"]}" stroke="{LIGHT["line"]}" stroke-width="3"/>'
        )
        return "\n".join((head, words, _style(), card, *self.shapes, "</svg>\n"))


def stages_drawing(stages: Sequence[Stage]) -> Drawing:
    """Draw the steps one below the other, each with its number and how long it takes."""
    title = "The steps of HSCT, in order"
    shapes, y = _heading(title)
    at = MARGIN + 44
    for number, stage in enumerate(stages, 1):
        lines = _wrapped(stage.takes, SMALL, WIDTH - at - 72 - MARGIN)
        tall = round(NAME * LINE + len(lines) * SMALL * LINE + 40)
        if number < len(stages):
            shapes.append(_line(at, y + 44, at, y + 44 + tall, 6))
        shapes.append(f'<circle class="mark" cx="{at}" cy="{y + 44}" r="42" fill="{LIGHT["mark"]}"/>')
        shapes.append(_words(str(number), at, y + 59, NAME, "on", bold=True, centred=True))
        shapes.append(_words(stage.name, at + 72, y + 44, NAME, "ink", bold=True))
        shapes += _paragraph(lines, at + 72, y + 44 + SMALL * LINE + 8)
        y += tall
    return _finished("stages", title, _alt(title, stages), shapes, y)


def timeline_drawing(stages: Sequence[Stage]) -> Drawing:
    """Draw how long each step takes, all to the same scale."""
    title = "How long each step takes"
    shapes, y = _heading(title)
    note = (
        "Every bar is counted from its own start. Filled: the shortest usual time. Outlined: up to the longest. "
        "An arrow: longer than four weeks."
    )
    lines = _wrapped(note, SMALL, WIDTH - 2 * MARGIN)
    shapes += _paragraph(lines, MARGIN, y + SMALL)
    top = y + round(len(lines) * SMALL * LINE) + 90
    rows, y = _rows(stages, top + 30)
    for week in range(1, WEEKS + 1):
        x = _x(7 * week)
        shapes.append(_line(x, top, x, y, 3))
        shapes.append(_words(f"{week} week{'s' if week > 1 else ''}", x, top - 18, SMALL, "soft", centred=True))
    return _finished("timeline", title, _alt(title, stages), [*shapes, *rows], y)


def _rows(stages: Sequence[Stage], y: int) -> tuple[list[str], int]:
    """Draw the steps with their bars, words on a ground of their own so that no line runs through them."""
    shapes: list[str] = []
    for number, stage in enumerate(stages, 1):
        lines = _wrapped(stage.takes, SMALL, WIDTH - 2 * MARGIN)
        words = round(NAME * LINE + len(lines) * SMALL * LINE)
        ground = f'x="{MARGIN - 8}" y="{y}" width="{WIDTH - 2 * MARGIN + 16}" height="{words + 8}"'
        shapes.append(f'<rect class="card" {ground} fill="{LIGHT["card"]}"/>')
        shapes.append(_words(f"{number}. {stage.name}", MARGIN, y + NAME, NAME, "ink", bold=True))
        shapes += _paragraph(lines, MARGIN, y + NAME * LINE + SMALL)
        y += words + 24
        if span := span_of(stage.takes):
            shapes += _bar(span, y)
            y += BAR
        y += 40
    return shapes, y


def _bar(span: tuple[float, float], y: int) -> Iterator[str]:
    """Draw a bar up to the shortest time and its outline up to the longest, or an arrow where that is off the scale."""
    shortest, longest = (_x(days) - MARGIN for days in span)
    filled = max(round(min(shortest, WIDTH - 3 * MARGIN), 1), 8)
    mark = LIGHT["mark"]
    yield f'<rect class="mark" x="{MARGIN}" y="{y}" width="{filled:g}" height="{BAR}" fill="{mark}"/>'
    if longest > WIDTH - 2 * MARGIN:
        x = MARGIN + filled
        tip = f"{x:g},{y - 10} {x + MARGIN:g},{y + BAR / 2:g} {x:g},{y + BAR + 10}"
        yield f'<polygon class="mark" points="{tip}" fill="{mark}"/>'
    elif longest > filled:
        outline = f'x="{MARGIN}" y="{y}" width="{round(longest, 1):g}" height="{BAR}"'
        yield f'<rect class="edge" {outline} fill="none" stroke="{mark}" stroke-width="5"/>'


def span_of(takes: str) -> tuple[float, float] | None:
    """Give the first "3 to 6 hours" of some words in days; None where no such span is named."""
    found = _SPAN.search(takes)
    return (int(found[1]) * DAYS[found[3]], int(found[2]) * DAYS[found[3]]) if found else None


def _x(days: float) -> float:
    """Give where a time stands, from the left edge of the bars."""
    return round(MARGIN + (WIDTH - 3 * MARGIN) * days / (7 * WEEKS), 1)


def _alt(title: str, stages: Sequence[Stage]) -> str:
    steps = " ".join(f"{number}. {stage.name}: {_small(stage.takes)}." for number, stage in enumerate(stages, 1))
    return f"{title}. {steps} Centres differ."


def _small(words: str) -> str:
    words = words.removeprefix("Usually ")
    return words[:1].lower() + words[1:]


def _heading(title: str) -> tuple[list[str], int]:
    lines = _wrapped(title, TITLE, WIDTH - 2 * MARGIN, BOLD_GLYPH)
    shapes = [
        _words(line, MARGIN, MARGIN + TITLE + place * TITLE * LINE, TITLE, "ink", bold=True)
        for place, line in enumerate(lines)
    ]
    return shapes, round(MARGIN + len(lines) * TITLE * LINE + 40)


def _finished(name: str, title: str, alt: str, shapes: Sequence[str], y: int) -> Drawing:
    note = _words("A rough guide. Centres differ.", MARGIN, y + SMALL + 8, SMALL, "soft")
    return Drawing(name, title, alt, (*shapes, note), y + SMALL + 8 + MARGIN)


def _paragraph(lines: Sequence[str], x: float, y: float) -> Iterator[str]:
    return (_words(line, x, y + place * SMALL * LINE, SMALL, "soft") for place, line in enumerate(lines))


def _words(text: str, x: float, y: float, size: int, colour: str, *, bold: bool = False, centred: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    anchor = ' text-anchor="middle"' if centred else ""
    return (
        f'<text class="{colour}" x="{round(x, 1):g}" y="{round(y, 1):g}" font-size="{size}"{weight}{anchor} '
        f'fill="{LIGHT[colour]}">{_text(text)}</text>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, width: int) -> str:
    ends = f'x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"'
    return f'<line class="outline" {ends} stroke="{LIGHT["line"]}" stroke-width="{width}"/>'


def _style() -> str:
    dark = "".join(f".{name}{{fill:{DARK[name]}}}" for name in ("card", "ink", "soft", "mark", "on"))
    dark += f".outline{{stroke:{DARK['line']}}}.edge{{stroke:{DARK['mark']}}}"
    font = "text{font-family:'DejaVu Sans',Verdana,sans-serif}"
    return f"<style>{font}@media (prefers-color-scheme:dark){{{dark}}}</style>"


def _wrapped(words: str, size: int, width: float, glyph: float = GLYPH) -> list[str]:
    return textwrap.wrap(words, int(width / (size * glyph)))


def _text(words: str) -> str:
    return html.escape(words, quote=False)


def read_stages(folder: Path) -> tuple[Stage, ...]:
    """Read the stages alone, so that pictures can be made while other files have mistakes."""
    data = yaml.safe_load((folder / "stages.yaml").read_text(encoding="utf-8"))
    return tuple(form.to_stage() for form in StagesFile.model_validate(data).stages)


def drawings(stages: Sequence[Stage]) -> tuple[Drawing, ...]:
    """Give every picture."""
    return stages_drawing(stages), timeline_drawing(stages)


def alt_yaml(stages: Sequence[Stage], hashes: dict[str, str]) -> str:
    """Give `alt.yaml`: the words of each picture, what it was made from, and the hash of its PNG."""
    pictures = {
        drawing.name: {"alt": drawing.alt, "made_from": digest_of(stages), "png": hashes[drawing.name]}
        for drawing in drawings(stages)
    }
    head = "# Made by tools/pictures.py from stages.yaml. Do not edit: run it again.\n"
    return head + yaml.safe_dump({"pictures": pictures}, sort_keys=False, allow_unicode=True, width=110)


def hash_of(png: bytes) -> str:
    """Give the hash by which a PNG is known to come from here."""
    return hashlib.sha256(png).hexdigest()[:16]


def to_png(svg: str) -> bytes:
    """Render an SVG; resvg is the same everywhere, but the font must be there."""
    resvg = import_module("resvg_py")  # installed for this tool only
    return bytes(resvg.svg_to_bytes(svg_string=svg, font_family="DejaVu Sans", sans_serif_family="DejaVu Sans"))


def main() -> int:
    """Write every file; nothing is written unless all can be."""
    parser = argparse.ArgumentParser(description="Draw the pictures of the stages.")
    parser.add_argument("--knowledge", type=Path, default=Path("knowledge"), help="the folder with stages.yaml")
    folder = parser.parse_args().knowledge
    stages = read_stages(folder)
    made = drawings(stages)
    for drawing in made:
        if len(drawing.alt) > ALT_LIMIT:
            print(
                f"The words of '{drawing.name}' have {len(drawing.alt)} characters; {ALT_LIMIT} fit. Shorten `takes`."
            )
            return 1
    pngs = {drawing.name: to_png(drawing.svg()) for drawing in made}
    target = folder / FOLDER
    target.mkdir(exist_ok=True)
    for drawing in made:
        (target / f"{drawing.name}.svg").write_text(drawing.svg(), encoding="utf-8")
        (target / f"{drawing.name}.png").write_bytes(pngs[drawing.name])
    hashes = {name: hash_of(png) for name, png in pngs.items()}
    (target / "alt.yaml").write_text(alt_yaml(stages, hashes), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
