"""What the real Bot API refuses, as checks on parameters; also how it cleans texts and finds mentions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser

from tests.platforms.telegram.people import Json

EPHEMERAL_WITHIN = 15.0  # seconds after the press or the hidden command
REACTIONS = ("👍", "👎", "❤", "👀", "🙏", "👌")  # some of those that the Bot API lists
TEXT, CAPTION, DATA, TOPIC, ANSWER = 4096, 1024, 64, 128, 200
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_CLEANED = re.compile("[\u2028-\u202e\u0333\u033f\u030a\r]")
_TAGS = {"b", "strong", "i", "em", "u", "s", "a", "code", "pre", "blockquote", "tg-spoiler", "span"}


class Refused(Exception):
    """An error answer of the API."""

    def __init__(self, description: str, code: int = 400, **parameters: float) -> None:
        super().__init__(description)
        self.code = code
        self.body: Json = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.body["parameters"] = parameters


def length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cleaned(text: str) -> str:
    """The text as Telegram keeps it: direction overrides and line separators are dropped, ends are trimmed."""
    return _CLEANED.sub("", text).strip()


def check_text(text: str, limit: int, what: str) -> str:
    if not re.sub(r"[\s\u200b-\u200d\u2060\ufeff]", "", text):
        raise Refused(
            f"Bad Request: {what} is empty" if what == "message text" else "Bad Request: text must be non-empty"
        )
    if length(cleaned(text)) > limit:
        raise Refused(
            "Bad Request: message is too long" if what == "message text" else f"Bad Request: {what} is too long"
        )
    return cleaned(text)


def check_entities(text: str, entities: Sequence[Json]) -> None:
    """Bounds, halves of a character, links, and code within anything but a quote (which would silently be dropped)."""
    size, raw = length(text), text.encode("utf-16-le", "surrogatepass")
    for entity in entities:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if start < 0 or entity["length"] <= 0 or end > size:
            raise Refused("Bad Request: ENTITY_BOUNDS_INVALID")
        if any(
            0 < at < size and 0xDC00 <= int.from_bytes(raw[at * 2 : at * 2 + 2], "little") < 0xE000
            for at in (start, end)
        ):
            raise Refused("Bad Request: entity beginning in the middle of a UTF-16 symbol")
        if entity["type"] == "text_link" and not re.match(r"(https?|tg)://\S+$", entity["url"]):
            raise Refused("Bad Request: ENTITY_TEXTURL_INVALID")
    _check_nesting(entities)


def _check_nesting(entities: Sequence[Json]) -> None:
    for one in entities:
        for other in entities:
            (a, b), (c, d) = _ends(one), _ends(other)
            if one is not other and a < c < b < d:
                raise Refused("Bad Request: can't parse entities: entities overlap")
            within = a <= c and d <= b and one is not other
            if within and "code" in (one["type"], other["type"]) and one["type"] != "blockquote" != other["type"]:
                raise Refused("Bad Request: can't parse entities: code within or around another entity")


def _ends(entity: Json) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            raise Refused(f'Bad Request: can\'t parse entities: Unsupported start tag "{tag}"')
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise Refused("Bad Request: can't parse entities: Unexpected end tag")


def check_html(text: str) -> None:
    parser = _Html()
    parser.feed(text)
    if parser.open:
        raise Refused(
            f"Bad Request: can't parse entities: Can't find end tag corresponding to start tag {parser.open[-1]}"
        )


def check_keyboard(markup: Json | None) -> None:
    rows = (markup or {}).get("inline_keyboard", [])
    if sum(len(row) for row in rows) > 100 or any(len(row) > 8 for row in rows):
        raise Refused("Bad Request: reply markup is too long")
    for button in (button for row in rows for button in row):
        if not button.get("text", "").strip():
            raise Refused("Bad Request: text buttons are allowed to have non-empty text only")
        data = button.get("callback_data")
        if data is not None and not 1 <= len(data.encode()) <= DATA:
            raise Refused("Bad Request: BUTTON_DATA_INVALID")
        if data is None and not re.match(r"https?://\S+\.\S+", button.get("url", "")):
            raise Refused("Bad Request: BUTTON_URL_INVALID")


def check_commands(commands: Sequence[Json]) -> None:
    if len(commands) > 100:
        raise Refused("Bad Request: BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(command["command"]):
            raise Refused("Bad Request: BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise Refused("Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")


def check_inline(results: Sequence[Json]) -> None:
    ids = [result["id"] for result in results]
    if len(results) > 50:
        raise Refused("Bad Request: RESULTS_TOO_MUCH")
    if len(set(ids)) != len(ids) or not all(1 <= len(one.encode()) <= 64 for one in ids):
        raise Refused("Bad Request: RESULT_ID_INVALID")
    for result in results:
        content = result["input_message_content"]
        check_entities(check_text(content["message_text"], TEXT, "message text"), content.get("entities", []))


def alerted(text: str, entities: Sequence[Json]) -> list[str]:
    """Who is pinged by a text: @names outside code and links, and people mentioned by their number."""
    found = [str(entity["user"]["id"]) for entity in entities if entity["type"] == "text_mention"]
    silent = [_ends(entity) for entity in entities if entity["type"] in ("code", "pre", "text_link")]
    for match in re.finditer(r"(?<!\w)@([A-Za-z0-9_]{2,32})\b", text):
        at = length(text[: match.start()])
        if not any(start <= at < end for start, end in silent):
            found.append(match[1])
    return found


def own_entities(text: str) -> list[Json]:
    """The entities that a person's client makes: commands and mentions."""
    kinds = (("bot_command", r"(?<![\w/])/[A-Za-z0-9_]{1,64}(@\w+)?"), ("mention", r"(?<!\w)@[A-Za-z0-9_]{2,32}\b"))
    found: list[Json] = [
        {"type": kind, "offset": length(text[: match.start()]), "length": length(match.group())}
        for kind, pattern in kinds
        for match in re.finditer(pattern, text)
    ]
    commands = [_ends(entity) for entity in found if entity["type"] == "bot_command"]
    inside = [e for e in found if e["type"] == "mention" and any(a <= e["offset"] < b for a, b in commands)]
    return sorted((entity for entity in found if entity not in inside), key=lambda entity: int(entity["offset"]))
