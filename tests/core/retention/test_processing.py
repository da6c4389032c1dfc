"""The register of processing names every class, and claims no more of the law than was read."""

from core.retention.classes import kept_classes
from core.retention.processing import register


def test_every_class_is_part_of_some_processing() -> None:
    named = {code for one in register().activity.values() for code in one.classes}
    assert named == set(kept_classes())


def test_every_basis_is_a_section_that_was_read() -> None:
    sections = register().section
    for code, one in register().activity.items():
        assert one.basis, code
        assert {sections[basis].mark for basis in one.basis} == {"V"}, code


def test_what_passes_through_the_platforms_is_marked_as_going_abroad() -> None:
    for code, one in register().activity.items():
        assert one.abroad == ("platforms" in one.recipients), code
