"""Sending files: by their id where Telegram has them, else with their content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from telegram import Bot, InputFile, Message
from telegram.error import BadRequest

from bot.adapters.base import Fetch
from bot.adapters.telegram.files import how_and_id
from bot.adapters.telegram.names import PLATFORM
from bot.domain.messages import Attachment, FileKind, Picture
from bot.errors import DeliveryError

PHOTO_LIMIT = 10_000_000  # bytes, sendPhoto; larger ones go as files
UPLOAD_LIMIT = 50_000_000  # bytes, sendDocument
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class File:
    """A file that is ready to be sent."""

    how: str  # photo, document, voice, video, video_note, audio, animation
    content: str | InputFile  # Telegram's id, or the content
    name: str = ""


class Media:
    """Gets files ready and sends them."""

    def __init__(self, bot: Bot, fetch: Fetch) -> None:
        self._bot = bot
        self._fetch = fetch
        self._uploaded: dict[Picture, str] = {}  # path and words -> its id at Telegram; new words, new picture

    async def ready(self, attachments: Sequence[Attachment]) -> tuple[list[File], list[str]]:
        """Give the files that can be sent, and the names of those that cannot.

        Raises:
            DeliveryError: one cannot be fetched at the moment.
        """
        files, lost = [], []
        for attachment in attachments:
            try:
                files.append(await self._file(attachment))
            except DeliveryError as error:
                if not error.permanent:
                    raise
                lost.append(attachment.name)
        return files, lost

    async def _file(self, attachment: Attachment) -> File:
        if attachment.platform == PLATFORM:
            return File(*how_and_id(attachment), attachment.name)
        content = await self._fetch(attachment)
        if len(content) > UPLOAD_LIMIT:
            raise DeliveryError("it is too large for Telegram", permanent=True)
        photo = attachment.kind is FileKind.PHOTO and len(content) <= PHOTO_LIMIT
        voice = attachment.kind is FileKind.VOICE and attachment.name.lower().endswith((".ogg", ".oga", ".mp3", ".m4a"))
        how = "photo" if photo else "voice" if voice else "document"
        return File(how, InputFile(content, filename=attachment.name), attachment.name)

    def picture(self, picture: Picture) -> File | None:
        """Give a picture of ours; None if its file cannot be read."""
        if picture in self._uploaded:
            return File("photo", self._uploaded[picture])
        try:
            return File("photo", InputFile(Path(picture.path).read_bytes(), filename=Path(picture.path).name))
        except OSError as error:
            log.error("tg.no_picture", path=picture.path, error=type(error).__name__)
            return None

    def keep(self, picture: Picture, message: Message) -> None:
        """Remember Telegram's id of a picture that was uploaded."""
        if message.photo:
            self._uploaded[picture] = message.photo[-1].file_id

    async def send(self, chat: int, file: File, **options: Any) -> Message:  # noqa: ANN401
        """Send a file; a photo that Telegram cannot show goes as a file.

        Raises:
            TelegramError: it was not taken.
        """
        try:
            return await self._as(file.how, chat, file, **options)
        except BadRequest as error:
            if file.how != "photo" or isinstance(file.content, str) or "photo" not in error.message.lower():
                raise
            return await self._as("document", chat, file, **options)

    async def _as(self, how: str, chat: int, file: File, **options: Any) -> Message:  # noqa: ANN401
        if how == "video_note":
            options = {name: value for name, value in options.items() if not name.startswith("caption")}
        message: Message = await getattr(self._bot, f"send_{how}")(chat, file.content, **options)
        return message
