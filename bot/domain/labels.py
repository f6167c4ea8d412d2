"""How typed words are compared with the labels of buttons (pure)."""

from __future__ import annotations

import re
import unicodedata


def plain(text: str) -> str:
    """Give words as they are compared: no case, no accents, no punctuation."""
    text = unicodedata.normalize("NFKD", text).casefold()
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = text.replace("'", "").replace("’", "")
    return " ".join(re.findall(r"[^\W_]+", text))
