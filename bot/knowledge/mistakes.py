"""Mistakes in the form of knowledge, as pydantic reports them, in plain words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from pydantic import BaseModel
from pydantic_core import ErrorDetails
from rapidfuzz import process

_HINTS = {
    "missing": "`{field}` is missing. Add it.",
    "string_type": "`{field}` must be text. Put it in quotes.",
    "string_too_long": "`{field}` is too long: {max_length} characters at most. Shorten it.",
    "string_too_short": "`{field}` is empty. Fill it in.",
    "string_pattern_mismatch": "`{field}` has a form that cannot be used: {input}. {form}",
    "tuple_type": "`{field}` must be a list. Start each line of it with `- `.",
    "dict_type": "`{field}` must be `name: text` pairs.",
    "model_type": "`{field}` must be `name: value` pairs.",
    "too_short": "`{field}` is empty. Add at least {min_length}.",
    "date_type": "`{field}` must be a date such as 2026-11-23.",
    "date_from_datetime_parsing": "`{field}` must be a date such as 2026-11-23.",
    "bool_type": "`{field}` must be true or false.",
    "bool_parsing": "`{field}` must be true or false.",
    "int_type": "`{field}` must be a whole number.",
    "int_parsing": "`{field}` must be a whole number.",
    "greater_than_equal": "`{field}` is {input}; {ge} is the least. Mend it.",
    "less_than_equal": "`{field}` is {input}; {le} is the most. Mend it.",
    "literal_error": "`{field}` must be {expected}.",
    "enum": "`{field}` must be {expected}.",
}
# What YAML has made of words that a curator meant as text.
_READ_AS: Mapping[type, str] = {
    type(None): "is empty. Fill it in, or take the line out.",
    bool: "is read as a switch: yes, no, on and off are no words in YAML. Put it in quotation marks.",
    int: "is read as a number. Put it in quotation marks.",
    float: "is read as a number. Put it in quotation marks.",
    date: "is read as a date. Put it in quotation marks.",
    dict: "has a colon in it. Put quotation marks around the whole text.",
    list: "must be one text, not a list. Take the hyphens or the brackets out.",
}
_CURLY = "\u201c\u201d\u201e\u2018\u2019"
_UNKNOWN = "extra_forbidden"
_FORMS = {
    "url": "An address starts with https:// and has no spaces.",
    "doi": "A DOI looks like 10.1136/jnnp-2025-336755.",
    "id": "Use small letters, digits and hyphens, at most 40.",
    "topic": "Use an id of topics.yaml.",
}


def in_words(detail: ErrorDetails, form: type[BaseModel], skip: int = 0) -> str:
    """Give a mistake in plain words, and what to do about it; `skip` steps of its place are told elsewhere."""
    path = [step for step in detail["loc"] if step != "[key]"][skip:]
    named = [str(step) for step in path if isinstance(step, str)]
    field = named[-1] if named else ""
    if detail["type"] == _UNKNOWN:
        return f"{_within(path[:-1])}unknown key `{field}`{_did_you_mean(field, form)}"
    if detail["type"] == "value_error":
        return f"{_within(path)}{detail['ctx']['error']}"
    if "[key]" in detail["loc"]:
        return _of_a_key(detail["input"], field)
    if not path:
        return _whole_file(detail["input"], form)
    return _within(path if isinstance(path[-1], int) else path[:-1]) + _of_a_value(detail, field)


def _of_a_value(detail: ErrorDetails, field: str) -> str:
    kind, value = detail["type"], detail["input"]
    read_as = _READ_AS.get(type(value)) if value is None or kind == "string_type" else None
    if read_as:
        return f"`{field}` {read_as}"
    if isinstance(value, str) and any(sign in value for sign in _CURLY) and kind != "string_too_long":
        return f"`{field}` has curly quotation marks (\u201c \u201d). Take them out, or use straight ones."
    hint = _HINTS.get(kind)
    if hint is None:
        return f"`{field}`: {detail['msg']}."
    context = {**detail.get("ctx", {}), "input": repr(value)[:60], "form": _FORMS.get(field, "")}
    return hint.format_map({"field": field, **context}).strip()


def _of_a_key(key: object, field: str) -> str:
    """Say what is wrong with a name in front of a colon."""
    if isinstance(key, bool):
        return "NO, YES, ON and OFF without quotation marks are no words in YAML. Write the country's name: Norway."
    return f"`{field}` cannot stand in front of the colon. Write it as a word, in quotation marks if it is a number."


def _whole_file(value: object, form: type[BaseModel]) -> str:
    first = next(iter(form.model_fields))
    if value is None:
        return f"the file is empty. Begin it with `{first}:`, or delete it."
    if isinstance(value, list):
        return f"the file begins with a list. Put `{first}:` on a line of its own above it, and indent the list."
    return f"the file must be `name: value` pairs. Begin it with `{first}:`."


def _within(path: list[str | int]) -> str:
    """Say in which item of a list something is, such as "`sources` number 2: "."""
    for place in range(len(path) - 1, 0, -1):
        number, name = path[place], path[place - 1]
        if isinstance(number, int) and isinstance(name, str):
            return f"`{name}` number {number + 1}: "
    return ""


def without_echoes(details: list[ErrorDetails], form: type[BaseModel]) -> list[ErrorDetails]:
    """Leave out what is missing as its name is misspelt, or too short as its items are wrong: those are told."""
    meant = {(*one["loc"][:-1], _nearest(str(one["loc"][-1]), form)) for one in details if one["type"] == _UNKNOWN}
    inside = {one["loc"][:depth] for one in details for depth in range(len(one["loc"]))}
    echoes: Mapping[str, Collection[object]] = {"missing": meant, "too_short": inside}
    return [one for one in details if one["loc"] not in echoes.get(one["type"], ())]


def _did_you_mean(field: str, form: type[BaseModel]) -> str:
    if not field.isascii():
        return "; it has a sign that cannot be seen, or is no plain letter. Delete the word and type it again."
    keys = _all_keys(form)
    if field in keys:
        return " at this place; it belongs elsewhere. Look how far the line is indented."
    best = _nearest(field, form)
    return f"; did you mean `{best}`?" if best else f"; take it out. Known keys: {', '.join(sorted(keys))}."


def _nearest(field: str, form: type[BaseModel]) -> str | None:
    best = process.extractOne(field, _all_keys(form), score_cutoff=70)
    return best[0] if best else None


def _all_keys(form: type[BaseModel]) -> set[str]:
    schema = form.model_json_schema()
    return {name for part in (schema, *schema.get("$defs", {}).values()) for name in part.get("properties", {})}
