"""The bot's own words by key and language; the answers themselves are in `knowledge/`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent / "locales"


class Texts:
    """Interface texts of one language: `texts("escalation.opened", number=3)`."""

    def __init__(self, language: str, texts: dict[str, str]) -> None:
        self.language = language
        self._texts = texts

    def __call__(self, key: str, **values: object) -> str:
        """Give a text, filled in; a missing key is a mistake in the program (a test finds it)."""
        return self._texts[key].format(**values)

    def __contains__(self, key: str) -> bool:
        """Tell whether there is such a text."""
        return key in self._texts

    def names(self) -> frozenset[str]:
        """Give every key."""
        return frozenset(self._texts)


@cache
def texts_in(language: str = "en") -> Texts:
    """Give the texts of a language; one that is not there yet falls back to English."""
    path = _FOLDER / f"{language}.yaml"
    if not path.is_file():
        path = _FOLDER / "en.yaml"
    return Texts(path.stem, dict(_flat(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))))


def _flat(data: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in data.items():
        found += _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [(f"{prefix}{key}", value.strip())]
    return found
