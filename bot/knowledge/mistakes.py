"""Mistakes in the form of knowledge, as pydantic reports them, in plain words."""

from __future__ import annotations

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
    "literal_error": "`{field}` must be {expected}.",
    "enum": "`{field}` must be {expected}.",
}
_FORMS = {
    "url": "An address starts with https:// and has no spaces.",
    "doi": "A DOI looks like 10.1136/jnnp-2025-336755.",
    "id": "Use small letters, digits and hyphens, at most 40.",
    "topic": "Use an id of topics.yaml.",
}


def in_words(detail: ErrorDetails, form: type[BaseModel]) -> str:
    """Give a mistake in plain words, and what to do about it."""
    path = [step for step in detail["loc"] if step != "[key]"]
    named = [str(step) for step in path if isinstance(step, str)]
    field = named[-1] if named else "the file"
    if detail["type"] == "extra_forbidden":
        return f"unknown key `{field}`{_did_you_mean(field, form)}."
    if detail["type"] == "value_error":
        return str(detail["ctx"]["error"])
    hint = _HINTS.get(detail["type"])
    if hint is None:
        return f"`{field}`: {detail['msg']}."
    context = {**detail.get("ctx", {}), "input": repr(detail["input"])[:60], "form": _FORMS.get(field, "")}
    return hint.format_map({"field": field, **context}).strip()


def _did_you_mean(field: str, form: type[BaseModel]) -> str:
    keys = _all_keys(form)
    best = process.extractOne(field, keys, score_cutoff=70)
    return f"; did you mean `{best[0]}`?" if best else f"; take it out. Known keys: {', '.join(sorted(keys))}"


def _all_keys(form: type[BaseModel]) -> set[str]:
    keys = set(form.model_fields)
    for name in ("EntryForm", "SourceForm", "TopicForm", "StageForm", "ProgrammeForm", "CriterionForm"):
        keys |= _fields_if_used(form, name)
    return keys


def _fields_if_used(form: type[BaseModel], name: str) -> set[str]:
    definitions = form.model_json_schema().get("$defs", {})
    return set(definitions.get(name, {}).get("properties", {}))
