"""What calls a message takes: its files, its parts, its buttons under the last one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from telegram import InlineKeyboardMarkup, InputFile

from bot.adapters.telegram import keyboard, render
from bot.adapters.telegram.desk import Desk
from bot.adapters.telegram.here import Here
from bot.adapters.telegram.media import File, Media
from bot.adapters.telegram.render import CAPTION_LIMIT, MESSAGE_LIMIT, Part
from bot.domain.messages import Block, Called, OutgoingMessage, Style
from bot.texts import Texts

MOST_PARTS = 4  # messages; a text that needs more goes as a file, with its beginning


@dataclass(frozen=True, slots=True)
class Step:
    """One call of those that make up a message."""

    part: Part | None = None
    file: File | None = None
    buttons: InlineKeyboardMarkup | None = None


class Composer:
    """Turns messages into steps."""

    def __init__(self, here: Here, desk: Desk, media: Media, texts: Texts) -> None:
        self._here = here
        self._desk = desk
        self._media = media
        self._texts = texts

    async def steps(self, message: OutgoingMessage, called: Sequence[Called] = ()) -> list[Step]:
        """Give the calls that a message takes: its files, its parts, the last one with the buttons."""
        files, lost = await self._media.ready(message.attachments)
        body = [*message.body, *(Block(self._texts("telegram.file_lost", name=name), Style.QUOTE) for name in lost)]
        if message.picture:
            body.append(Block(self._texts("telegram.picture", alt=message.picture.alt), Style.SMALL))
            picture = self._media.picture(message.picture)
            files = [picture, *files] if picture else files
        whole, parts = self._parts(body)
        buttons = self.keyboard(message)
        if len(files) == 1 and _is_caption(parts) and files[0].how != "video_note" and not message.alerts:
            return [Step(parts[0], files[0], buttons)]
        first = [Step(file=whole)] if whole else []
        steps = [
            *first,
            *(Step(file=file) for file in files),
            *(Step(part) for part in await self._paged(message, called, parts)),
        ]
        return [*steps[:-1], replace(steps[-1], buttons=buttons)]

    def _parts(self, body: Sequence[Block]) -> tuple[File | None, list[Part]]:
        """Give a text in parts; one that would flood the chat is shortened, and goes along as a file."""
        parts = render.parts(body) or [Part("…")]  # an empty message cannot be sent, and its buttons would be lost
        if len(parts) <= MOST_PARTS:
            return None, parts
        whole = InputFile(render.whole(body).text.encode(), filename=self._texts("telegram.whole_text"))
        return File("document", whole), render.parts(render.shortened(body))

    async def _paged(self, message: OutgoingMessage, called: Sequence[Called], parts: list[Part]) -> list[Part]:
        people = [(int(one.user), one.name) for one in called]
        if message.page and message.on_desk and not people:
            people = await self._desk.everybody()
        if not people:
            return parts
        line = render.paging(self._texts("telegram.page" if message.page else "telegram.mention"), people)
        return [*parts[:-1], *render.split(render.joined([parts[-1], line]), render.MESSAGE_LIMIT)]

    def without_file(self, step: Step) -> Step:
        """Give a step whose file Telegram does not take: its words, and that a file is missing."""
        lost = render.whole([Block(self._texts("telegram.file_lost", name=step.file.name if step.file else ""))])
        return replace(step, file=None, part=render.joined([lost, step.part]) if step.part else lost)

    def keyboard(self, message: OutgoingMessage) -> InlineKeyboardMarkup | None:
        """Give the buttons under a message."""
        text = "\n".join(block.text for block in message.body)
        in_group = not message.to.is_private and not message.on_desk
        return keyboard.keyboard(message.buttons, text, bot=self._here.bot_name, in_group=in_group)

    def replacement(self, message: OutgoingMessage) -> Part:
        """Give what takes the place of an older message: of several parts the last, with the title over it."""
        _, parts = self._parts(message.body)
        return parts[-1] if len(parts) == 1 else _with_title(message, parts[-1])


def _is_caption(parts: Sequence[Part]) -> bool:
    return len(parts) == 1 and parts[0].length() <= CAPTION_LIMIT


def _with_title(message: OutgoingMessage, part: Part) -> Part:
    """Give the last part with the message's title over it: only this part can be edited."""
    titles = [block for block in message.body if block.style is Style.TITLE]
    both = render.joined([render.whole(titles), part]) if titles else part
    return both if both.length() <= MESSAGE_LIMIT else part
