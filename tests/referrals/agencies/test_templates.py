from typing import get_args

from referrals.agencies.kinds import AgencyKind
from referrals.agencies.templates import templates
from referrals.packets.gate import GROUNDS

IDENTIFYING = {"name", "phone", "address", "contact"}


def test_every_template_names_only_what_is_known() -> None:
    known = templates()
    for code, template in known.template.items():
        assert set(template.fields) <= set(known.field), code
        assert set(template.identity) <= set(known.identity), code
        assert {*template.gives, *template.takes} <= set(known.slot), code


def test_every_kind_of_agency_has_a_template() -> None:
    assert set(get_args(AgencyKind)) == set(templates().template)


def test_who_the_person_is_stands_in_no_field() -> None:
    assert set(templates().identity) == IDENTIFYING
    assert not IDENTIFYING & set(templates().field)


def test_a_court_and_those_who_execute_read_nothing_of_the_story() -> None:
    for kind in ("court", "execution", "amlo"):
        assert not {"summary", "whereabouts", "signs", "health"} & set(templates().template[kind].fields)


def test_every_ground_has_its_words() -> None:
    assert set(templates().ground) == set(GROUNDS)
