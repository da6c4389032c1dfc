"""The table of steps: it can be walked, every reference leads somewhere, and its order is §8's."""

from referrals.tracks.steps import BEGINNING, COLUMNS, TRACKS, details, rank, steps, steps_of


def test_every_state_that_is_named_is_reached_by_a_step() -> None:
    for track in TRACKS:
        reached = {step.to for step in steps_of(track)} | {BEGINNING}
        named = {state for step in steps_of(track) for state in step.begins_from}
        assert named <= reached, track


def test_every_state_is_named_as_the_step_that_leads_to_it() -> None:
    assert {step.to for step in steps().values()} - {""} == {
        code for (_, code), step in steps().items() if step.to
    }
    assert all(step.to in ("", code) for (_, code), step in steps().items())


def test_every_reference_leads_somewhere() -> None:
    names = {f"{track}.{code}" for track, code in steps()}
    for (track, code), step in steps().items():
        assert set(step.needs) <= names, code
        assert {f"{track}.{one}" for one in step.about} <= names, code
        assert set(step.fields) <= set(COLUMNS) | set(details()), code
        assert bool(step.about) == ("about_id" in step.fields), code
        assert bool(step.outcomes) == ("outcome" in step.fields), code
        assert bool(step.funds) == ("fund" in step.fields), code
        assert step.makers, code
        assert step.source, code


def test_what_can_be_done_once_and_what_again_is_said_of_each() -> None:
    assert all(not (step.repeats and (step.begins_from and step.to)) for step in steps().values())
    assert all(step.versions is False or "adds" in step.fields for step in steps().values())


def test_the_furthest_state_of_compensation_is_its_end() -> None:
    assert rank("compensation", BEGINNING) == 0
    assert max(steps_of("compensation"), key=lambda step: rank("compensation", step.code)).code == "closed"
