"""The fitted matcher on disk: a start from it takes a fraction of the seconds that fitting takes."""

from __future__ import annotations

import hashlib
import os
import pickle
import tempfile
from pathlib import Path

from bot.knowledge.base import KnowledgeBase
from bot.matching.calibrate import CALIBRATION_FILE, Calibration
from bot.matching.matcher import Matcher

KEPT = 3  # files; older ones are deleted


def load_or_fit(knowledge: KnowledgeBase, folder: Path | None) -> Matcher:
    """Give a matcher for a knowledge base: from the folder if the very same was fitted before, else fitted and kept.

    Only this program writes there; whoever can change its files can change its code as well. A file that cannot be
    read or written costs a few seconds, nothing else.
    """
    file = folder / f"matcher-{_key(knowledge)}.pickle" if folder else None
    matcher = _read(file) if file else None
    if matcher is None:
        matcher = Matcher.fit(knowledge.entries.values(), knowledge.synonyms, Calibration.load())
        if file:
            _write(file, matcher)
    return matcher


def _key(knowledge: KnowledgeBase) -> str:
    """Name what the fitted state depends on: the knowledge, the calibration and the code of this package."""
    digest = hashlib.sha256(knowledge.version.encode())
    for path in sorted([CALIBRATION_FILE, *Path(__file__).parent.glob("*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:24]


def _read(file: Path) -> Matcher | None:
    try:
        found = pickle.loads(file.read_bytes())  # noqa: S301 - see `load_or_fit`
    except (OSError, pickle.PickleError, EOFError, AttributeError, ImportError, IndexError, ValueError, TypeError):
        return None
    return found if isinstance(found, Matcher) else None


def _write(file: Path, matcher: Matcher) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as temporary:
            temporary.write(pickle.dumps(matcher, protocol=pickle.HIGHEST_PROTOCOL))
        os.replace(temporary.name, file)  # noqa: PTH105 - whole or not at all
        kept = sorted(file.parent.glob("matcher-*.pickle"), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in kept[KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:
        return  # a read-only folder: the next start fits again
