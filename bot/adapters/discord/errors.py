"""discord.py's errors as ours: what is to be tried again, and what is in vain."""

from __future__ import annotations

import aiohttp
import discord

from bot.errors import DeliveryError, ThreadGone

TOKEN_REFUSED = 4004  # the gateway's close code; REST says 401
UNKNOWN_CHANNEL = 10003
UNKNOWN_MESSAGE = 10008
UNKNOWN_WEBHOOK = 10015
UNKNOWN_INTERACTION = 10062
MISSING_ACCESS = 50001
NOBODY_THERE = frozenset({10007, 10013})  # unknown member, unknown user: they have left, or deleted their account
CANNOT_WRITE_TO_THEM = frozenset({50007, 50278})  # they take none; they share no server with the bot
MISSING_PERMISSION = 50013
BAD_WEBHOOK_TOKEN = 50027
BAD_FORM = 50035
DIRECT_MESSAGES_TOO_FAST = 40003  # of opening private chats, with HTTP 403
ARCHIVED = 50083
LOCKED = 160005
TOO_LARGE = 40005
INTERACTION_OVER = frozenset({UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION, BAD_WEBHOOK_TOKEN})
NETWORK = (
    aiohttp.ClientError,
    OSError,
    TimeoutError,
    discord.ConnectionClosed,
    discord.GatewayNotFound,
    discord.RateLimited,  # longer than discord.py waits by itself
)
_PASSING = (401, 408, 429)  # the token, the time and the rate may be in order again later
_WAIT_FOR_OPERATOR = 300.0  # seconds between attempts while a permission is missing: 401 and 403 are counted against us


def is_token_refused(error: BaseException | None) -> bool:
    """Tell whether Discord no longer takes our token."""
    if isinstance(error, discord.ConnectionClosed):
        return error.code == TOKEN_REFUSED
    return isinstance(error, discord.LoginFailure) or (isinstance(error, discord.HTTPException) and error.status == 401)


def in_vain(error: Exception) -> bool:
    """Tell whether asking again would be answered in the same way: as for who has blocked the bot, or is deleted.

    What Discord itself refuses has a code; a page without one is of somebody between it and us.
    """
    if not isinstance(error, discord.HTTPException) or error.code in (0, DIRECT_MESSAGES_TOO_FAST):
        return False
    return 400 <= error.status < 500 and error.status not in _PASSING


def to_delivery_error(error: Exception, *, where: str, in_thread: bool = False) -> DeliveryError:
    """Translate an error of a call; `where` names the channel for the operator, `in_thread` the desk's threads."""
    match error:
        case DeliveryError():
            return error
        case discord.RateLimited():
            return DeliveryError("Discord asks to wait", retry_after=error.retry_after)
        case discord.HTTPException():
            return _refused(error, where, in_thread)
        case discord.LoginFailure():
            return DeliveryError("Discord does not take the token")
        case _ if isinstance(error, NETWORK):
            return DeliveryError(f"Discord cannot be reached ({type(error).__name__})")
        case _:
            return DeliveryError(f"sending to Discord failed ({type(error).__name__})")


def _refused(error: discord.HTTPException, where: str, in_thread: bool) -> DeliveryError:
    if error.status == 429 or error.status >= 500:
        return DeliveryError(f"Discord is not able to take it now (HTTP {error.status})")
    if error.status == 401:
        return DeliveryError("Discord does not take the token")
    match error.code:
        case 10003 | 160005 | 50083 if in_thread:
            return ThreadGone("the post of this escalation is deleted or locked", retry_after=0.0)
        case 10003:
            return DeliveryError(f"{where} does not exist any more", permanent=True)
        case 50007 | 50278:
            return DeliveryError("they take no private messages from this bot", permanent=True)
        case 50001 | 50013:
            reason = f"a permission is missing in {where}. `hsct-bot doctor` names it"
            return DeliveryError(reason, retry_after=_WAIT_FOR_OPERATOR)
        case 40067 | 160006:
            reason = f"{where} asks for a tag, or the server has too many open threads. `hsct-bot doctor` looks"
            return DeliveryError(reason, retry_after=_WAIT_FOR_OPERATOR)
        case 40005:
            return DeliveryError("the file is too large for Discord", permanent=True)
        case _:
            permanent = error.status in (400, 404)
            return DeliveryError(f"Discord refused it (HTTP {error.status}, code {error.code})", permanent=permanent)
