"""What the best of our kind promise and how they test it (GlobaLeaks, Hush Line, Primero), and the tests that hold it here.

docs/promises.md says it for readers; a promise that is not kept yet stands there with its reason, never here.
"""

from pathlib import Path

import pytest

from tests.test_invariants import names_in

TESTS = Path(__file__).parent
DOCUMENT = TESTS.parent / "docs" / "promises.md"

GUARDS: dict[str, dict[str, tuple[str, ...]]] = {
    "content": {
        "test_canary.py": ("test_no_column_of_any_table_holds_what_was_said_or_who_said_it",),
        "core/crypto/test_data_keys.py": ("test_another_keyset_opens_nothing",),
        "core/crypto/test_sealing.py": ("test_a_wrong_key_damage_and_unknown_forms_do_not_open",),
    },
    "moved": {
        "test_canary.py": ("test_a_ciphertext_moved_to_another_row_fails_also_under_the_same_key",),
        "core/crypto/test_data_keys.py": ("test_a_wrapped_key_moved_to_another_row_does_not_open",),
    },
    "rotation": {
        "test_canary.py": ("test_rotation_keeps_every_ciphertext_readable_and_needs_the_old_key_no_more",),
        "core/crypto/test_keyset.py": ("test_a_malformed_set_is_refused_in_one_line_that_quotes_nothing",),
    },
    "lengths": {"test_canary.py": ("test_sealed_sizes_fall_into_buckets",)},
    "receipt": {
        "referrals/test_receipts.py": (
            "test_wrong_expired_and_erased_codes_get_the_same_answer_by_the_same_statements",
            "test_the_code_alone_shows_where_it_stands_and_no_more",
        ),
        "referrals/test_slowing.py": (
            "test_wrong_codes_make_the_next_try_wait_longer_and_longer_but_never_for_ever",
            "test_many_sources_cannot_share_out_the_guesses_at_one_word",
        ),
    },
    "outside": {
        "app/test_route_matrix.py": (
            "test_a_role_is_refused_where_a_scope_is_missing_and_nothing_changes",
            "test_a_child_is_not_found_through_another_parent",
        ),
        "app/api/test_access.py": ("test_a_role_reaches_what_its_scopes_open_and_nothing_else",),
    },
    "routes": {
        "app/test_auth.py": ("test_every_route_says_who_may_call_it",),
        "app/api/test_access.py": ("test_every_route_says_what_a_token_must_be_made_for",),
    },
    "confined": {
        "app/test_route_matrix.py": (
            "test_a_session_without_its_second_factor_reaches_nothing_but_the_second_step",
        )
    },
    "second_factor": {
        "core/accounts/test_second_factor.py": (
            "test_it_accepts_a_code_once",
            "test_it_lets_one_of_two_simultaneous_uses_win",
        ),
        "core/accounts/test_guessing.py": ("test_it_slows_guesses_at_one_account_more_and_more",),
    },
    "sessions": {
        "core/accounts/test_sessions.py": (
            "test_it_ends_after_half_an_hour_of_nothing",
            "test_it_ends_after_twelve_hours_however_busy",
            "test_it_ends_one_or_all",
            "test_it_is_of_no_use_elsewhere_and_ends_there",
        )
    },
    "limits": {
        "core/accounts/test_guessing.py": (
            "test_a_stranger_who_never_stops_does_not_lock_out_an_unknown_browser_of_another_network",
        ),
        "app/api/test_access.py": ("test_a_token_that_calls_too_often_is_told_when_to_come_back",),
        "app/public/test_pace.py": ("test_a_burst_passes_and_the_next_waits_until_the_bucket_fills",),
    },
    "headers": {
        "app/console/test_headers.py": (
            "test_every_page_carries_exactly_these_headers",
            "test_pages_hold_no_inline_script_or_style",
        )
    },
    "forms": {
        "app/test_route_matrix.py": ("test_no_form_passes_without_its_token_or_from_elsewhere",),
    },
    "audit": {
        "core/audit/test_chain.py": (
            "test_every_edited_field_shows",
            "test_a_deleted_row_shows",
            "test_a_cut_tail_shows_against_the_signed_heads",
        ),
        "app/test_auth.py": ("test_a_refusal_leaves_its_audit_row",),
        "app/console/test_evidence.py": ("test_every_look_leaves_its_audit_row_also_a_refused_one",),
    },
    "retention": {
        "referrals/test_retention.py": (
            "test_it_erases_what_ended_long_ago_and_nothing_else",
            "test_what_a_restored_backup_brings_back_of_an_erased_report_is_erased_again",
        ),
        "core/retention/test_sweeping.py": (
            "test_it_notes_how_many_of_which_class_went_on_which_day",
            "test_no_step_walks_the_great_tables",
        ),
    },
    "files": {
        "referrals/cleaning/test_apart.py": (
            "test_what_something_is_is_told_by_its_bytes",
            "test_a_bomb_is_refused_and_so_is_what_takes_too_long",
        ),
        "referrals/cleaning/test_pictures.py": (
            "test_a_photograph_loses_where_when_and_by_what_it_was_taken_and_stands_upright",
        ),
        "app/console/test_evidence.py": (
            "test_whoever_holds_the_case_sees_a_picture_and_nothing_in_it_can_run",
            "test_a_piece_is_not_found_through_another_referral",
        ),
    },
    "export": {
        "app/faces/test_sheets.py": (
            "test_nothing_that_begins_like_a_formula_comes_through",
            "test_xlsx_holds_text_and_numbers_and_no_formula",
        )
    },
    "scoring": {
        "referrals/triage/test_grid.py": ("test_skipped_unsure_and_foreign_codes_are_no_indicators",),
        "referrals/triage/test_assessment.py": (
            "test_an_assessment_carries_grid_numbers_and_the_version_of_the_rules",
        ),
        "bots/dialogues/test_intake.py": ("test_an_answer_to_an_old_question_counts_for_that_one",),
    },
    "redaction": {
        "referrals/packets/test_graphemes.py": (
            "test_hiding_never_splits_a_letter_from_its_marks",
            "test_what_is_no_range_of_the_text_is_refused",
            "test_nothing_of_what_was_hidden_is_left_not_even_its_length",
        ),
        "app/faces/test_paper.py": ("test_the_text_layer_holds_the_words_as_they_were",),
    },
    "notifications": {
        "bots/delivery/test_staff_alerts.py": ("test_a_nudge_says_where_to_look_and_nothing_else",),
    },
    "webhooks": {
        "app/test_webhooks.py": (
            "test_a_wrong_or_missing_signature_is_refused_counted_and_unparsed",
            "test_a_redelivery_is_a_no_op",
        )
    },
    "claims": {
        "test_privacy.py": (
            "test_it_names_every_table_and_no_other",
            "test_it_names_how_the_rights_are_kept_in_the_figures_of_the_code",
        )
    },
}


@pytest.mark.parametrize("promise", list(GUARDS))
def test_each_promise_of_the_peers_has_the_tests_that_guard_it(promise: str) -> None:
    missing = [
        f"{file}::{name}"
        for file, names in GUARDS[promise].items()
        for name in names
        if not (TESTS / file).exists() or name not in names_in(TESTS / file)
    ]
    assert GUARDS[promise]
    assert missing == []
    assert all(GUARDS[promise].values())


def test_readers_find_each_promise_with_the_files_that_hold_it() -> None:
    lines = [line for line in DOCUMENT.read_text("utf-8").splitlines() if line.startswith("| ")]
    for promise, guards in GUARDS.items():
        line = next((one for one in lines if f"`{promise}`" in one), "")
        assert line, promise
        assert all(f"`{file}`" in line for file in guards), promise
