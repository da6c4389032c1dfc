"""The form of a hotline: what stands in its fields, and the entry that typed fields mean."""

from collections.abc import Mapping
from datetime import date, time

import msgspec
from starlette.datastructures import FormData

from core.languages import WHOLE
from referrals.directory.hotlines import Hotline, Opening
from referrals.hotline_desk.checking import BadEntryError

# A line of hours each; more than two nobody publishes.
LINES = (1, 2)
_MOST_TYPED = 400
_TEXTS = (
    "number", "dialled_from_abroad", "name_th", "name_en", "purpose_th", "purpose_en", "languages", "source", "answers",
    "holidays", "mark", "when_old", "holds_days", "owner_id",
    *(f"{end}_{line}" for line in LINES for end in ("opens", "closes")),
)  # fmt: skip
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "answers": ("always", "hours", "unknown"),
    "holidays": ("open", "closed", "unknown"),
    "mark": ("V", "P", "U"),
    "when_old": ("dated", "hidden"),
}


class HotlineForm(msgspec.Struct, frozen=True):
    """Fields as typed: single texts, and the sets of boxes that are ticked."""

    texts: dict[str, str]
    kinds: frozenset[str]
    # Line of hours → ISO weekdays.
    days: dict[int, frozenset[str]]
    only_in_thailand: bool


def empty_form() -> HotlineForm:
    """A new entry: nothing known, half a year of trust."""
    return form_of(Hotline("", {}, {}, frozenset(), ("th",), "", verified_at=date.min, mark="P"), owner_id="")


def form_of(hotline: Hotline, *, owner_id: str) -> HotlineForm:
    """What stands in the fields of an entry; its source is asked for anew."""
    texts = {
        "number": hotline.number, "dialled_from_abroad": hotline.dialled_from_abroad,
        "languages": ", ".join(hotline.languages), "source": "", "holidays": hotline.holidays, "mark": hotline.mark,
        "answers": "always" if hotline.always else "hours" if hotline.hours else "unknown",
        "when_old": hotline.when_old, "holds_days": str(hotline.holds_days), "owner_id": owner_id,
    }  # fmt: skip
    for language in WHOLE:
        texts[f"name_{language}"] = hotline.name.get(language, "")
        texts[f"purpose_{language}"] = hotline.purpose.get(language, "")
    days = dict.fromkeys(LINES, frozenset[str]())
    for line in LINES:
        opening = hotline.hours[line - 1] if len(hotline.hours) >= line else None
        texts[f"opens_{line}"] = f"{opening.opens:%H:%M}" if opening else ""
        texts[f"closes_{line}"] = f"{opening.closes:%H:%M}" if opening else ""
        days[line] = frozenset(map(str, opening.days)) if opening else frozenset()
    return HotlineForm(texts, hotline.kinds, days, hotline.only_in_thailand)


def read_form(fields: FormData) -> HotlineForm:
    """Take fields as they were typed, however wrong; raises BadEntryError where one is of no use at all."""
    texts = {name: str(fields.get(name, "")).strip() for name in _TEXTS}
    for name, typed in texts.items():
        if len(typed) > _MOST_TYPED:
            raise BadEntryError(f"{name}: too long")
    for name, choices in _CHOICES.items():
        if texts[name] not in choices:
            raise BadEntryError(f"{name}: one of {', '.join(choices)}")
    return HotlineForm(
        texts,
        frozenset(map(str, fields.getlist("kinds"))),
        {line: frozenset(map(str, fields.getlist(f"days_{line}"))) for line in LINES},
        fields.get("only_in_thailand") == "1",
    )


def entry_of(form: HotlineForm) -> Hotline:
    """Return the entry that the fields mean; raises BadEntryError naming the field."""
    texts = form.texts
    if not (texts["holds_days"].isascii() and texts["holds_days"].isdigit() and len(texts["holds_days"]) < 5):
        raise BadEntryError("holds_days: a number of days")
    openings = (_opening(form, line) for line in LINES) if texts["answers"] == "hours" else ()
    hours = tuple(opening for opening in openings if opening is not None)
    if texts["answers"] == "hours" and not hours:
        raise BadEntryError("hours: days, and an opening before the closing")
    fields = {
        "number": texts["number"], "dialled_from_abroad": texts["dialled_from_abroad"],
        "name": {language: texts[f"name_{language}"] for language in WHOLE},
        "purpose": {language: texts[f"purpose_{language}"] for language in WHOLE},
        "kinds": sorted(form.kinds), "languages": texts["languages"].replace(",", " ").split(),
        "source": texts["source"], "verified_at": date.min, "always": texts["answers"] == "always",
        "hours": hours, "holidays": texts["holidays"], "only_in_thailand": form.only_in_thailand,
        "mark": texts["mark"], "when_old": texts["when_old"], "holds_days": int(texts["holds_days"]),
    }  # fmt: skip
    return msgspec.convert(fields, Hotline, from_attributes=True)


def _opening(form: HotlineForm, line: int) -> Opening | None:
    """Return one line of hours; None where nothing was typed in it."""
    opens, closes, days = form.texts[f"opens_{line}"], form.texts[f"closes_{line}"], form.days[line]
    if not (opens or closes or days):
        return None
    try:
        numbers = tuple(sorted(map(int, days)))
        return Opening(numbers, time.fromisoformat(opens), time.fromisoformat(closes))
    except ValueError:
        raise BadEntryError("hours: days, and times such as 08:30") from None
