"""What the loader accepts can be shown on every platform, within its limits; what we ship can be read aloud as well."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from telegram import InputTextMessageContent

from bot.adapters.console.render import to_lines
from bot.adapters.discord import components, split
from bot.adapters.discord.render import render as to_discord
from bot.adapters.telegram.inline import results
from bot.adapters.telegram.keyboard import DATA_LIMIT, keyboard
from bot.adapters.telegram.render import ENTITY_LIMIT, MESSAGE_LIMIT, Part, parts
from bot.conversation.browse import stage_shown, stages_shown, topics_shown
from bot.conversation.replies import Replies
from bot.domain.catalogue import Found
from bot.domain.messages import Address, Block, Button, OutgoingMessage, Style
from bot.domain.people import Profile
from bot.errors import KnowledgeError
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks.links import names_nothing
from bot.knowledge.checks.screen import garbled
from bot.knowledge.eligibility import About, Kind
from bot.knowledge.eligibility_form import SAYS_LIMIT, EligibilityFile
from bot.knowledge.entry import Entry
from bot.knowledge.loader import load
from bot.knowledge.published import published
from bot.knowledge.schema import COUNTRIES, COUNTRY_LIMIT, FULL_LIMIT, SHORT_LIMIT, EntriesFile, StagesFile, TopicsFile
from bot.knowledge.yaml_lines import read_yaml
from bot.texts import texts_in
from bot.triage.follow_up import Field, question
from bot.triage.follow_up_replies import MS_TYPES

TODAY = date(2026, 11, 28)
Form = TypeVar("Form", bound=BaseModel)
DISCORD_LABEL, DISCORD_ID, DISCORD_BUTTONS, DISCORD_CHOICES = 80, 100, 5, 25  # developer docs, "Components"

UNSEEN = st.sampled_from(["\u200b", "\u202e", "\u2800", "\u3164", "\u200d\u200d", "\ufe0f", "\u00ad", "\u2060"])
MARKS = st.sampled_from(["**", "__", "||", "`", "```", "<b>", "@everyone", "[x](https://example.org)", "](", "- ", "\n",
                         "\n\n", "https://example.org/" + "a" * 90, "\u202e", "\u200d", "\U0001f469\u200d\U0001f680", "#"])  # fmt: skip
WORDS = st.text(min_size=1, max_size=40)


def texts(most: int) -> st.SearchStrategy[str]:
    """Whatever somebody may paste into a file, up to the length that the form allows."""
    mixed = st.lists(st.one_of(WORDS, MARKS), min_size=1, max_size=60).map(" ".join)
    long = st.builds(lambda text, times: text * times, WORDS, st.integers(1, most))
    return st.one_of(mixed, long, UNSEEN).map(lambda text: text[:most])


def entries() -> st.SearchStrategy[dict[str, Any]]:
    """Entries as they may stand in a file, sensible or not."""
    link = st.builds(lambda text, times: text * times, WORDS, st.sampled_from([1, 1, 60]))
    address = st.one_of(
        link.map(lambda text: {"url": f"https://{text}"}), link.map(lambda text: {"doi": f"10.1136/{text}"})
    )
    named = st.fixed_dictionaries({"name": texts(300), "year": st.integers(1960, 2100)})
    source = st.builds(lambda one, where: one | where, named, address)
    return st.fixed_dictionaries(
        {
            "id": st.from_regex(r"[a-z0-9]{1,20}(-[a-z0-9]{1,18})?", fullmatch=True),
            "topic": st.just("costs"),
            "question": st.one_of(texts(400), texts(5000)),
            "answer": st.sampled_from(["text", "text", "person"]),
            "volatile": st.booleans(),
            "phrasings": st.lists(texts(100), min_size=1, max_size=3),
            "short": texts(SHORT_LIMIT),
            "full": texts(FULL_LIMIT),
            "by_country": st.dictionaries(st.sampled_from(COUNTRIES), texts(COUNTRY_LIMIT), max_size=22),
            "sources": st.lists(source, min_size=1, max_size=40),
            "related": st.just(["cost-mexico", "cost-extras", "fda-status"]),
            "reviewed_on": st.just(date(2026, 1, 1)),
            "reviewed_by": texts(200),
            "review_after": st.just(date(2026, 12, 31)),
        }
    )


def messages(base: KnowledgeBase, entry: Entry, country: str | None = None) -> Iterator[OutgoingMessage]:
    """The first answer and More, as the bot builds them."""
    replies = Replies(base, texts_in(), TODAY)
    to = Address("telegram", "group")
    yield OutgoingMessage(to, replies.short(entry, country), replies.buttons(entry, 1))
    yield OutgoingMessage(to, replies.full(entry, country), replies.buttons(entry, 1, more=False))
    yield OutgoingMessage(to, *replies.choices([entry, *base.related(entry)], 1))


def fits_telegram(message: OutgoingMessage) -> None:
    made = parts(message.body)
    assert made
    for part in made:
        assert 0 < part.length() <= MESSAGE_LIMIT
        assert part.text.strip()
        assert len(part.entities()) <= ENTITY_LIMIT
        assert all(one.offset >= 0 and one.offset + one.length <= part.length() for one in part.entities())
    markup = keyboard(message.buttons, message.text(), bot="bot", in_group=True)
    for row in markup.inline_keyboard if markup else ():
        for button in row:
            assert button.text.strip()
            assert 0 < len(str(button.callback_data or button.url).encode()) <= (DATA_LIMIT if not button.url else 2048)


def fits_discord(message: OutgoingMessage) -> None:
    rendered = to_discord(message, texts_in())
    assert all(0 < split.length(part) <= split.MESSAGE_LIMIT for part in rendered.parts)
    view = components.to_view(message.buttons, "Choose one")
    rows: dict[int | None, int] = {}
    for item in view.children if view else ():
        shown = item.to_component_dict()
        rows[item.row] = rows.get(item.row, 0) + 1
        assert len(shown["custom_id"]) <= DISCORD_ID
        if "label" in shown:
            assert 0 < len(shown["label"]) <= DISCORD_LABEL
        assert len(shown.get("options", ())) <= DISCORD_CHOICES
    assert len(rows) <= DISCORD_BUTTONS
    assert all(count <= DISCORD_BUTTONS for count in rows.values())


def fits_inline(entry: Entry) -> None:
    for article in results([Found(entry.id, entry.question, entry.short)]):
        content = article.input_message_content
        assert isinstance(content, InputTextMessageContent)
        assert article.title.strip()
        assert 0 < len(content.message_text.encode("utf-16-le")) // 2 <= MESSAGE_LIMIT
        body = parts([Block(entry.short, Style.CURATED)])[0].text
        assert content.message_text.endswith(body), "the answer is whole, however long the question"


def is_seen(message: OutgoingMessage) -> None:
    """Platforms refuse a message or a button of signs that nobody sees."""
    for part in (*parts(message.body), *(Part(button.label) for button in message.buttons)):
        assert any(sign.isalnum() and sign not in "\u115f\u1160\u3164\uffa0" for sign in part.text)


def fits_the_console(message: OutgoingMessage) -> None:
    for line in to_lines(message):
        assert not any(unicodedata.category(sign) == "Cc" for sign in line), "nothing may steer the terminal"


@pytest.fixture(scope="module")
def base(small_knowledge: Path) -> KnowledgeBase:
    return load(small_knowledge)


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(entry=entries(), country=st.sampled_from([None, *COUNTRIES]))
def test_whatever_the_loader_accepts_fits_on_every_platform(
    base: KnowledgeBase, tmp_path: Path, entry: dict[str, Any], country: str | None
) -> None:
    file = tmp_path / "entries.yaml"
    file.write_text(yaml.safe_dump({"entries": [entry]}, allow_unicode=True), encoding="utf-8")
    try:
        (form,) = EntriesFile.model_validate(read_yaml(file, "entries.yaml")[1]).entries
    except (KnowledgeError, ValidationError):
        return  # refused: then nobody has to show it
    accepted = form.to_entry()
    with_it = replace(base, entries={**base.entries, accepted.id: accepted})
    fits_inline(accepted)
    for message in messages(with_it, accepted, country):
        is_seen(replace(message, body=message.body[:2]))
        fits_telegram(message)
        fits_discord(message)
        fits_the_console(message)


def stages() -> st.SearchStrategy[dict[str, Any]]:
    """Stages as they may stand in a file, sensible or not."""
    slugs = st.from_regex(r"[a-z0-9]{1,20}(-[a-z0-9]{1,18})?", fullmatch=True)
    one = {"id": slugs, "entry": slugs, "name": texts(400), "takes": texts(400), "summary": texts(5000)}
    return st.fixed_dictionaries({"stages": st.lists(st.fixed_dictionaries(one), max_size=30)})


def topics() -> st.SearchStrategy[dict[str, Any]]:
    """Topic groups as they may stand in a file, sensible or not."""
    slugs = st.from_regex(r"[a-z0-9]{1,20}(-[a-z0-9]{1,18})?", fullmatch=True)
    one = st.fixed_dictionaries({"id": slugs, "title": texts(400)})
    return st.fixed_dictionaries({"topics": st.lists(one, min_size=1, max_size=30)})


def accepted(form: type[Form], data: dict[str, Any], folder: Path) -> Form | None:
    """Give what a file holds; None if it is refused: then nobody has to show it."""
    file = folder / "file.yaml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    try:
        return form.model_validate(read_yaml(file, file.name)[1])
    except (KnowledgeError, ValidationError):
        return None


def fits(blocks: tuple[Block, ...], buttons: tuple[Button, ...]) -> None:
    message = OutgoingMessage(Address("telegram", "group"), blocks, buttons)
    is_seen(replace(message, body=message.body[:1]))
    fits_telegram(message)
    fits_discord(message)
    fits_the_console(message)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(data=stages(), number=st.integers(-1, 40))
def test_whatever_stages_the_loader_accepts_fit_on_every_platform(
    tmp_path: Path, data: dict[str, Any], number: int
) -> None:
    form = accepted(StagesFile, data, tmp_path)
    if form:
        ours = [one.to_stage() for one in form.stages]
        fits(*stages_shown(texts_in(), ours))
        fits(*stage_shown(texts_in(), ours, number))


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(data=topics())
def test_whatever_topics_the_loader_accepts_fit_on_every_platform(tmp_path: Path, data: dict[str, Any]) -> None:
    form = accepted(TopicsFile, data, tmp_path)
    if form:
        fits(*topics_shown(texts_in(), [one.to_topic() for one in form.topics]))


def criteria() -> st.SearchStrategy[dict[str, Any]]:
    """Criteria as they may stand in a file; the numbers of the first ones agree with their words."""
    known: list[dict[str, Any]] = [{}, {"from": 18, "to": 55}, {"below": 6.5}, {"to": 10}]
    numbers = st.sampled_from(known)
    agreeing = numbers.map(lambda one: one | {"says": f"{' to '.join(str(number) for number in one.values())} years"})
    about = st.fixed_dictionaries({"about": st.sampled_from([str(about) for about in About]), "roughly": st.booleans()})
    some = st.lists(st.sampled_from(MS_TYPES), max_size=3)
    types = st.fixed_dictionaries({"types": some, "types_if_active": some})
    says = st.one_of(agreeing, texts(SAYS_LIMIT).map(lambda text: {"says": text}))
    return st.builds(lambda *parts: {name: value for part in parts for name, value in part.items()}, about, types, says)


def tables() -> st.SearchStrategy[dict[str, Any]]:
    """Tables of published criteria as they may stand in a file, sensible or not."""
    words = st.text(min_size=1, max_size=30).map(lambda text: {"url": f"https://{text * 20}"})
    named = st.fixed_dictionaries({"name": texts(400), "year": st.integers(1960, 2100), "short": texts(40)})
    programme = st.fixed_dictionaries(
        {
            "id": st.from_regex(r"[a-z0-9]{1,20}(-[a-z0-9]{1,18})?", fullmatch=True),
            "name": texts(3000),
            "kind": st.sampled_from([str(kind) for kind in Kind]),
            "country": st.sampled_from(COUNTRIES),
            "also_for": st.lists(st.sampled_from(COUNTRIES), max_size=3),
            "status": texts(300),
            "note": texts(300),
            "criteria": st.lists(criteria(), max_size=40),
            "sources": st.lists(st.builds(lambda one, where: one | where, named, words), min_size=1, max_size=20),
            "reviewed_on": st.just(date(2026, 1, 1)),
            "review_after": st.sampled_from([date(2026, 6, 30), date(2026, 12, 31)]),
        }
    )
    return st.fixed_dictionaries({"reviewed_by": texts(2000), "programmes": st.lists(programme, max_size=8)})


tellers = st.builds(
    Profile,
    ms_type=st.sampled_from([None, *MS_TYPES]),
    age=st.one_of(st.none(), st.integers(16, 95)),
    country=st.sampled_from([None, *COUNTRIES]),
    walking=st.one_of(st.none(), texts(300)),
    drugs=st.lists(texts(300), max_size=20).map(tuple),
)


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(data=tables(), profile=tellers)
def test_whatever_criteria_the_loader_accepts_fit_on_every_platform(
    tmp_path: Path, data: dict[str, Any], profile: Profile
) -> None:
    form = accepted(EligibilityFile, data, tmp_path)
    if form:
        table = form.to_table()
        fits(published(profile, table, texts_in(), TODAY), (Button(texts_in()("button.person"), "person", ""),))
        for field in Field:
            asking = question(field, table, texts_in())
            fits(
                (Block(asking.text),),
                tuple(Button(one.label, "fill", f"{field}:{one.value}") for one in asking.choices),
            )


def labels_of(buttons: Sequence[Button]) -> list[str]:
    return [button.label for button in buttons]


def test_every_answer_we_ship_can_be_read_aloud(knowledge: KnowledgeBase) -> None:
    """What `kb check` asks of the files holds for what is shown, from every country and on every platform."""
    for entry in knowledge.entries.values():
        for message in (one for country in (None, *entry.by_country) for one in messages(knowledge, entry, country)):
            for label in labels_of(message.buttons):
                assert re.search(r"[A-Za-z]{2}", label), entry.id
                assert not list(garbled(label)), entry.id
            for part in parts(message.body):
                for span in part.spans:
                    if span.url:
                        words = part.text[span.start : span.end]
                        assert not names_nothing(words), entry.id
                        assert not words.startswith(("http", "www.")), entry.id
                assert not list(garbled(part.text)), entry.id
            for shown in (*to_discord(message, texts_in()).parts, *(part.text for part in parts(message.body))):
                assert not re.search(r"^\s*\|.*\|\s*$|^\s*-{3,}\s*$", shown, re.MULTILINE), f"{entry.id} has a table"
                assert not re.search("[\U0001f300-\U0001faff\u2600-\u27bf]", shown), f"{entry.id} has an emoji"
            fits_telegram(message)
            fits_discord(message)
            fits_the_console(message)


def test_every_picture_says_in_words_what_it_shows(knowledge: KnowledgeBase) -> None:
    assert set(knowledge.pictures) == {"stages", "timeline"}
    for picture in knowledge.pictures.values():
        assert len(picture.alt.split()) > 20
        shown = "\n".join(to_lines(OutgoingMessage(Address("console", "group"), (), picture=picture)))
        assert all(word in shown for word in picture.alt.split())
        assert not list(garbled(picture.alt))


@pytest.mark.parametrize("unseen", ["\u200b", "\u202e", "\u2800", "\u3164"])
def test_words_that_nobody_can_see_are_refused_in_plain_words(
    small_knowledge: Path, tmp_path: Path, unseen: str
) -> None:
    files = Path(shutil.copytree(small_knowledge, tmp_path / "knowledge"))
    costs = files / "entries" / "costs.yaml"
    asked = "How much does HSCT cost in Mexico?"
    costs.write_text(costs.read_text(encoding="utf-8").replace(asked, f'"{unseen}"', 1), encoding="utf-8")
    with pytest.raises(
        KnowledgeError, match=r"costs\.yaml:\d+: entry 'cost-mexico': .*no letter or digit that can be seen"
    ):
        load(files)
