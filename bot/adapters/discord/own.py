"""The adapter's own button under ephemeral answers: a copy in private."""

from __future__ import annotations

import discord
import structlog

from bot.adapters.discord import custom_ids, errors, render
from bot.adapters.discord.actions import SEND_COPY
from bot.adapters.discord.post import NOBODY
from bot.adapters.discord.private import Private
from bot.adapters.discord.render import SHARE, Rendered
from bot.domain.messages import Button
from bot.texts import Texts

log = structlog.get_logger()


class OwnButtons:
    """Needs nothing but the press: Discord sends the ephemeral message along with it."""

    def __init__(self, client: discord.Client, texts: Texts, private: Private) -> None:
        self._client = client
        self._texts = texts
        self._private = private

    async def press(self, interaction: discord.Interaction) -> None:
        """Send the copy; pressing twice posts once, as the nonce is the message's id."""
        await interaction.response.defer()
        message = interaction.message
        if message is None:
            return
        told = await self._copy(interaction, message)
        await interaction.followup.send(self._texts(told), ephemeral=interaction.guild_id is not None)

    async def _copy(self, interaction: discord.Interaction, message: discord.Message) -> str:
        buttons = [button for button in _buttons(message) if button.action not in (SEND_COPY, SHARE)]
        try:
            chat = await self._private.chat(interaction.user.id)
            await self._post(chat, message, buttons, f"copy-{message.id}")
        except (discord.HTTPException, *errors.NETWORK) as error:
            log.info("discord.not_copied", error=type(error).__name__)
            return "discord.not_copied"
        return "discord.copied"

    async def _post(self, channel: int, message: discord.Message, buttons: list[Button], nonce: str) -> None:
        view = render.view_of(buttons, self._texts)
        text = message.content.replace(render.note_line(self._texts), "").strip() or "\u200b"
        rendered = Rendered([text], tuple(buttons))
        target = self._client.get_partial_messageable(channel)
        if view is None:
            await target.send(text, nonce=nonce, allowed_mentions=NOBODY, suppress_embeds=True)
            return
        await target.send(rendered.parts[0], nonce=nonce, allowed_mentions=NOBODY, suppress_embeds=True, view=view)


def _buttons(message: discord.Message) -> list[Button]:
    """Read the buttons back from a message that the bot has sent."""
    found: list[Button] = []
    for row in message.components:
        for child in getattr(row, "children", []):
            if isinstance(child, discord.SelectMenu):
                found += [_button(option.label, option.value) for option in child.options]
            elif isinstance(child, discord.Button) and child.custom_id:
                found.append(_button(child.label or "", child.custom_id))
    return found


def _button(label: str, custom_id: str) -> Button:
    action, subject = custom_ids.decode(custom_id) or ("", "")
    return Button(label, action, subject)
