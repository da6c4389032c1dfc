"""Parameters of the methods this fake knows. Source: Bot API 10.1."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta

from simulator.telegram.keyboards import Exact

ChatId = int | str


class MessageEntity(Exact, kw_only=True):
    type: str
    offset: int
    length: int
    url: str | None = None
    user: dict[str, Any] | None = None
    language: str | None = None
    custom_emoji_id: str | None = None
    unix_time: int | None = None
    date_time_format: str | None = None


class LinkPreview(Exact, kw_only=True):
    is_disabled: bool | None = None
    url: str | None = None
    prefer_small_media: bool | None = None
    prefer_large_media: bool | None = None
    show_above_text: bool | None = None


class ReplyParameters(Exact, kw_only=True):
    message_id: int
    chat_id: ChatId | None = None
    allow_sending_without_reply: bool | None = None
    quote: str | None = None
    quote_parse_mode: str | None = None
    quote_entities: list[MessageEntity] | None = None
    quote_position: int | None = None
    checklist_task_id: int | None = None
    poll_option_id: str | None = None


class _Sending(Exact, kw_only=True):
    chat_id: ChatId
    business_connection_id: str | None = None
    message_thread_id: int | None = None
    direct_messages_topic_id: int | None = None
    disable_notification: bool | None = None
    protect_content: bool | None = None
    allow_paid_broadcast: bool | None = None
    message_effect_id: str | None = None
    suggested_post_parameters: dict[str, Any] | None = None
    reply_parameters: ReplyParameters | None = None
    reply_markup: dict[str, Any] | None = None


class SendMessage(_Sending, kw_only=True):
    text: str
    parse_mode: str | None = None
    entities: list[MessageEntity] | None = None
    link_preview_options: LinkPreview | None = None


class _Captioned(_Sending, kw_only=True):
    caption: str | None = None
    parse_mode: str | None = None
    caption_entities: list[MessageEntity] | None = None


class SendPhoto(_Captioned, kw_only=True):
    photo: str
    show_caption_above_media: bool | None = None
    has_spoiler: bool | None = None


class SendDocument(_Captioned, kw_only=True):
    document: str
    thumbnail: str | None = None
    disable_content_type_detection: bool | None = None


class SendLocation(_Sending, kw_only=True):
    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    horizontal_accuracy: Annotated[float, Meta(ge=0, le=1500)] | None = None
    live_period: int | None = None
    heading: Annotated[int, Meta(ge=1, le=360)] | None = None
    proximity_alert_radius: int | None = None


class SendChatAction(Exact, kw_only=True):
    chat_id: ChatId
    action: str
    business_connection_id: str | None = None
    message_thread_id: int | None = None


class EditMessageText(Exact, kw_only=True):
    text: str
    chat_id: ChatId | None = None
    message_id: int | None = None
    inline_message_id: str | None = None
    business_connection_id: str | None = None
    parse_mode: str | None = None
    entities: list[MessageEntity] | None = None
    link_preview_options: LinkPreview | None = None
    reply_markup: dict[str, Any] | None = None


class EditMessageReplyMarkup(Exact, kw_only=True):
    chat_id: ChatId | None = None
    message_id: int | None = None
    inline_message_id: str | None = None
    business_connection_id: str | None = None
    reply_markup: dict[str, Any] | None = None


class DeleteMessage(Exact, kw_only=True):
    chat_id: ChatId
    message_id: int


class DeleteMessages(Exact, kw_only=True):
    chat_id: ChatId
    message_ids: Annotated[list[int], Meta(min_length=1, max_length=100)]


class AnswerCallbackQuery(Exact, kw_only=True):
    callback_query_id: str
    text: str | None = None
    show_alert: bool | None = None
    url: str | None = None
    cache_time: int | None = None


class SetWebhook(Exact, kw_only=True):
    url: str
    certificate: str | None = None
    ip_address: str | None = None
    max_connections: Annotated[int, Meta(ge=1, le=100)] | None = None
    allowed_updates: list[str] | None = None
    drop_pending_updates: bool | None = None
    secret_token: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,256}$")] | None = None


class DeleteWebhook(Exact, kw_only=True):
    drop_pending_updates: bool | None = None


class Nothing(Exact, kw_only=True):
    """No parameters."""


class BotCommand(Exact, kw_only=True):
    command: str
    description: str


class CommandScope(Exact, kw_only=True):
    type: str = "default"
    chat_id: ChatId | None = None
    user_id: int | None = None


class SetMyCommands(Exact, kw_only=True):
    commands: list[BotCommand]
    scope: CommandScope | None = None
    language_code: str | None = None


class GetMyCommands(Exact, kw_only=True):
    scope: CommandScope | None = None
    language_code: str | None = None


class SetMyDescription(Exact, kw_only=True):
    description: Annotated[str, Meta(max_length=512)] = ""
    language_code: str | None = None


class SetMyShortDescription(Exact, kw_only=True):
    short_description: Annotated[str, Meta(max_length=120)] = ""
    language_code: str | None = None


class SetMyName(Exact, kw_only=True):
    name: Annotated[str, Meta(max_length=64)] = ""
    language_code: str | None = None


class Language(Exact, kw_only=True):
    language_code: str | None = None


class MenuButton(Exact, kw_only=True):
    type: str
    text: str | None = None
    web_app: dict[str, str] | None = None


class SetChatMenuButton(Exact, kw_only=True):
    chat_id: int | None = None
    menu_button: MenuButton | None = None


class GetChatMenuButton(Exact, kw_only=True):
    chat_id: int | None = None


class GetFile(Exact, kw_only=True):
    file_id: str


class GetChat(Exact, kw_only=True):
    chat_id: ChatId


class GetChatAdministrators(Exact, kw_only=True):
    chat_id: ChatId
    return_bots: bool | None = None
