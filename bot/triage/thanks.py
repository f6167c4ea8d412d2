"""Thanks that ask for nothing more (pure): they are passed on, and nobody owes an answer to them."""

from __future__ import annotations

import re

MOST_WORDS = 12  # of thanks alone; what goes on for longer tells something as well
_THANKS = re.compile(r"\b(?:thanks?|thank ?you|thx|ty|cheers|grateful|gracias|merci|danke|grazie)\b")
_GOES_ON = re.compile(
    r"\?|\b(?:but|still|though|however|please|not|no|cant|dont|alone|afraid|scared|worse|pain|help)\b"
)


def only_thanks(text: str) -> bool:
    """Tell whether somebody says thanks and nothing that wants words back; in doubt it does want them."""
    words = text.casefold().replace("'", "").replace("’", "")
    return len(words.split()) <= MOST_WORDS and bool(_THANKS.search(words)) and not _GOES_ON.search(words)
