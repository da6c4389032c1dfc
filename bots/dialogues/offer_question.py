"""Where the words don't decide: the one question that would, and what its answer changes."""

from collections.abc import Mapping
from math import exp, log
from typing import Literal

from bots.dialogues.numbers import is_abroad
from bots.dialogues.offer_advice import Matter, OfferBand, matters_of
from nlp.findings import Judgement
from nlp.prepared import Prepared, prepare
from nlp.verdict import choose_band

Question = Literal["fee", "employer", "country", "papers", "pay"]
Reply = Literal["yes", "no", "unsure"]
# "hub": a place where scam centres stand, which is worse than that it lies abroad.
Weighed = Literal["yes", "no", "unsure", "hub"]
QUESTIONS: tuple[Question, ...] = ("fee", "employer", "country", "papers", "pay")
REPLIES: tuple[Reply, ...] = ("yes", "no", "unsure")

_BANDS: tuple[OfferBand, ...] = ("unclear", "caution", "danger")
# Which questions decide most, by what the offer looks like; asked is the first that the text leaves open.
_GOING: tuple[Question, ...] = ("employer", "fee", "papers", "pay")
_ONLINE: tuple[Question, ...] = ("pay", "fee", "employer")
_LODGED: tuple[Question, ...] = ("country", "fee", "employer", "papers")
_ANY: tuple[Question, ...] = ("fee", "employer", "country", "pay", "papers")
_ONLINE_SIGNS = frozenset({"online_easy_job", "typing_at_home", "paid_at_once", "selected_message"})
_LODGED_WORDS = ("lodging", "free_travel", "chat_admin")

# Answer → the change in log-odds, as the sign of nlp/lexicons/indicators.toml that says the same: pay_before_work,
# hidden_details, scam_hub_place, papers_kept, advance_task_money; what speaks for the offer weighs as its credits.
WEIGHTS: Mapping[tuple[Question, Weighed], float] = {
    ("fee", "yes"): 2.0, ("fee", "no"): -0.4, ("fee", "unsure"): 0.4,
    ("employer", "yes"): -0.4, ("employer", "no"): 1.0, ("employer", "unsure"): 0.5,
    ("country", "yes"): -0.4, ("country", "no"): 1.0, ("country", "unsure"): 0.6,
    ("country", "hub"): 2.2,
    ("papers", "yes"): -0.4, ("papers", "no"): 2.3, ("papers", "unsure"): 0.4,
    ("pay", "yes"): -0.4, ("pay", "no"): 2.2, ("pay", "unsure"): 0.4,
}  # fmt: skip
# What nobody should take lightly, however harmless the rest of the text reads.
_AT_LEAST: Mapping[tuple[Question, Weighed], OfferBand] = {
    ("fee", "yes"): "caution", ("fee", "unsure"): "caution",
    ("employer", "no"): "caution", ("employer", "unsure"): "caution",
    ("country", "no"): "caution", ("country", "unsure"): "caution", ("country", "hub"): "danger",
    ("papers", "no"): "danger", ("papers", "unsure"): "caution",
    ("pay", "no"): "danger", ("pay", "unsure"): "caution",
}  # fmt: skip
_MATTER: Mapping[tuple[Question, Weighed], Matter] = {
    ("fee", "yes"): "money", ("country", "no"): "abroad", ("country", "hub"): "abroad", ("papers", "no"): "papers", ("pay", "no"): "task",
}  # fmt: skip


def open_question(text: str, judgement: Judgement) -> Question:
    """The question that would decide most among those that the text leaves open."""
    prepared = prepare(text)
    order = _order(prepared, judgement)
    return next((question for question in order if not _is_told(question, prepared, judgement)), order[0])


def _order(prepared: Prepared, judgement: Judgement) -> tuple[Question, ...]:
    if "abroad" in matters_of(judgement):
        return _GOING
    if any(sign.code in _ONLINE_SIGNS for sign in judgement.indicators):
        return _ONLINE
    if not judgement.entities.get("place") and any(prepared.has(word) for word in _LODGED_WORDS):
        return _LODGED
    return _ANY


def _is_told(question: Question, prepared: Prepared, judgement: Judgement) -> bool:
    said = judgement.entities
    match question:
        case "fee":
            return bool(said.get("fee")) or prepared.has("no_fee")
        case "employer":
            return bool(said.get("employer") or said.get("licence"))
        case "country":
            return bool(said.get("place"))
        case "papers":
            return prepared.has("papers")
        case _:
            return any(money.detail.get("period") in {"month", "hour"} for money in said.get("money", ()))


def weigh_as(question: Question, reply: Reply, told: Judgement | None) -> Weighed:
    """What an answer counts as; `told` is the judgement of its words, where it was typed."""
    places = told.entities.get("place", ()) if told else ()
    at_hub = question == "country" and any(place.detail.get("kind") == "hotspot" for place in places)
    return "hub" if at_hub else reply


def rejudge(score: float, answers: Mapping[Question, Weighed]) -> OfferBand:
    """The band of an offer, judged at `score` (0 to 1) by its words, with what was answered about it."""
    certain = min(max(score, 0.001), 0.999)
    odds = log(certain / (1 - certain)) + sum(WEIGHTS.get(told, 0.0) for told in answers.items())
    judged = choose_band(1 / (1 + exp(-odds)), offer=True)
    bands = [_AT_LEAST.get(told, "unclear") for told in answers.items()]
    return max([*bands, "unclear" if judged == "not_an_offer" else judged], key=_BANDS.index)


def matters_told(answers: Mapping[Question, Weighed]) -> frozenset[Matter]:
    """What the offer is about, now that this was answered."""
    return frozenset(_MATTER[told] for told in answers.items() if told in _MATTER)


def answer_in(question: Question, told: Judgement) -> tuple[Question, Reply] | None:
    """What typed words answer by what they name; a place abroad is an answer to any question."""
    named = told.entities
    if is_abroad(told):
        return "country", "no"
    if question == "fee" and (named.get("fee") or named.get("money")):
        return "fee", "yes"
    if question == "employer" and named.get("employer"):
        return "employer", "yes"
    return ("country", "yes") if question == "country" and named.get("place") else None
