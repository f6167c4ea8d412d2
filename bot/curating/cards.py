"""What volunteers and leads are shown of a proposal (pure)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from bot.curating.judge import Collision
from bot.domain.curating import Kind, Proposal, Published, State
from bot.domain.messages import Block, Button, Style
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.overlay import fields_of
from bot.texts import Texts

ON_BUTTONS = ("question", "phrasings", "short", "full", "sources", "topic")  # the other parts are typed: /kb keywords 3
MOST_NAMES = 20  # words; more are not read
MORE_PARTS = ("keywords", "related", "countries", "by_country", "volatile")


@dataclass(frozen=True, slots=True)
class Judged:
    """A proposal with what stands in its way, and what was taken out of the words it began with."""

    proposal: Proposal
    problems: Sequence[str] = ()
    collisions: Sequence[Collision] = ()
    taken_out: Sequence[str] = field(default=())
    personal: Sequence[str] = ()  # kinds of personal details that the changed words may still hold
    names: Sequence[str] = ()  # words with a capital that no answer has
    needed: int = 1
    wanted: int = 1  # as many leads as the setting says; fewer are enough where there are not so many


class Cards:
    """Puts proposals into words and buttons."""

    def __init__(self, texts: Texts, base: KnowledgeBase) -> None:
        self._texts = texts
        self._base = base

    def card(self, judged: Judged) -> tuple[Block, ...]:
        """Give a proposal whole: what it says, what it would change, what is still to do."""
        return (self.title(judged.proposal, judged.needed), *self._what(judged.proposal), *self._still(judged))

    def buttons(self, judged: Judged) -> tuple[Button, ...]:
        """Give what can be done with it at this point."""
        one = judged.proposal
        number = str(one.id)
        if one.state is State.OPEN:
            approve = Button(self._label("approve"), "kb_approve", f"{number}:{one.revision}")
            return (approve, self._button("decline", number), self._button("change", number))
        if one.state is not State.DRAFT:
            return ()
        propose = () if judged.problems else (self._button("propose", number),)
        return (*self.parts(one), *propose, self._button("withdraw", number))

    def parts(self, proposal: Proposal) -> tuple[Button, ...]:
        """Give a button for each part that is often written; where an entry is only retired, there is none to write."""
        if proposal.kind is Kind.RETIRE:
            return ()
        return tuple(Button(self._label(part), "kb_part", f"{part}:{proposal.id}") for part in ON_BUTTONS)

    def line(self, proposal: Proposal, needed: int) -> str:
        """Give a proposal on one line."""
        return self._texts(
            "curating.line",
            number=proposal.id,
            kind=self._texts(f"curating.kind_{proposal.kind}"),
            entry=proposal.entry_id,
            state=self._state(proposal, needed),
        )

    def change(self, change: Published) -> str:
        """Give a published change on one line."""
        key = "curating.change_undone" if change.undone else "curating.change"
        kind = self._texts(f"curating.kind_{change.kind}")
        return self._texts(key, number=change.number, kind=kind, entry=change.entry_id, when=f"{change.at:%d %b %Y}")

    def part(self, part: str, number: str) -> Block:
        """Ask for the new text of a part."""
        return Block(
            self._texts("curating.ask", part=self._label(part), how=self._texts(f"curating.how_{part}"), number=number)
        )

    def _label(self, name: str) -> str:
        return self._texts(f"curating.button_{name}")

    def _button(self, name: str, number: str) -> Button:
        return Button(self._label(name), f"kb_{name}", number)

    def title(self, one: Proposal, needed: int = 1) -> Block:
        """Give what stands over a proposal."""
        kind, state = self._texts(f"curating.kind_{one.kind}"), self._state(one, needed)
        title = self._texts("curating.title", number=one.id, kind=kind, entry=one.entry_id, state=state)
        return Block(title, Style.TITLE)

    def _state(self, proposal: Proposal, needed: int) -> str:
        return self._texts(f"curating.state_{proposal.state}", approvals=proposal.approvals, needed=needed)

    def _what(self, proposal: Proposal) -> Iterator[Block]:
        entry = self._base.entries.get(proposal.entry_id)
        if proposal.kind is Kind.RETIRE:
            yield Block(self._texts("curating.would_retire", question=entry.question if entry else proposal.entry_id))
            return
        fields = proposal.fields
        was = fields_of(entry) if entry else {}
        yield Block(self._named("question", fields.get("question", "")))
        yield from self._text("short", fields.get("short", ""))
        yield from self._text("full", fields.get("full", ""))
        yield from self._listed("phrasings", fields.get("phrasings", ()))
        yield from self._listed("sources", [_source(one) for one in fields.get("sources", ())])
        rest = [("topic", fields.get("topic", "")), *((name, fields[name]) for name in MORE_PARTS if name in fields)]
        yield Block("\n".join(self._named(name, _plain(value)) for name, value in rest))
        if was:
            yield from self._changed(proposal, was)

    def _changed(self, proposal: Proposal, was: dict[str, object]) -> Iterator[Block]:
        names = [name for name in ("question", "short", "full", "phrasings", "sources", "topic", *MORE_PARTS)
                 if proposal.fields.get(name) != was.get(name)]  # fmt: skip
        changed = ", ".join(self._label(name) for name in names) or self._texts("curating.nothing")
        yield Block(self._texts("curating.changed", parts=changed))
        for name in names:
            if before := _before(was.get(name, ""), proposal.fields.get(name, "")):
                yield Block(self._texts("curating.was", part=self._label(name)))
                yield Block(before, Style.QUOTE)

    def _still(self, judged: Judged) -> Iterator[Block]:
        if judged.taken_out:
            yield Block(self._texts("curating.taken_out", kinds=", ".join(judged.taken_out)))
        if judged.personal:
            yield Block(self._texts("curating.personal", kinds=", ".join(judged.personal)))
        if judged.names:
            yield Block(self._texts("curating.names", words=", ".join(judged.names[:MOST_NAMES])))
        if judged.problems:
            lines = "\n".join(f"- {problem}" for problem in judged.problems)
            yield Block(f"{self._texts('curating.to_mend')}\n{lines}")
        if judged.collisions:
            lines = "\n".join(self._collision(one) for one in judged.collisions)
            yield Block(f"{self._texts('curating.collides')}\n{lines}")
        one = judged.proposal
        retires = one.kind is Kind.RETIRE and one.state is State.DRAFT
        yield Block(
            self._texts("curating.next_retire" if retires else f"curating.next_{one.state}", number=one.id), Style.SMALL
        )

    def _collision(self, one: Collision) -> str:
        return self._texts(
            "curating.collision", entry=one.entry_id, question=one.question, count=one.wordings, example=one.example
        )

    def _text(self, name: str, text: str) -> Iterator[Block]:
        yield Block(self._named(name, "" if text else self._texts("curating.missing")))
        if text:
            yield Block(text, Style.CURATED)

    def _listed(self, name: str, values: Sequence[str]) -> Iterator[Block]:
        lines = [f"{place}. {value}" for place, value in enumerate(values, 1)] or [self._texts("curating.missing")]
        yield Block("\n".join([self._named(name, ""), *lines]))

    def _named(self, name: str, value: object) -> str:
        return f"{self._label(name)}: {value}".strip()


def _before(was: object, becomes: object) -> str:
    """Give what stands there now: of a list or a longer text only what would no longer stand there."""
    if isinstance(was, (list, tuple)):
        return "\n".join(_source(one) for one in was if one not in _items(becomes))
    if isinstance(was, dict):
        return "\n".join(f"{name}: {text}" for name, text in was.items() if (name, text) not in _items(becomes))
    if isinstance(was, str) and "\n" in was:
        return "\n".join(line for line in was.splitlines() if line not in _items(becomes))
    return _plain(was)


def _items(value: object) -> Collection[object]:
    if isinstance(value, dict):
        return list(value.items())
    return value if isinstance(value, (list, tuple)) else str(value).splitlines()


def _source(one: object) -> str:
    return f"{one['name']}, {one['year']}, {one.get('url') or one.get('doi')}" if isinstance(one, dict) else str(one)


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {text}" for name, text in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
