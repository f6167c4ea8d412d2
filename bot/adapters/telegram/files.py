"""Files in Telegram's messages (pure): a reference says how the file was sent, because it can only be sent so again."""

from __future__ import annotations

from telegram import Message

from bot.adapters.telegram.names import PLATFORM
from bot.domain.messages import Attachment, FileKind

FETCH_LIMIT = 20_000_000  # bytes, getFile
_KINDS = {"photo": FileKind.PHOTO, "voice": FileKind.VOICE}
_NAMES = {
    "photo": "photo.jpg", "voice": "voice.ogg", "video": "video.mp4", "video_note": "video.mp4", "audio": "audio.mp3",
    "animation": "animation.mp4", "document": "file",
}  # fmt: skip


def attachments(message: Message) -> tuple[Attachment, ...]:
    """Give the files of a message."""
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return (_attachment("photo", largest.file_id, None, largest.file_size),)
    for how in ("voice", "video", "video_note", "audio", "animation", "document"):
        file = getattr(message, how)
        if file:
            return (_attachment(how, file.file_id, getattr(file, "file_name", None), file.file_size),)
    return ()


def _attachment(how: str, file_id: str, name: str | None, size: int | None) -> Attachment:
    kind = _KINDS.get(how, FileKind.DOCUMENT)
    return Attachment(PLATFORM, f"{how}:{file_id}", kind, (name or _NAMES[how])[:200], size)


def how_and_id(attachment: Attachment) -> tuple[str, str]:
    """Give how a file of ours was sent, and its id."""
    how, _, file_id = attachment.ref.partition(":")
    return how, file_id
