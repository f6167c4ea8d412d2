"""The pictures that tools/pictures.py makes from the stages, with their words; one that no longer fits is left out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from bot.domain.messages import Picture
from bot.knowledge.entry import Stage
from bot.knowledge.schema import Line

FOLDER = "pictures"
NAMES = ("stages", "timeline")
ALT_LIMIT = 1024  # characters, Discord's description of an attachment


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PictureForm(_Strict):
    """A picture: its words, and a hash of the stages it was made from."""

    alt: Annotated[Line, StringConstraints(max_length=ALT_LIMIT)]
    made_from: Line
    png: Line  # hash of the file: words are sent with the very picture they tell of


class PicturesFile(_Strict):
    """`pictures/alt.yaml`."""

    pictures: dict[Line, PictureForm]

    def to_pictures(self, folder: Path, stages: Iterable[Stage], files: Mapping[str, bytes]) -> Mapping[str, Picture]:
        """Give the pictures that show the stages as they are now, and whose file is the one the words were made with.

        `files` are the hashes of what lies in the folder, by the name of each file.
        """
        now = digest_of(stages)
        return {
            name: Picture(str(folder / file_of(name)), form.alt)
            for name, form in self.pictures.items()
            if form.made_from == now and form.png == files.get(file_of(name), b"").hex()[: len(now)]
        }


def file_of(name: str) -> str:
    """Give the name of a picture's file in the folder of the knowledge."""
    return f"{FOLDER}/{name}.png"


def digest_of(stages: Iterable[Stage]) -> str:
    """Give a hash of what the pictures show of the stages."""
    shown = "\n".join(f"{stage.id}\t{stage.name}\t{stage.takes}" for stage in stages)
    return hashlib.sha256(shown.encode()).hexdigest()[:16]
