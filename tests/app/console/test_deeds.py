"""Every action that can stand in the audit has words, so that an auditor never reads of "something else"."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.api.mount import make_api, routes_of
from app.console.texts import load_texts
from app.main import create_app
from app.partner_api.mount import make_partner_api
from app.runtime import Runtime
from core.languages import WHOLE, Language
from tests.support.routes import guarded

ROOT = Path(__file__).parents[3]
ROOMS = ("app", "bots", "campaigns", "core", "referrals", "screening")
NAMED = re.compile(r"[a-z_]+\.[a-z_]+")
# What takes the name of an action, by keyword or by place.
NOTES = {"record_audit", "record_each", "audited", "note", "note_refused"}


def _names_in(code: str) -> Iterator[str]:
    """Yield actions that a module names itself: as an argument of what notes them, or in its `_ACTIONS`."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "_ACTIONS" for t in node.targets):
            values = [*ast.walk(node.value)]
        elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in NOTES:
            values = [*node.args[1:], *(k.value for k in node.keywords if k.arg == "action")]
        else:
            continue
        for value in values:
            if isinstance(value, ast.Constant) and NAMED.fullmatch(str(value.value)):
                yield str(value.value)


def _audited(runtime: Runtime) -> set[str]:
    """Everything that leaves a row: each guarded route when it refuses at the latest, and what is named in the code."""
    routes = {guard.name for guard in guarded(create_app(runtime))}
    routes |= {
        route.name for api in (make_api(runtime), make_partner_api(runtime)) for route in routes_of(api)
    }
    named = {
        name
        for room in ROOMS
        for file in (ROOT / room).rglob("*.py")
        for name in _names_in(file.read_text("utf-8"))
    }
    assert named >= {
        "account.reset_password",
        "contact.copy",
        "contact.forget",
        "labels.export",
        "referral.last_words",
    }
    assert len(routes) > 150
    return routes | named


@pytest.mark.parametrize("language", WHOLE)
def test_every_audited_action_has_its_words(runtime: Runtime, language: Language) -> None:
    texts = load_texts(language)
    without = sorted(action for action in _audited(runtime) if f"deed.{action}" not in texts)
    assert not without, f"write into texts/{language}/audit.toml: {without}"
