"""Draws the bars of a digest: `python -m bot.digest.draw FILE.png`, with what to draw as JSON on standard input.

A program of its own, so that the drawing library is never in the memory of the bot.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

WIDTH = 9.0  # inches, at 120 dots each: a phone shows it at a third
BAR, GROUP = 0.45, 1.0  # inches for one bar, and for the title and axis of a group
INK, COLOUR = "#1a1a1a", "#1f5fa8"  # dark on white; every bar also has its number beside it


def draw(what: dict[str, Any], file: Path) -> None:
    """Draw groups of bars, one under the other."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    groups = what["groups"] or [{"title": "", "bars": [["-", 0]]}]
    heights = [GROUP + BAR * len(group["bars"]) for group in groups]
    figure, axes = plt.subplots(
        len(groups), 1, figsize=(WIDTH, sum(heights) + 0.6), height_ratios=heights, squeeze=False, layout="constrained"
    )
    figure.suptitle(what["title"], fontsize=18, color=INK)
    for axis, group in zip(axes[:, 0], groups, strict=True):
        _group(axis, group)
    figure.savefig(file, dpi=120, facecolor="white", metadata={"Software": ""})


def _group(axis: Any, group: dict[str, Any]) -> None:  # noqa: ANN401
    names, values = [name for name, _ in group["bars"]], [value for _, value in group["bars"]]
    bars = axis.barh(range(len(names)), values, color=COLOUR)
    axis.set_yticks(range(len(names)), labels=names, fontsize=14, color=INK)
    axis.invert_yaxis()
    axis.bar_label(bars, padding=4, fontsize=14, color=INK)
    axis.set_title(group["title"], fontsize=16, loc="left", color=INK)
    axis.set_xticks([])
    axis.margins(x=0.12)
    axis.spines[["top", "right", "bottom"]].set_visible(False)


if __name__ == "__main__":
    draw(json.load(sys.stdin), Path(sys.argv[1]))
