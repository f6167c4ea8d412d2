"""Links and sources: what they are called must say where they lead, read aloud without the sentence around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks.remark import Remark
from bot.knowledge.checks.texts import texts_of
from bot.knowledge.entry import Entry

LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")
_WRITE = "Write [what it leads to](https://...)"
# In what stands beside the links.
_LOOSE = (
    (re.compile(r"(?:https?://|www\.)\S+|\b(?:[a-z0-9-]+\.)+[a-z]{2,}/\S*", re.I), "a bare address", f"{_WRITE}."),
    (re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "a bare e-mail address", "Link to the page that shows it."),
    (re.compile(r"\[[^\]\n]+\] ?\[[^\]\n]*\]|^\s*\[[^\]\n]+\]:\s", re.M), "a link by reference", f"{_WRITE}."),
    (re.compile(r"\]\s+\(https?:|\[[^\]]*$|\]\([^)]*$"), "a link that is not closed", f"{_WRITE} without a gap."),
)
_ADDRESS = re.compile(r"(?:https?://|www\.)|(?:[a-z0-9-]+\.)+[a-z]{2,}/", re.I)
_SAYS_NOTHING = frozenset(
    """a an the this that these those it here there link links page pages site sites website web article study paper
    report document pdf file text story post source sources reference more info information details read see click tap
    press find learn look go visit open out on to at for in please and""".split()
)


def names_nothing(name: str) -> bool:
    """Tell whether what a link or a source is called could stand for any other: "click here", "this page", "2"."""
    return all(word in _SAYS_NOTHING or word.isdigit() for word in re.findall(r"[^\W_]+", name.casefold()))


def links(_base: KnowledgeBase, entry: Entry, _today: date) -> Iterator[Remark]:
    """Find links that lead nowhere, or whose text does not say where they lead."""
    for name, field, text in texts_of(entry):
        for says, words in misleading(text):
            yield Remark(f"`{name}` has {says}", entry.id, field, words)


def misleading(text: str) -> Iterator[tuple[str, str]]:
    """Give the links of a text that are none or say nothing: what is wrong and what to do, and the words."""
    for label, address in LINK.findall(text):
        for says in _faults(label, address):
            yield says, label or address
    beside = LINK.sub(" ", text)
    for pattern, what, do in _LOOSE:
        if found := pattern.search(beside):
            words = found.group().strip()
            yield f"{what} ('{words[:60]}'). {do}", words


def source_names(_base: KnowledgeBase, entry: Entry, _today: date) -> Iterator[Remark]:
    """Find sources whose name says nothing; it stands under every answer."""
    for source in entry.sources:
        if names_nothing(source.name) or _ADDRESS.match(source.name):
            says = f"the source '{source.name[:60]}' has no name. Say who wrote what: `MS Trust, StarMS page`."
            yield Remark(says, entry.id, "sources", source.name)


def _faults(label: str, address: str) -> Iterator[str]:
    if _ADDRESS.match(label.strip()):
        yield f"an address as link text ('{label[:60]}'). Name what the link leads to."
    elif names_nothing(label):
        yield f"the link text '{label}'. Name what the link leads to."
    if not re.fullmatch(r"https?://[^\s/.]+\.[^\s]+", address):
        yield f"the link '{address}'. It must start with https:// and name a site."
