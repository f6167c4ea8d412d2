"""The fitted matcher on disk: a start from it takes a fraction of the seconds that fitting takes."""

from __future__ import annotations

import hashlib
import pickle
from functools import partial
from pathlib import Path

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.wording import asked_of, wording_of
from bot.matching.calibrate import CALIBRATION_FILES, Calibration, EncoderName
from bot.matching.encoder import fingerprint
from bot.matching.matcher import Matcher
from bot.matching.scores import FitView
from bot.matching.sentences import SentenceView
from bot.matching.tone import Tone
from bot.matching.vectors import Vectors, code, write_whole

KEPT = 3  # files; older ones are deleted
MANY = 5_000  # texts; one takes about 10 ms on a core


def views(encoder: EncoderName, vectors: Vectors | None = None) -> list[FitView]:
    """Give the views beside the words; the vectors of phrasings may be kept."""
    return [] if encoder == "none" else [partial(SentenceView.fit, vectors=vectors)]


def fit(knowledge: KnowledgeBase, folder: Path | None, encoder: EncoderName) -> Matcher:
    """Fit a matcher to a knowledge base; takes seconds."""
    entries, calibration = knowledge.entries.values(), Calibration.of(encoder)
    vectors = Vectors(folder)
    tone = partial(Tone.fit, vectors=vectors if encoder != "none" else None)
    matcher = Matcher.fit(
        entries, knowledge.synonyms, calibration, views(encoder, vectors), examples=knowledge.examples, tone=tone
    )
    vectors.forget_others()
    return matcher


def load_or_fit(knowledge: KnowledgeBase, folder: Path | None, encoder: EncoderName) -> Matcher:
    """Give a matcher for a knowledge base: from the folder if the very same was fitted before, else fitted and kept.

    Where only answers have changed since, nothing is fitted. Only this program writes there; whoever can change its
    files can change its code as well. A file that cannot be read or written costs a few seconds, nothing else.
    """
    file = kept_in(knowledge, folder, encoder)
    matcher = _read(file) if file else None
    if matcher is None:
        matcher = (file and _with_other_answers(knowledge, file)) or fit(knowledge, folder, encoder)
        if file:
            _write(file, matcher)
    return matcher


def _with_other_answers(knowledge: KnowledgeBase, wanted: Path) -> Matcher | None:
    """Give the matcher that was fitted to the same phrasings, with the words of these answers, if there is one."""
    alike, _, _ = wanted.name.rpartition("-")
    for file in wanted.parent.glob(f"{alike}-*.pickle"):
        if matcher := _read(file):
            return matcher.with_words_of(knowledge.entries.values(), knowledge.synonyms, knowledge.examples)
    return None


def takes_minutes(knowledge: KnowledgeBase, folder: Path | None, encoder: EncoderName) -> bool:
    """Tell whether `load_or_fit` would have so much to encode that nobody should wait for it."""
    file = kept_in(knowledge, folder, encoder)
    if encoder == "none" or (file and file.exists()):
        return False
    entries = knowledge.entries.values()
    texts = [text for entry in entries for text in (entry.question, *entry.phrasings, *entry.keywords)]
    texts += [text for some in knowledge.examples.values() for text in some]
    return Vectors(folder).missing(texts) > MANY


def kept_in(knowledge: KnowledgeBase, folder: Path | None, encoder: EncoderName) -> Path | None:
    """Give the file that a matcher for a knowledge base is kept in; none without a folder.

    Its name tells what the fitted state depends on (phrasings, calibration, model, the code of this package), and
    after the last dash what the speller does.
    """
    if folder is None:
        return None
    digest = hashlib.sha256(asked_of(knowledge).encode())
    digest.update(fingerprint().encode() if encoder != "none" else b"")
    digest.update(CALIBRATION_FILES[encoder].read_bytes() + code())
    return folder / f"matcher-{encoder}-{digest.hexdigest()[:24]}-{wording_of(knowledge)}.pickle"


def _read(file: Path) -> Matcher | None:
    try:
        with file.open("rb") as stream:  # not all of its bytes at once: large arrays are read to where they stay
            found = pickle.load(stream)  # noqa: S301 - see `load_or_fit`
    except (OSError, pickle.PickleError, EOFError, AttributeError, ImportError, IndexError, ValueError, TypeError):
        return None
    return found if isinstance(found, Matcher) else None


def _write(file: Path, matcher: Matcher) -> None:
    write_whole(file, pickle.dumps(matcher, protocol=pickle.HIGHEST_PROTOCOL))
    try:
        kept = sorted(file.parent.glob("matcher-*.pickle"), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in kept[KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:
        return
