"""The fitted matcher on disk: a start from it takes a fraction of the seconds that fitting takes."""

from __future__ import annotations

import hashlib
import pickle
from functools import partial
from pathlib import Path

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.wording import parts_of_wording
from bot.matching import learnt
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


def fit(knowledge: KnowledgeBase, folder: Path | None, encoder: EncoderName, tone: Tone | None = None) -> Matcher:
    """Fit a matcher to a knowledge base; takes seconds, half as many if what messages sound like is known already."""
    entries, examples, vectors = knowledge.entries.values(), knowledge.examples, Vectors(folder)
    learn = partial(Tone.fit, examples=examples, vectors=vectors if encoder != "none" else None)
    matcher = Matcher.fit(
        entries,
        knowledge.synonyms,
        Calibration.of(encoder),
        views(encoder, vectors),
        examples=examples,
        tone=(lambda reader: tone or learn(reader)) if examples else None,
    )
    vectors.forget_others(than=(text for texts in examples.values() for text in texts))
    return matcher


def load_or_fit(knowledge: KnowledgeBase, folder: Path | None, encoder: EncoderName) -> Matcher:
    """Give a matcher for a knowledge base: from the folder if the very same was fitted before, else fitted and kept.

    Where only answers have changed since, nothing is fitted, and where the examples are the same, what messages sound
    like is not learnt again. Only this program writes there; whoever can change its files can change its code as well.
    A file that cannot be read or written costs a few seconds, nothing else.
    """
    file = kept_in(knowledge, folder, encoder)
    matcher = _read(file) if file else None
    if matcher is None:
        matcher = (file and _with_other_answers(knowledge, file)) or fit(knowledge, folder, encoder, _tone(file))
        if file:
            _write(file, matcher)
    return matcher


def _with_other_answers(knowledge: KnowledgeBase, wanted: Path) -> Matcher | None:
    """Give the matcher that was fitted to the same phrasings, with the words of these answers, if there is one."""
    if matcher := _like(wanted, but_for=1):
        return matcher.with_words_of(knowledge.entries.values(), knowledge.synonyms, knowledge.examples)
    return None


def _tone(wanted: Path | None) -> Tone | None:
    """Give what was learnt from the same examples, if it is kept."""
    matcher = _like(wanted, but_for=2) if wanted else None
    return matcher.tone if matcher else None


def _like(wanted: Path, but_for: int) -> Matcher | None:
    """Give a kept matcher whose name differs in the last parts alone."""
    alike = wanted.name.rsplit("-", but_for)[0]
    return next((matcher for file in wanted.parent.glob(f"{alike}-*.pickle") if (matcher := _read(file))), None)


def takes_minutes(knowledge: KnowledgeBase, folder: Path | None, encoder: EncoderName) -> bool:
    """Tell whether `load_or_fit` would have so much to encode that nobody should wait for it."""
    file = kept_in(knowledge, folder, encoder)
    if encoder == "none" or (file and file.exists()):
        return False
    entries = knowledge.entries.values()
    texts = [text for entry in entries for text in (*entry.asked_by, *entry.keywords)]
    texts += [text for some in knowledge.examples.values() for text in some]
    return Vectors(folder).missing(texts) > MANY


def kept_in(knowledge: KnowledgeBase, folder: Path | None, encoder: EncoderName) -> Path | None:
    """Give the file that a matcher for a knowledge base is kept in; none without a folder.

    Its name tells what the fitted state depends on: between the dashes the calibration, the model and the code of this
    package, what has been learnt from examples, what from phrasings, and what the speller knows of the answers.
    """
    if folder is None:
        return None
    made = hashlib.sha256(fingerprint().encode() if encoder != "none" else b"")
    made.update(CALIBRATION_FILES[encoder].read_bytes() + code() + learnt.shipped())
    return folder / f"matcher-{encoder}-{made.hexdigest()[:24]}-{'-'.join(parts_of_wording(knowledge))}.pickle"


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
