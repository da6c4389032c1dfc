"""Reads a questionnaire from its data files and refuses one that contradicts itself.

`<name>.toml` names the version, the parts (`questions/<part>.toml`), the order of the questions, which of them come
before the receipt, and the named conditions.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from referrals.questionnaires.conditions import names_in
from referrals.questionnaires.questionnaire import SKIPPED, UNSURE, Choice, Question, Questionnaire

# Languages that the data files may speak, and those in which everything must be said.
_LANGUAGES = ("th", "en", "my", "km", "lo")
_WHOLE = {"th", "en"}
_RESERVED = {SKIPPED, UNSURE}


class QuestionnaireError(Exception):
    """The data files contradict themselves; the message lists every place to correct."""


@cache
def load_questionnaire(name: str = "report") -> Questionnaire:
    """Read and check a questionnaire; raises FileNotFoundError, QuestionnaireError, msgspec.ValidationError."""
    head = _read(f"{name}.toml")
    written = {
        entry["id"]: entry for part in head["parts"] for entry in _read(f"questions/{part}.toml")["question"]
    }
    order: list[str] = head["order"]
    problems = [f"{one}: in the order but not in a part" for one in order if one not in written]
    problems += [f"{one}: not in the order" for one in written if one not in order]
    if problems:
        raise QuestionnaireError("\n".join(problems))
    found = Questionnaire(
        name=name,
        version=head["version"],
        questions=tuple(_question(written[one]) for one in order),
        first=tuple(head["first"]),
        conditions={key: tuple(value) for key, value in head["conditions"].items()},
    )
    problems = list(faults(found))
    if problems:
        raise QuestionnaireError("\n".join(problems))
    return found


def faults(questionnaire: Questionnaire) -> Iterator[str]:
    """Everything that is wrong with a questionnaire, in words."""
    ids = [question.id for question in questionnaire.questions]
    if len(set(ids)) != len(ids):
        yield "two questions have one id"
    yield from (f"{one}: among the first but not a question" for one in questionnaire.first if one not in ids)
    conditions = [line for lines in questionnaire.conditions.values() for line in lines]
    for question in questionnaire.questions:
        yield from (f"{question.id}: {problem}" for problem in _faults(question))
        conditions += [*question.when, *(line for variant in question.variants for line in variant.when)]
    asked, names = names_in(conditions)
    yield from (f"condition on {one}, which is no question" for one in sorted(asked - set(ids)))
    yield from (f"condition @{name} is not named" for name in sorted(names - set(questionnaire.conditions)))


def _faults(question: Question) -> Iterator[str]:
    codes = [choice.code for choice in question.choices]
    if len(set(codes)) != len(codes) or _RESERVED & set(codes):
        yield "choices need codes of their own"
    if question.kind in {"one", "many", "agencies"} and not codes:
        yield "has no choices"
    if question.default and question.default not in codes:
        yield "its default is no choice"
    sayings = [question.says, *(variant.says for variant in question.variants)]
    for saying in [*sayings, *(choice.label for choice in question.choices)]:
        if not saying.keys() >= _WHOLE or not all(saying.values()):
            yield "something is not said in Thai and English"


def _question(entry: dict[str, Any]) -> Question:
    rest = dict(entry)
    rest["says"] = _said(rest)
    rest["choices"] = [_choice(choice) for choice in rest.get("choices", ())]
    rest["variants"] = [{"when": one["when"], "says": _said(dict(one))} for one in rest.get("variants", ())]
    return msgspec.convert(rest, Question)


def _choice(entry: dict[str, Any]) -> Choice:
    rest = dict(entry)
    rest["label"] = _said(rest)
    return msgspec.convert(rest, Choice)


def _said(entry: dict[str, Any]) -> dict[str, str]:
    """The words of an entry by language, taken out of it."""
    return {language: entry.pop(language) for language in _LANGUAGES if language in entry}


def _read(path: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(path).read_text("utf-8"))
