"""The Bot API's methods, as far as the bot uses them, with the refusals of the real ones."""

from __future__ import annotations

import copy
import itertools
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.platforms.telegram import rules
from tests.platforms.telegram.people import BOT_ID, BOT_NAME, Chat, Json, Topic, User, bot_user
from tests.platforms.telegram.rules import Refused

_CAPITAL = re.compile("[A-Z]")


@dataclass(frozen=True)
class Asked:
    """A press or a hidden command: by whom, where, when, and whether it was under an ephemeral message."""

    user: int
    chat: int
    at: float
    unseen: bool = False


FILE_FIELDS = {
    "sendPhoto": "photo", "sendDocument": "document", "sendVoice": "voice", "sendVideo": "video",
    "sendAudio": "audio", "sendAnimation": "animation", "sendVideoNote": "video_note",
}  # fmt: skip


class Methods:
    """State of the platform, and what each method does to it."""

    def __init__(self) -> None:
        self.users: dict[int, User] = {BOT_ID: bot_user()}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, tuple[str, bytes]] = {}  # id -> kind, content
        self.commands: dict[str, list[Json]] = {}
        self.webhook: Json = {"url": ""}
        self.queries: dict[str, str | None] = {}  # open queries, and what they were answered
        self.inline: dict[str, list[Json]] = {}
        self.privacy = True
        self.alerts: list[tuple[int, str]] = []  # chat, who was pinged
        self.sent: list[Json] = []  # every message the bot sent, in order; edited ones change
        self.changed: list[Json] = []  # what it has sent or edited since somebody emptied this
        self.unseen: list[Json] = []  # ephemeral messages that arrived, in order: only `receiver_user` sees one
        self.offline: set[int] = set()  # users whom ephemeral messages do not reach; the bot is not told
        self.later = 0.0  # seconds that have passed without anybody waiting for them
        self.asked_at: dict[str, Asked] = {}  # queries by id, and the last hidden command of each user
        self.reactions: dict[tuple[int, int], str] = {}  # chat, message -> the bot's reaction
        self._hidden = itertools.count(1)

    def call(self, method: str, params: Json, uploads: dict[str, bytes]) -> Any:  # noqa: ANN401
        if method in FILE_FIELDS:
            return self._send_file(FILE_FIELDS[method], params, uploads)
        found: Callable[[Json], Any] | None = getattr(
            self, "on_" + _CAPITAL.sub(lambda found: "_" + found[0].lower(), method), None
        )
        if found is None:
            raise Refused("Not Found", 404)
        return found(params)

    def on_get_me(self, _: Json) -> Json:
        return self.users[BOT_ID].json() | {
            "is_bot": True, "username": BOT_NAME, "can_join_groups": True,
            "can_read_all_group_messages": not self.privacy, "supports_inline_queries": True,
        }  # fmt: skip

    def _chat(self, params: Json) -> Chat:
        """The chat that a call names, if the bot may do something there."""
        number = int(params["chat_id"])
        chat = self.chats.get(number)
        if number > 0:
            return self._private(number)
        if chat is None:
            raise Refused("Bad Request: chat not found")
        if chat.moved_to:
            raise Refused("Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to)
        if chat.members.get(BOT_ID) == "kicked":
            raise Refused("Forbidden: bot was kicked from the supergroup chat", 403)
        if BOT_ID not in chat.members:
            raise Refused("Forbidden: bot is not a member of the supergroup chat", 403)
        return chat

    def _private(self, number: int) -> Chat:
        user = self.users.get(number)
        if user is None:
            raise Refused("Bad Request: chat not found")
        if user.deleted:
            raise Refused("Forbidden: user is deactivated", 403)
        if user.blocked:
            raise Refused("Forbidden: bot was blocked by the user", 403)
        if not user.started:
            raise Refused("Forbidden: bot can't initiate conversation with a user", 403)
        return self.chats.setdefault(number, Chat(number, "private"))

    def _topic(self, chat: Chat, params: Json) -> Topic | None:
        thread = params.get("message_thread_id")
        if thread is None:
            return None
        topic = chat.topics.get(int(thread))
        if topic is None or not chat.is_forum:
            raise Refused("Bad Request: message thread not found")
        return topic

    def _post(self, params: Json, content: Json) -> Json:
        chat = self._chat(params)
        topic = self._topic(chat, params)
        if topic and topic.closed:
            raise Refused("Bad Request: TOPIC_CLOSED")
        rules.check_keyboard(params.get("reply_markup"))
        message: Json = {
            "message_id": next(chat.numbers), "date": int(time.time()), "chat": chat.json() | self._named(chat),
            "from": self.users[BOT_ID].json(), **content,
        }  # fmt: skip
        if topic:
            message |= {"message_thread_id": topic.id, "is_topic_message": True}
        if replied := self._replied(chat, params):
            message["reply_to_message"] = replied
        if params.get("reply_markup"):
            message["reply_markup"] = params["reply_markup"]
        message["_silent"] = bool(params.get("disable_notification"))
        self._alert(chat, message)
        chat.messages[message["message_id"]] = message
        self.sent.append(message)
        self.changed.append(message)
        return message

    def _named(self, chat: Chat) -> Json:
        return {"first_name": self.users[chat.id].first_name} if chat.type == "private" else {}

    def _alert(self, chat: Chat, message: Json) -> None:
        text = message.get("text") or message.get("caption") or ""
        entities = message.get("entities") or message.get("caption_entities") or []
        self.alerts += [(chat.id, who) for who in rules.alerted(text, entities)]

    def _replied(self, chat: Chat, params: Json) -> Json | None:
        reply = params.get("reply_parameters")
        if not reply:
            return None
        replied = chat.messages.get(int(reply["message_id"]))
        if replied is None and not reply.get("allow_sending_without_reply"):
            raise Refused("Bad Request: message to be replied not found")
        return self.plain(replied) if replied else None

    @staticmethod
    def plain(message: Json) -> Json:
        """A message as it is named within another one: without the one it replies to."""
        return {
            key: copy.deepcopy(value) for key, value in message.items() if key != "reply_to_message" and key[0] != "_"
        }

    def _worded(self, params: Json, text: str, entities: str, limit: int, what: str) -> Json:
        words = rules.check_text(params[text], limit, what)
        given = params.get(entities) or []
        rules.check_entities(params[text], given)
        if params.get("parse_mode") == "HTML":
            rules.check_html(params[text])
        return {text: words} | ({entities: given} if given else {})

    def on_send_message(self, params: Json) -> Json:
        content = self._worded(params, "text", "entities", rules.TEXT, "message text")
        if "ephemeral_message_parameters" in params:
            return self._show(params, params["ephemeral_message_parameters"], content)
        return self._post(params, content)

    def _show(self, params: Json, who: Json, content: Json) -> Json:
        """Show something to one member alone; whether it reached them the bot is not told."""
        chat, user = self._chat(params), int(who["receiver_user_id"])
        if chat.type not in ("group", "supergroup"):
            raise Refused("Bad Request: ephemeral messages can be sent in groups only")
        if chat.members.get(user, "left") in ("left", "kicked"):
            raise Refused("Bad Request: USER_NOT_PARTICIPANT")
        self._check_trigger(chat, user, who)
        rules.check_keyboard(params.get("reply_markup"))
        topic = self._topic(chat, params)
        message: Json = {
            "message_id": 0, "ephemeral_message_id": next(self._hidden), "date": int(time.time()), "chat": chat.json(),
            "from": self.users[BOT_ID].json(), "receiver_user": self.users[user].json(), **content,
        }  # fmt: skip
        if topic:
            message |= {"message_thread_id": topic.id, "is_topic_message": True}
        if params.get("reply_markup"):
            message["reply_markup"] = params["reply_markup"]
        if user not in self.offline:
            self.unseen.append(message)
        return message

    def _check_trigger(self, chat: Chat, user: int, who: Json) -> None:
        """A bot that is no admin needs a press or a hidden command of that user, not older than 15 seconds."""
        given = who.get("callback_query_id")
        asked = self.asked_at.get(given or f"hidden:{chat.id}:{user}")
        if given and (asked is None or asked.user != user or asked.chat != chat.id):
            raise Refused("Bad Request: QUERY_ID_INVALID")
        if asked and asked.unseen and who.get("replace_callback_query_message"):
            raise Refused("Bad Request: an ephemeral message is edited, not replaced")
        in_time = asked is not None and self.now() - asked.at <= rules.EPHEMERAL_WITHIN
        if not in_time and (given or chat.members[BOT_ID] != "administrator"):
            raise Refused("Bad Request: query is too old and response timeout expired or query ID is invalid")

    def now(self) -> float:
        """Seconds, moved on by `later`."""
        return time.monotonic() + self.later

    def on_set_message_reaction(self, params: Json) -> bool:
        chat, number, given = self._chat(params), int(params["message_id"]), params.get("reaction") or []
        if number not in chat.messages:
            raise Refused("Bad Request: message to react not found")
        if len(given) > 1:
            raise Refused("Bad Request: REACTIONS_TOO_MANY")
        if any(one["type"] != "emoji" or one["emoji"] not in rules.REACTIONS for one in given):
            raise Refused("Bad Request: REACTION_INVALID")
        if chat.no_reactions:
            raise Refused("Bad Request: REACTION_INVALID")
        self.reactions[chat.id, number] = given[0]["emoji"] if given else ""
        return True

    def _send_file(self, kind: str, params: Json, uploads: dict[str, bytes]) -> Json:
        content = {} if "caption" not in params else self._worded(
            params, "caption", "caption_entities", rules.CAPTION, "message caption"
        )  # fmt: skip
        given = params.get(kind, "")
        if given in self.files:
            if self.files[given][0] != kind:
                raise Refused(f"Bad Request: can't use file of type {self.files[given][0]} as {kind}")
            file_id = given
        elif given.startswith("attach://") or kind in uploads:
            file_id = self.keep_file(kind, uploads.get(given.removeprefix("attach://"), uploads.get(kind, b"")))
        else:
            raise Refused("Bad Request: wrong file identifier/HTTP URL specified")
        return self._post(params, content | self.file_json(kind, file_id))

    def keep_file(self, kind: str, content: bytes) -> str:
        file_id = f"file-{kind}-{len(self.files) + 1}"
        self.files[file_id] = (kind, content)
        return file_id

    def file_json(self, kind: str, file_id: str, name: str | None = None) -> Json:
        common: Json = {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(self.files[file_id][1])}
        extra: dict[str, Json] = {
            "photo": {"width": 10, "height": 10}, "voice": {"duration": 1}, "audio": {"duration": 1},
            "video": {"width": 10, "height": 10, "duration": 1}, "video_note": {"length": 10, "duration": 1},
            "animation": {"width": 10, "height": 10, "duration": 1}, "document": {"file_name": name or "file"},
        }  # fmt: skip
        data = common | extra[kind]
        return {kind: [data] if kind == "photo" else data}

    def on_edit_message_text(self, params: Json) -> Json:
        chat = self._chat(params)
        message = chat.messages.get(int(params["message_id"]))
        topic = message.get("message_thread_id") if message else None
        if message is None or (topic and topic not in chat.topics):  # its messages went with the topic
            raise Refused("Bad Request: message to edit not found")
        if message["from"]["id"] != BOT_ID:
            raise Refused("Bad Request: message can't be edited")
        if "text" not in message:
            raise Refused("Bad Request: there is no text in the message to edit")
        content = self._worded(params, "text", "entities", rules.TEXT, "message text")
        rules.check_keyboard(params.get("reply_markup"))
        if content["text"] == message["text"] and params.get("reply_markup") == message.get("reply_markup"):
            raise Refused("Bad Request: message is not modified: specified new message content is exactly the same")
        message.pop("entities", None)
        message.pop("reply_markup", None)
        message |= content | ({"reply_markup": params["reply_markup"]} if params.get("reply_markup") else {})
        self.changed.append(message)
        return message

    def on_delete_message(self, params: Json) -> bool:
        if self._chat(params).messages.pop(int(params["message_id"]), None) is None:
            raise Refused("Bad Request: message to delete not found")
        return True

    def _forum(self, params: Json) -> Chat:
        chat = self._chat(params)
        if not chat.is_forum:
            raise Refused("Bad Request: the chat is not a forum")
        if chat.members[BOT_ID] != "administrator" or "can_manage_topics" not in chat.bot_rights:
            raise Refused("Bad Request: not enough rights to create a topic")
        return chat

    def on_create_forum_topic(self, params: Json) -> Json:
        chat = self._forum(params)
        if not 1 <= len(params["name"]) <= rules.TOPIC:
            raise Refused("Bad Request: TOPIC_TITLE_INVALID")
        topic = Topic(next(chat.numbers), params["name"])
        chat.topics[topic.id] = topic
        chat.messages[topic.id] = self._topic_start(chat, topic)
        return {"message_thread_id": topic.id, "name": topic.name, "icon_color": 7322096}

    def _topic_start(self, chat: Chat, topic: Topic) -> Json:
        return {
            "message_id": topic.id, "date": int(time.time()), "chat": chat.json(), "from": self.users[BOT_ID].json(),
            "is_topic_message": True, "message_thread_id": topic.id,
            "forum_topic_created": {"name": topic.name, "icon_color": 7322096},
        }  # fmt: skip

    def on_delete_forum_topic(self, params: Json) -> bool:
        chat = self._forum(params)
        if "can_delete_messages" not in chat.bot_rights:
            raise Refused("Bad Request: not enough rights to delete messages")
        if chat.topics.pop(int(params["message_thread_id"]), None) is None:
            raise Refused("Bad Request: TOPIC_ID_INVALID")
        return True

    def on_reopen_forum_topic(self, params: Json) -> bool:
        topic = self._topic(self._forum(params), params)
        assert topic is not None
        topic.closed = False
        return True

    def on_get_chat(self, params: Json) -> Json:
        return self._chat(params).json() | {"accent_color_id": 1, "max_reaction_count": 1, "accepted_gift_types": {
            "unlimited_gifts": False, "limited_gifts": False, "unique_gifts": False, "premium_subscription": False,
            "gifts_from_channels": False}}  # fmt: skip

    def on_get_chat_member(self, params: Json) -> Json:
        chat, user = self._chat(params), int(params["user_id"])
        if user not in self.users:
            raise Refused("Bad Request: user not found")
        return self._member(chat, user)

    def _member(self, chat: Chat, user: int) -> Json:
        status = chat.members.get(user, "left")
        member: Json = {"user": self.users[user].json(), "status": status}
        rights = (
            "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members "
            "can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories"
        )
        if status == "administrator":
            member |= dict.fromkeys(rights.split(), False)
            for right in ("can_manage_topics", "can_delete_messages"):
                member[right] = user == BOT_ID and right in chat.bot_rights
        if status == "creator":
            member["is_anonymous"] = False
        return member | ({"until_date": 0} if status == "kicked" else {})

    def on_get_chat_administrators(self, params: Json) -> list[Json]:
        chat = self._chat(params)
        return [
            self._member(chat, user) for user, status in chat.members.items() if status in ("administrator", "creator")
        ]

    def on_set_my_commands(self, params: Json) -> bool:
        rules.check_commands(params["commands"])
        scope = params.get("scope", {"type": "default"})
        if scope["type"] == "chat":
            self._chat({"chat_id": scope["chat_id"]})
        self.commands[":".join(str(scope[key]) for key in ("type", "chat_id") if key in scope)] = params["commands"]
        return True

    def on_answer_callback_query(self, params: Json) -> bool:
        if self.queries.get(params["callback_query_id"], "answered") is not None:
            raise Refused("Bad Request: query is too old and response timeout expired or query ID is invalid")
        if len(params.get("text", "")) > rules.ANSWER:
            raise Refused("Bad Request: MESSAGE_TOO_LONG")
        self.queries[params["callback_query_id"]] = params.get("text", "")
        return True

    def on_answer_inline_query(self, params: Json) -> bool:
        rules.check_inline(params["results"])
        self.inline[params["inline_query_id"]] = params["results"]
        return True

    def on_get_file(self, params: Json) -> Json:
        if params["file_id"] not in self.files:
            raise Refused("Bad Request: wrong file_id or the file is temporarily unavailable")
        kind, content = self.files[params["file_id"]]
        if len(content) > 20_000_000:
            raise Refused("Bad Request: file is too big")
        return {
            "file_id": params["file_id"],
            "file_unique_id": "u",
            "file_size": len(content),
            "file_path": f"{kind}/{params['file_id']}",
        }

    def on_set_webhook(self, params: Json) -> bool:
        self.webhook = {"url": params["url"], "secret": params.get("secret_token", ""),
                        "allowed_updates": params.get("allowed_updates", [])}  # fmt: skip
        return True

    def on_delete_webhook(self, params: Json) -> bool:
        assert not params.get("drop_pending_updates"), "what people wrote meanwhile would be lost"
        self.webhook = {"url": ""}
        return True

    def on_get_webhook_info(self, _: Json) -> Json:
        known = {key: self.webhook[key] for key in ("url", "last_error_message") if key in self.webhook}
        return known | {"has_custom_certificate": False, "pending_update_count": 0}
