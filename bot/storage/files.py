"""References to files as the database keeps them; the files themselves stay on their platforms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from bot.domain.messages import Attachment

_codec = TypeAdapter(tuple[Attachment, ...])


def to_json(files: Sequence[Attachment]) -> Any:  # noqa: ANN401 - what a JSON column takes
    """Give what is stored."""
    return _codec.dump_python(tuple(files), mode="json")


def from_json(stored: object) -> tuple[Attachment, ...]:
    """Give the files; none where nothing is stored."""
    return _codec.validate_python(stored or ())
