"""What askers' commands do: /ask, /faq, /stages, /person, /mine, /help, /privacy and the rest."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.conversation.asked import Asked
from bot.conversation.browse import Browse
from bot.conversation.mine import Mine
from bot.conversation.service import ConversationService
from bot.domain.conversation import Awaiting, Turn, Waiting
from bot.domain.escalation import Reason
from bot.domain.labels import plain
from bot.domain.messages import Address, Block, Button, Handled, OutgoingMessage, Style
from bot.domain.people import NOT_SAID
from bot.duty.covers import LANGUAGES, language_name, language_named
from bot.knowledge.schema import COUNTRIES
from bot.privacy import Privacy
from bot.storage.store import Transaction
from bot.triage.decision import HandOff

QUOTED = 200  # characters of a question that is named again
JUST_ASKED = timedelta(minutes=30)  # after which /person asks what it is about
Command = Callable[[Transaction, Asked, str, datetime], Awaitable[Handled]]
REMOVE = ("none", "no", "remove", "off")  # said instead of a country or a language
NAMES = ("ask", "faq", "stages", "person", "mine", "help", "privacy", "mydata", "forgetme", "country", "language")
OTHER_NAMES = {
    "uk": "UK", "britain": "UK", "great britain": "UK", "england": "UK", "scotland": "UK", "wales": "UK",
    "northern ireland": "UK", "united kingdom": "UK", "usa": "US", "america": "US", "united states": "US",
    "nz": "New Zealand", "eire": "Ireland", "holland": "Netherlands", "europe": "EU", "turkiye": "Turkey",
}  # fmt: skip


class Commands:
    """Handles askers' commands."""

    def __init__(self, service: ConversationService, browse: Browse, privacy: Privacy, mine: Mine) -> None:
        self._service = service
        self._browse = browse
        self._privacy = privacy
        self._mine_shown = mine
        self._texts = service.texts
        self._by_name: dict[str, Command] = {
            "ask": self._ask,
            "faq": self._faq,
            "stages": self._stages,
            "person": self._person,
            "mine": self._mine,
            "help": self._help,
            "start": self._help,
            "privacy": self._privacy_text,
            "mydata": self._mydata,
            "forgetme": self._forgetme,
            "country": self._country,
            "language": self._language,
        }

    async def handle(self, tx: Transaction, asked: Asked, name: str, argument: str, now: datetime) -> Handled:
        """Do what the command says."""
        handler = self._by_name.get(name)
        if handler is None:
            unknown = self._texts("error.unknown_command", name=name[:40])
            return Handled("unknown command", (asked.reply(Block(unknown)),))
        return await handler(tx, asked, argument.strip(), now)

    async def _ask(self, tx: Transaction, asked: Asked, words: str, now: datetime) -> Handled:
        if words:
            return await self._service.handle(tx, replace(asked, text=words), now)
        await tx.conversations.wait_for(asked.person.number, asked.address, Awaiting(Waiting.QUESTION, "ask"), now)
        return Handled("ask asks", (asked.reply(Block(self._texts("ask.what"))),))

    async def _faq(self, _tx: Transaction, asked: Asked, words: str, now: datetime) -> Handled:
        return Handled("faq", (self._browse.faq(asked, words, now),))

    async def _stages(self, _tx: Transaction, asked: Asked, words: str, now: datetime) -> Handled:
        return Handled("stages", (self._browse.stages(asked, words),))

    async def _person(self, tx: Transaction, asked: Asked, words: str, now: datetime) -> Handled:
        if words or asked.attachments:
            return await self.hand_over(tx, replace(asked, text=words), now)
        recent = await tx.conversations.recent_turns(asked.person.number, 1)
        if recent and await self._means(tx, asked, recent[0], now):
            handed = await self._service.hand_off(tx, asked, recent[0], HandOff(Reason.ASKED_FOR), now)
            return replace(handed, messages=(self._about(handed.messages[0], recent[0].question), *handed.messages[1:]))
        await tx.conversations.wait_for(asked.person.number, asked.address, Awaiting(Waiting.QUESTION, "person"), now)
        return Handled("person asks", (asked.reply(Block(self._texts("ask.person"))),))

    def _about(self, told: OutgoingMessage, question: str) -> OutgoingMessage:
        """Say which question went to the volunteers, as it was not written with the command."""
        about = (
            Block(self._texts("ask.last_one")),
            Block(question[:QUOTED], Style.QUOTE),
            Block(self._texts("ask.another")),
        )
        return replace(told, body=(told.body[0], *about, *told.body[1:]))

    async def _means(self, tx: Transaction, asked: Asked, turn: Turn, now: datetime) -> bool:
        """Tell whether /person without words can only mean the question just asked here."""
        just_asked = turn.address == asked.address and now - turn.at < JUST_ASKED
        return just_asked and await tx.escalations.of_turn(turn.id, even_closed=True) is None

    async def hand_over(self, tx: Transaction, asked: Asked, now: datetime) -> Handled:
        """Hand words, or a file, over because the asker wants a person; danger in them still comes first."""
        asked = asked if asked.text.strip() else replace(asked, text=self._texts("ask.only_files"))
        triaged = self._service.live.triage.decide(asked.text)
        flag = triaged.reading.flag
        if flag and flag.route in ("emergency", "crisis", "distress"):
            return await self._service.act(tx, asked, triaged, now)
        turn = await self._service.keep_turn(tx, asked, "handoff asked_for", triaged.reading.considered(), now)
        return await self._service.hand_off(tx, asked, turn, HandOff(Reason.ASKED_FOR), now)

    async def _mine(self, tx: Transaction, asked: Asked, _words: str, now: datetime) -> Handled:
        return await self._mine_shown.show(tx, asked, now)

    def _for_them_only(self, asked: Asked, *blocks: Block) -> OutgoingMessage:
        """Give a message to the private chat, wherever it was asked for."""
        private = Address.private_with(asked.person.id)
        here = asked.reply(*blocks)
        return here if asked.private else replace(here, to=private, reply_to=None)

    async def _help(self, _tx: Transaction, asked: Asked, _words: str, now: datetime) -> Handled:
        text = Block(self._texts("help.text"), Style.CURATED)
        desk = [Block(self._texts("help.desk"))] if asked.works_the_desk else []
        return Handled("help", (asked.reply(text, Block(self._texts("help.not_advice")), *desk),))

    async def _privacy_text(self, _tx: Transaction, asked: Asked, _words: str, now: datetime) -> Handled:
        text = self._texts("privacy.text", days=self._privacy.retention_days, acts=self._privacy.audit_days)
        return Handled("privacy", (asked.reply(Block(text, Style.CURATED)),))

    async def _mydata(self, tx: Transaction, asked: Asked, _words: str, now: datetime) -> Handled:
        data = await self._privacy.export(tx, asked.person.number)
        shown = json.dumps(data, indent=1, default=str, ensure_ascii=False)
        private = self._for_them_only(asked, Block(self._texts("privacy.mydata")), Block(shown, Style.QUOTE))
        private = replace(private, shows_all=True)
        if asked.private:
            return Handled("mydata", (private,))
        return Handled("mydata", (private, asked.reply(Block(self._texts("privacy.in_private")))))

    async def _forgetme(self, _tx: Transaction, asked: Asked, _words: str, now: datetime) -> Handled:
        yes = Button(self._texts("button.forget_yes"), "forget_yes", "")
        no = Button(self._texts("button.forget_no"), "forget_no", "")
        return Handled("forgetme", (asked.reply(Block(self._texts("privacy.forget_ask")), buttons=(yes, no)),))

    async def _country(self, tx: Transaction, asked: Asked, words: str, now: datetime) -> Handled:
        if plain(words) in REMOVE:
            await tx.people.set_country(asked.person.number, None)
            return Handled("country", (asked.reply(Block(self._texts("country.removed"))),))
        country = country_named(words)
        if country is None:
            ask = self._texts("country.ask", countries=", ".join(COUNTRIES))
            return Handled("country", (asked.reply(Block(ask)),))
        await tx.people.set_country(asked.person.number, country)
        return Handled("country", (asked.reply(Block(self._texts("country.set", country=country))),))

    async def _language(self, tx: Transaction, asked: Asked, words: str, now: datetime) -> Handled:
        """Note which language somebody speaks, for the volunteers: what the bot itself says stays in English."""
        only = Block(self._texts("language.only"))
        if plain(words) in REMOVE:
            await tx.people.set_language(asked.person.number, NOT_SAID, said=True)
            return Handled("language", (asked.reply(Block(self._texts("language.removed"))),))
        code = language_named(words) if words else None
        if code is None:
            known = ", ".join(name.title() for name in LANGUAGES)
            return Handled("language", (asked.reply(only, Block(self._texts("language.how", languages=known))),))
        await tx.people.set_language(asked.person.number, code, said=True)
        noted = Block(self._texts("language.set", language=language_name(code)))
        return Handled("language", (asked.reply(noted, only),))


def country_named(words: str) -> str | None:
    """Give the country that words name."""
    wanted = plain(words).removeprefix("the ")
    by_name = {plain(country): country for country in COUNTRIES} | OTHER_NAMES
    return by_name.get(wanted)
