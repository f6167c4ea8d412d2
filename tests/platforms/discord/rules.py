"""What the real Discord refuses, as checks on JSON: lengths, custom ids, components, forms, commands."""

from __future__ import annotations

import re
from typing import Any

from tests.platforms.discord.model import Json

CONTENT = 2000  # characters of a message
MESSAGE_KEYS = {
    "content", "nonce", "enforce_nonce", "tts", "embeds", "allowed_mentions", "message_reference", "components",
    "sticker_ids", "attachments", "flags", "poll",
}  # fmt: skip
_NAME = re.compile(r"[-_'\w]{1,32}", re.UNICODE)


class Refused(Exception):
    """An error answer of the API."""

    def __init__(self, status: int, code: int, message: str, **more: Any) -> None:  # noqa: ANN401
        super().__init__(message)
        self.status = status
        self.body: Json = {"code": code, "message": message, **more}


def bad(where: str, why: str) -> Refused:
    return Refused(400, 50035, "Invalid Form Body", errors={where: {"_errors": [{"code": "BAD", "message": why}]}})


def length(text: str) -> int:
    """Count in UTF-16, the stricter of the two ways to count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_message(data: Json, files: int, *, edit: bool = False) -> None:
    """Check a message's body."""
    unknown = set(data) - MESSAGE_KEYS
    if unknown:
        raise bad(str(unknown), "unknown keys")
    content = data.get("content") or ""
    if length(content) > CONTENT:
        raise bad("content", f"Must be {CONTENT} or fewer in length.")
    if "allowed_mentions" not in data and not edit:
        raise AssertionError("a message went out without allowed_mentions: it could ping")
    if len(str(data.get("nonce") or "")) > 25:
        raise bad("nonce", "Must be 25 or fewer in length.")
    if not edit and not content.strip() and not files and not data.get("embeds"):
        raise Refused(400, 50006, "Cannot send an empty message")
    if files > 10:
        raise bad("files", "too many")
    check_mentions(data.get("allowed_mentions") or {})
    check_components(data.get("components") or [])


def check_mentions(allowed: Json) -> None:
    for kind in ("users", "roles"):
        if kind in allowed.get("parse", []) and allowed.get(kind):
            raise bad("allowed_mentions", "parse and ids exclude each other")


def check_components(rows: list[Json]) -> None:
    """Check the rows under a message."""
    if len(rows) > 5:
        raise bad("components", "Must be 5 or fewer in length.")
    seen: set[str] = set()
    for row in rows:
        if row["type"] != 1 or not 1 <= len(row["components"]) <= 5:
            raise bad("components", "a row holds one to five buttons")
        for component in row["components"]:
            _check_component(component, len(row["components"]))
            if component["custom_id"] in seen:
                raise bad("custom_id", "Component custom id cannot be duplicated")
            seen.add(component["custom_id"])


def _check_component(component: Json, in_row: int) -> None:
    if not 1 <= len(component.get("custom_id", "")) <= 100:
        raise bad("custom_id", "Must be between 1 and 100 in length.")
    if component["type"] == 2:
        if not component.get("label") or length(component["label"]) > 80:
            raise bad("label", "Must be between 1 and 80 in length.")
    elif component["type"] == 3:
        _check_select(component, in_row)
    else:
        raise bad("type", "not known to this server")


def _check_select(select: Json, in_row: int) -> None:
    if in_row != 1:
        raise bad("components", "a select fills its row")
    options = select.get("options", [])
    if not 1 <= len(options) <= 25:
        raise bad("options", "Must be between 1 and 25 in length.")
    if len({option["value"] for option in options}) != len(options):
        raise bad("options", "The specified option value is already used")
    for option in options:
        if not 1 <= length(option["label"]) <= 100 or not 1 <= len(option["value"]) <= 100:
            raise bad("options", "Must be between 1 and 100 in length.")
    if length(select.get("placeholder") or "") > 150:
        raise bad("placeholder", "Must be 150 or fewer in length.")


def check_modal(data: Json) -> None:
    if not 1 <= length(data["title"]) <= 45 or not 1 <= len(data["custom_id"]) <= 100:
        raise bad("title", "title 1-45, custom_id 1-100")
    if not 1 <= len(data["components"]) <= 5:
        raise bad("components", "Must be between 1 and 5 in length.")
    for label in data["components"]:
        if label["type"] != 18 or not 1 <= length(label["label"]) <= 45:
            raise bad("label", "Must be between 1 and 45 in length.")
        field = label["component"]
        if field["type"] != 4 or not 1 <= field.get("max_length", 4000) <= 4000:
            raise bad("component", "not a text field of up to 4000")
        if length(field.get("value") or "") > field.get("max_length", 4000):
            raise bad("value", "longer than what may be written.")
        if length(field.get("placeholder") or "") > 100:
            raise bad("placeholder", "Must be 100 or fewer in length.")


def check_choices(choices: list[Json]) -> None:
    if len(choices) > 25:
        raise bad("choices", "Must be 25 or fewer in length.")
    for choice in choices:
        if not 1 <= length(choice["name"]) <= 100 or not 1 <= len(str(choice["value"])) <= 100:
            raise bad("choices", "Must be between 1 and 100 in length.")


def check_command(command: Json) -> None:
    """Check one application command."""
    kind = command.get("type", 1)
    name, description = command["name"], command.get("description", "")
    if kind == 1:
        if not _NAME.fullmatch(name) or name != name.lower():
            raise bad("name", "Command name is invalid")
        if not 1 <= length(description) <= 100:
            raise bad("description", "Must be between 1 and 100 in length.")
    elif not 1 <= length(name) <= 32 or description:
        raise bad("name", "a context menu has a name and no description")
    options = command.get("options", [])
    required = [bool(option.get("required")) for option in options]
    if len(options) > 25 or required != sorted(required, reverse=True):
        raise bad("options", "Required options must be placed before non-required options")
    for option in options:
        if not _NAME.fullmatch(option["name"]) or not 1 <= length(option["description"]) <= 100:
            raise bad("options", "name or description")
        check_choices(option.get("choices") or [])
