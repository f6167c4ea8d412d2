"""Checks of the Discord side: what is wrong, and in one sentence what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import discord

from bot.adapters.discord import errors
from bot.adapters.discord.client import intents_of, new_client
from bot.adapters.discord.commands import ASKERS, VOLUNTEERS
from bot.adapters.discord.places import only_hears
from bot.adapters.discord.tags import TAGS
from bot.config import DiscordSettings
from bot.domain.findings import Finding, Findings

ASK_NEEDS = ("view_channel", "send_messages", "read_message_history", "attach_files", "create_private_threads",
             "send_messages_in_threads")  # fmt: skip
FORUM_NEEDS = ("view_channel", "send_messages", "send_messages_in_threads", "read_message_history", "attach_files",
               "manage_threads")  # fmt: skip
TEXT_DESK_NEEDS = (*FORUM_NEEDS, "create_public_threads")
MOST_NAMED = 10  # channels in one finding
_on = Findings("Discord")


async def examine(settings: DiscordSettings) -> list[Finding]:
    """Run every check, without connecting to the gateway; without a token that works only the first one."""
    client = new_client(settings, {})
    client.quiet = True
    try:
        await client.login(settings.token.get_secret_value() if settings.token else "")
    except discord.LoginFailure:
        return [_on.bad("token", "Discord does not take it. Copy it again from the developer portal, page Bot.")]
    except (discord.HTTPException, *errors.NETWORK) as error:
        reason = type(error).__name__
        return [_on.bad("token", f"{settings.api_url} cannot be reached ({reason}). Check the network and api_url.")]
    else:
        found = [_on.good("token", f"belongs to {client.user}"), intent(settings, client)]
        return [*found, *await _rooms(settings, client)]
    finally:
        await client.close()
        await client.http.close()


def intent(settings: DiscordSettings, client: discord.Client) -> Finding:
    """Check that the application has the intents that the settings need."""
    what = "intents"
    if not intents_of(settings).message_content:
        return _on.good(what, "Message Content is not needed; volunteers reply by button or by mentioning the bot")
    flags = client.application_flags
    if flags.gateway_message_content or flags.gateway_message_content_limited:
        return _on.good(what, "Message Content is on")
    return _on.bad(
        what,
        "Message Content is off. Switch it on in the developer portal, page Bot; "
        "or leave ask_channels empty and message_content false.",
    )


async def _rooms(settings: DiscordSettings, client: discord.Client) -> list[Finding]:
    if settings.desk_channel is None:
        return [_on.bad("desk", "discord.desk_channel is not set: nobody on Discord would see a question. Set it.")]
    try:
        desk = await client.fetch_channel(settings.desk_channel)
        if not isinstance(desk, discord.ForumChannel | discord.TextChannel):
            return [
                _on.bad("desk", "it is neither a forum nor a text channel. Choose another in discord.desk_channel.")
            ]
        guild = await client.fetch_guild(desk.guild.id)
        channels = {channel.id: channel for channel in await guild.fetch_channels()}
        me = await guild.fetch_member(client.user.id if client.user else 0)
        commands = await _commands(client, guild)
    except discord.HTTPException as error:
        return [_on.bad("desk", f"the bot cannot see it (code {error.code}). Invite the bot, or correct the number.")]
    found = _desk(channels[desk.id], guild, me, settings)
    for number in settings.ask_channels:
        found.append(_ask(channels.get(number), number, me))
    others = [one for number, one in channels.items() if number not in (desk.id, *settings.ask_channels)]
    return [*found, _history(others, me), *commands]


def _desk(
    desk: discord.abc.GuildChannel, guild: discord.Guild, me: discord.Member, settings: DiscordSettings
) -> list[Finding]:
    forum = isinstance(desk, discord.ForumChannel)
    needs = FORUM_NEEDS if forum else TEXT_DESK_NEEDS
    found = [_permissions("desk", desk, needs, me)]
    if isinstance(desk, discord.ForumChannel):
        found.append(tags([tag.name for tag in desk.available_tags], required=desk.flags.require_tag))
    return [*found, _roles(guild, desk, me, settings)]


def _ask(channel: discord.abc.GuildChannel | None, number: int, me: discord.Member) -> Finding:
    if channel is None:
        return _on.bad("ask channel", f"{number} is not in the desk's server, or not visible. Correct ask_channels.")
    return _permissions("ask channel", channel, ASK_NEEDS, me)


def _history(channels: Iterable[discord.abc.GuildChannel], me: discord.Member) -> Finding:
    rooms = [channel for channel in channels if not isinstance(channel, discord.CategoryChannel)]
    lacking = [f"#{room}" for room in rooms if only_hears(room, me)]
    if not lacking:
        return _on.good("history", "wherever the bot is mentioned while it is off, it can read that later")
    where = ", ".join(lacking[:MOST_NAMED])
    more = f" and {len(lacking) - MOST_NAMED} more" if len(lacking) > MOST_NAMED else ""
    says = "the bot hears who mentions it, but not who did while it was off. Allow it to read the message history."
    return _on.bad("history", f"in {where}{more} {says}")


def _permissions(what: str, channel: discord.abc.GuildChannel, needs: Sequence[str], me: discord.Member) -> Finding:
    held = channel.permissions_for(me)
    lacking = [name.replace("_", " ") for name in needs if not getattr(held, name)]
    if lacking:
        return _on.bad(what, f"in #{channel} the bot may not {', '.join(lacking)}. Allow it in the channel's settings.")
    return _on.good(what, f"#{channel} has all permissions")


def tags(names: Iterable[str], *, required: bool) -> Finding:
    """Check that the forum has the tags that show where a question stands, all the more where it requires one."""
    held = {name.casefold() for name in names}
    lacking = [tag for tag in TAGS if tag not in held]
    if required and len(lacking) == len(TAGS):
        says = f"the forum takes no post without a tag and has none of {', '.join(TAGS)}: "
        what = "a question gets one that does not fit, or is refused. Add them in the channel's settings."
        return _on.bad("tags", says + what)
    if lacking:
        return _on.bad("tags", f"the forum has no tag {', '.join(lacking)}. Add it in the channel's settings.")
    return _on.good("tags", "all there")


def _roles(
    guild: discord.Guild, desk: discord.abc.GuildChannel, me: discord.Member, settings: DiscordSettings
) -> Finding:
    wanted = (*settings.volunteer_roles, *settings.lead_roles)
    if not settings.volunteer_roles:
        return _on.bad("roles", "discord.volunteer_roles is empty: nobody may take a question. Set it.")
    unknown = [str(role) for role in wanted if guild.get_role(role) is None]
    if unknown:
        return _on.bad("roles", f"the server has no role {', '.join(unknown)}. Correct volunteer_roles and lead_roles.")
    silent = [role for role in map(guild.get_role, wanted) if role and not role.mentionable]
    if silent and not desk.permissions_for(me).mention_everyone:
        names = ", ".join(role.name for role in silent)
        return _on.bad(
            "roles",
            f"urgent questions could not alert {names}. Let everybody mention these roles, "
            "or allow the bot to mention everyone in the desk.",
        )
    return _on.good("roles", "known, and can be alerted")


async def _commands(client: discord.Client, guild: discord.Guild) -> list[Finding]:
    number = client.application_id or 0
    all_over = {one["name"] for one in await client.http.get_global_commands(number)}
    at_desk = {one["name"] for one in await client.http.get_guild_commands(number, guild.id)}
    lacking = [slash.name for slash in ASKERS if slash.name not in all_over]
    lacking += [slash.name for slash in VOLUNTEERS if slash.name not in at_desk]
    if lacking:
        says = f"not registered yet: {', '.join(lacking)}. They are at the bot's start; invite it with the scope "
        return [_on.bad("commands", f"{says}applications.commands.")]
    return [_on.good("commands", "registered")]
