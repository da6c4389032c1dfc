"""Action objects. Source of limits: LINE reference, "Action objects" and "Specifications of the label"."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta

from simulator.line.strict import FieldError, Maybe, Strict, check_graphemes, check_units

Data = Annotated[str, Meta(max_length=300)]
_URI_SCHEMES = ("http://", "https://", "line://", "tel:", "mailto:")


class _Action(Strict, tag_field="type", kw_only=True):
    label: Maybe[str] = UNSET


class PostbackAction(_Action, tag="postback", kw_only=True):
    data: Data
    display_text: Maybe[str] = UNSET
    text: Maybe[str] = UNSET
    input_option: Maybe[Literal["closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"]] = UNSET
    fill_in_text: Maybe[str] = UNSET

    def __post_init__(self) -> None:
        for field, text in (("displayText", self.display_text), ("text", self.text)):
            check_graphemes(field, text, 300)
        check_graphemes("fillInText", self.fill_in_text, 300)
        if self.display_text is not UNSET and self.text is not UNSET:
            raise FieldError("text", "displayText and text can't be used together")


class MessageAction(_Action, tag="message", kw_only=True):
    text: str

    def __post_init__(self) -> None:
        check_graphemes("text", self.text, 300, 1)


class AltUri(Strict, kw_only=True):
    desktop: Maybe[Annotated[str, Meta(max_length=1000)]] = UNSET


class UriAction(_Action, tag="uri", kw_only=True):
    uri: str
    alt_uri: Maybe[AltUri] = UNSET

    def __post_init__(self) -> None:
        check_units("uri", self.uri, 1000, 1)
        if not self.uri.startswith(_URI_SCHEMES):
            raise FieldError("uri", "invalid uri scheme")


class DatetimePickerAction(_Action, tag="datetimepicker", kw_only=True):
    data: Data
    mode: Literal["date", "time", "datetime"]
    initial: Maybe[str] = UNSET
    max: Maybe[str] = UNSET
    min: Maybe[str] = UNSET


class ClipboardAction(_Action, tag="clipboard", kw_only=True):
    clipboard_text: Annotated[str, Meta(min_length=1, max_length=1000)]


class CameraAction(_Action, tag="camera", kw_only=True):
    """Only in quick replies."""


class CameraRollAction(_Action, tag="cameraRoll", kw_only=True):
    """Only in quick replies."""


class LocationAction(_Action, tag="location", kw_only=True):
    """Only in quick replies."""


class RichMenuSwitchAction(_Action, tag="richmenuswitch", kw_only=True):
    """Only in rich menus."""

    rich_menu_alias_id: Annotated[str, Meta(max_length=32)]
    data: Data


BubbleAction = PostbackAction | MessageAction | UriAction | DatetimePickerAction | ClipboardAction
QuickAction = BubbleAction | CameraAction | CameraRollAction | LocationAction
MenuAction = BubbleAction | RichMenuSwitchAction


def check_label(field: str, action: _Action, most: int) -> None:
    """A label is required and counted in grapheme clusters."""
    if action.label is UNSET:
        raise FieldError(f"{field}.label", "May not be empty")
    check_graphemes(f"{field}.label", action.label, most, 1)
