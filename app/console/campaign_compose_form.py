"""The composer's form: what stands in its fields as one wording of a plan, however unfinished.

A field's name is its place: `b.0.text.th`, `b.2.cards.1.presses.0.label.en`. Reading never fails and changes no text but
for the ends of its lines; what is wrong with it is for `campaigns.composer.checking` to say.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from campaigns.plans.blocks import (
    Block,
    ButtonsBlock,
    CardBlock,
    CarouselBlock,
    Choice,
    ImageBlock,
    LessonBlock,
    LinkBlock,
    Press,
    QuizBlock,
    Said,
    SurveyBlock,
    TextBlock,
    Wording,
)
from core.errors import TooLargeError

Tree = dict[str, Any]
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_DEEPEST = 8
# Far above what a plan may hold; a form with more was not made by our page.
_MOST_FIELDS = 5_000
ADDRESS = "address"


class FormTooLargeError(TooLargeError):
    """More fields than the composer has."""

    code = "plan_extent"


class Removed(msgspec.Struct, frozen=True):
    """A block that was taken out and may come back, and where it stood."""

    at: int
    block: Block


class Written(msgspec.Struct, frozen=True):
    """All that stands in the form."""

    title: str
    subject: str
    silent: bool
    wording: Wording
    removed: tuple[Removed, ...] = ()
    revision: int = 0
    # Which language's fields and phones are shown.
    language: str = "th"
    # The phones show somebody whose name and province are known.
    known: bool = False


def read_written(fields: Iterable[tuple[str, object]], variant: str) -> Written:
    """What the form holds; raises FormTooLargeError."""
    tree = _tree_of(fields)
    revision = _text(tree, "revision")
    return Written(
        title=_text(tree, "title"),
        subject=_text(tree, "subject"),
        silent=bool(_text(tree, "silent")),
        wording=Wording(
            blocks=tuple(map(_block, _items(tree, "b"))), notice=_said(tree, "notice"), variant=variant
        ),
        removed=_removed(_text(tree, "removed")),
        revision=int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else 0,
        language=_text(tree, "language") if _LANGUAGE.fullmatch(_text(tree, "language")) else "th",
        known=bool(_text(tree, "known")),
    )


def _tree_of(fields: Iterable[tuple[str, object]]) -> Tree:
    tree: Tree = {}
    for count, (name, value) in enumerate(fields):
        if count >= _MOST_FIELDS:
            raise FormTooLargeError("this form has more fields than a campaign")
        *above, last = name.split(".", _DEEPEST)
        node: Tree | None = tree
        for part in above:
            below = node.setdefault(part, {}) if node is not None else None
            node = below if isinstance(below, dict) else None
        if node is not None and isinstance(value, str) and not isinstance(node.get(last), dict):
            node[last] = value.replace("\r\n", "\n")
    return tree


def _text(node: Mapping[str, Any], name: str) -> str:
    value = node.get(name, "")
    return value if isinstance(value, str) else ""


def _items(node: Mapping[str, Any], name: str) -> list[Tree]:
    """What stands under numbers, in their order."""
    below = node.get(name)
    if not isinstance(below, dict):
        return []
    numbered = [(int(key), one) for key, one in below.items() if key.isascii() and key.isdigit()]
    return [one for _, one in sorted(numbered, key=lambda item: item[0]) if isinstance(one, dict)]


def _said(node: Mapping[str, Any], name: str) -> Said:
    """A saying; Thai always, others where they are written."""
    below = node.get(name)
    said = below if isinstance(below, dict) else {}
    written = {
        language: text
        for language, text in said.items()
        if _LANGUAGE.fullmatch(language) and isinstance(text, str) and (text or language == "th")
    }
    return {"th": "", **written}


def _press(node: Tree) -> Press:
    leads = _text(node, "leads")
    kind, _, value = leads.partition(":")
    return Press(
        label=_said(node, "label"),
        address=_text(node, "address").strip() if leads == ADDRESS else "",
        opens=value if kind == "opens" else "",
        call=value if kind == "call" else "",
    )


def _presses(node: Tree) -> tuple[Press, ...]:
    return tuple(map(_press, _items(node, "presses")))


def _choice(node: Tree) -> Choice:
    return Choice(
        id=_text(node, "id"),
        label=_said(node, "label"),
        reply=_said(node, "reply"),
        right=bool(_text(node, "right")),
    )


def _choices(node: Tree) -> tuple[Choice, ...]:
    return tuple(map(_choice, _items(node, "choices")))


def _card(node: Tree) -> CardBlock:
    return CardBlock(
        _text(node, "id"),
        _said(node, "title"),
        _said(node, "text"),
        _text(node, "media"),
        _presses(node),
    )


def _lesson(node: Tree) -> LessonBlock:
    pack, _, lesson = _text(node, "which").partition("/")
    return LessonBlock(_text(node, "id"), pack, lesson)


def _link(node: Tree) -> LinkBlock:
    return LinkBlock(
        _text(node, "id"), _said(node, "text"), _said(node, "label"), _text(node, "address").strip()
    )


def _quiz(node: Tree) -> QuizBlock:
    return QuizBlock(
        _text(node, "id"),
        _said(node, "question"),
        _choices(node),
        _text(node, "measures").strip(),
        _text(node, "phase"),
    )


_KINDS: Mapping[str, Callable[[Tree], Block]] = {
    "text": lambda node: TextBlock(_text(node, "id"), _said(node, "text")),
    "image": lambda node: ImageBlock(_text(node, "id"), _text(node, "media")),
    "card": _card,
    "carousel": lambda node: CarouselBlock(_text(node, "id"), tuple(map(_card, _items(node, "cards")))),
    "buttons": lambda node: ButtonsBlock(_text(node, "id"), _said(node, "text"), _presses(node)),
    "link": _link,
    "lesson": _lesson,
    "quiz": _quiz,
    "survey": lambda node: SurveyBlock(
        _text(node, "id"), _said(node, "question"), _choices(node), _text(node, "keeps")
    ),
}
KINDS: tuple[str, ...] = tuple(_KINDS)


def _block(node: Tree) -> Block:
    return _KINDS.get(_text(node, "kind"), _KINDS["text"])(node)


def _removed(text: str) -> tuple[Removed, ...]:
    try:
        return msgspec.json.decode(text or "[]", type=tuple[Removed, ...])
    except (msgspec.MsgspecError, UnicodeError):
        return ()


def write_removed(removed: tuple[Removed, ...]) -> str:
    """As it travels in the form."""
    return msgspec.json.encode(removed).decode()
