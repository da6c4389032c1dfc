"""Placeholders of text messages (v2). Source: LINE reference, "Text message (v2)"."""

from __future__ import annotations

import re

from simulator.line.strict import FieldError, Strict, UserId

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([a-zA-Z0-9_]{1,20})\}|[{}]")


class MentionUser(Strict, tag_field="type", tag="user", kw_only=True):
    user_id: UserId


class MentionAll(Strict, tag_field="type", tag="all", kw_only=True):
    pass


class MentionSubstitution(Strict, tag_field="type", tag="mention", kw_only=True):
    mentionee: MentionUser | MentionAll


class EmojiSubstitution(Strict, tag_field="type", tag="emoji", kw_only=True):
    product_id: str
    emoji_id: str


Substitution = MentionSubstitution | EmojiSubstitution


def check_placeholders(text: str, names: set[str]) -> None:
    """Every `{name}` needs its object and the other way round; a lone brace must be doubled."""
    used = set()
    for match in _PLACEHOLDER.finditer(text):
        if match[0] in "{}":
            raise FieldError("text", "a brace must be escaped by doubling it")
        if match[1]:
            used.add(match[1])
    if used != names:
        raise FieldError("substitution", f"placeholders and objects differ: {sorted(used ^ names)}")
