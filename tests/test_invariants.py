"""The eighteen promises of the house, and for each the tests that fail when it is broken.

A test that is renamed or dropped shows here.
"""

import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent

GUARDS: dict[int, tuple[str, dict[str, tuple[str, ...]]]] = {
    1: ("200 only when durable, else 5xx; bad signature unparsed", {
        "app/test_webhooks.py": (
            "test_a_wrong_or_missing_signature_is_refused_counted_and_unparsed",
            "test_a_wrong_secret_is_refused_counted_and_unparsed",
            "test_no_events_get_200_and_leave_nothing",
            "test_when_neither_database_nor_spool_can_keep_it_the_platform_hears_503",
        ),
        "app/test_samples.py": ("test_every_official_sample_is_taken_and_leaves_what_it_must",),
        "bots/test_inbox.py": (
            "test_while_the_database_refuses_events_wait_in_the_spool_and_come_in_in_order",
            "test_when_nothing_can_keep_it_the_webhook_is_refused_and_the_next_is_taken",
        ),
        "bots/test_spool.py": ("test_a_disk_that_can_not_keep_it_says_so",),
        "crash/test_away.py": ("test_it_refuses_in_time_when_neither_database_nor_spool_can_take_an_event",),
    }),
    2: ("an event takes effect once, in order, and ends as one of three", {
        "app/test_webhooks.py": ("test_a_redelivery_is_a_no_op",),
        "bots/test_inbox.py": ("test_a_repeated_event_is_stored_once_and_makes_no_second_job",),
        "bots/dispatch/test_dispatcher.py": (
            "test_quick_messages_are_answered_together_each_accounted_for",
            "test_events_are_taken_in_the_platforms_order_whatever_order_they_came_in",
            "test_a_job_for_handled_events_is_a_no_op",
            "test_of_two_jobs_at_once_for_one_person_one_answers",
            "test_more_than_one_turn_holds_are_answered_in_several",
        ),
        "bots/dispatch/test_poison.py": (
            "test_a_poisonous_event_is_set_aside_and_its_person_goes_on",
            "test_a_stranger_is_known_by_their_first_event_whichever_was_stored_first",
        ),
        "bots/dispatch/test_awkward_texts.py": ("test_every_awkward_text_is_answered",),
        "crash/test_kills.py": ("test_it_loses_nothing_and_hides_no_double_while_everything_is_killed",),
    }),
    3: ("every message and attempt a row before the call; one claim; in sequence; the ledger adds up", {
        "bots/delivery/test_claims.py": (
            "test_what_is_claimed_is_claimed_by_nobody_else",
            "test_one_persons_rows_are_claimed_one_after_the_other",
            "test_a_late_outcome_of_a_claim_that_was_taken_over_changes_nothing",
            "test_an_attempt_is_a_row_before_its_outcome_and_keeps_it",
        ),
        "bots/delivery/test_sender.py": (
            "test_one_persons_answers_go_out_in_sequence_however_slow_the_first",
            "test_the_ledger_adds_up_and_every_end_has_a_reason_where_it_needs_one",
        ),
        "bots/dispatch/test_dispatcher.py": (
            "test_every_answer_is_a_row_with_its_first_attempt_before_anything_is_sent",
        ),
        "core/messages/test_queue.py": ("test_the_tally_adds_up_whatever_became_of_each",),
    }),
    4: ("what can't be made exactly-once is never hidden", {
        "bots/delivery/test_plan.py": (
            "test_a_doubtful_reply_is_tried_again_with_its_token_while_that_lives",
            "test_a_doubtful_reply_whose_token_is_over_is_pushed_and_marked",
            "test_a_doubt_about_a_reply_is_not_forgotten_over_a_clear_failure_after_it",
            "test_a_push_is_repeated_with_its_own_key_while_line_remembers_it",
            "test_a_doubtful_push_past_its_key_is_unknown_and_never_sent_blindly",
            "test_without_keys_answers_are_resent_and_marked_the_rest_is_unknown",
            "test_a_token_that_is_gone_after_a_doubtful_reply_was_used_by_it",
        ),
        "bots/delivery/test_sender.py": (
            "test_a_troubled_line_reply_arrives_once_and_is_called_sent",
            "test_a_troubled_push_arrives_once_thanks_to_its_stored_key",
            "test_trouble_on_telegram_is_never_hidden",
        ),
        "bots/channels/line/test_outcomes.py": ("test_trouble_on_the_way_is_named_for_what_it_is",),
        "bots/channels/telegram/test_outcomes.py": ("test_trouble_on_the_way_is_named_for_what_it_is",),
    }),
    5: ("a turn is all or nothing, and one place commits", {
        "bots/dispatch/test_dispatcher.py": ("test_a_turn_is_all_or_nothing",),
        "core/jobs/test_jobs.py": ("test_a_job_enqueued_first_thing_and_rolled_back_leaves_no_job",),
        "core/db/test_database.py": (
            "test_any_error_rolls_all_of_it_back",
            "test_statements_on_the_driver_itself_are_inside_the_transaction",
        ),
        "test_architecture.py": ("test_only_those_who_may_open_a_unit_of_work", "test_nobody_commits_by_hand"),
    }),
    6: ("crisis before everything; groups get one line and leave no word", {
        "app/test_listening.py": (
            "test_an_offer_of_danger_is_answered_with_a_warning_and_none_of_its_words_is_stored",
        ),
        "bots/dispatch/test_evidence.py": (
            "test_words_beside_a_picture_are_heard_and_go_to_staff_with_it",
        ),
        "bots/engine/test_advance.py": (
            "test_crisis_is_asked_first_then_opt_out_words_then_the_dialogue_then_routing",
        ),
        "bots/dispatch/test_dispatcher.py": (
            "test_urgent_words_open_a_p0_in_any_state_also_for_who_opted_out",
            "test_of_talk_in_a_group_no_word_is_stored",
            "test_a_mention_in_a_group_gets_the_one_line_and_nothing_else",
            "test_a_mention_in_a_telegram_group_gets_the_one_line",
        ),
        "app/test_webhooks.py": ("test_in_standby_nothing_is_said_but_a_cry_for_help_reaches_staff",),
        "bots/dispatch/test_clearing.py": ("test_a_cry_in_the_decoy_raises_the_case_and_shows_nothing",),
        "bots/channels/line/test_arrivals.py": ("test_of_a_group_only_what_is_meant_for_us_is_kept",),
        "bots/channels/telegram/test_arrivals.py": ("test_of_a_group_only_what_is_meant_for_us_is_kept",),
    }),
    7: ("replies ahead of bulk, one limiter, a reserve of the quota", {
        "core/messages/test_limiter.py": (
            "test_bulk_leaves_a_share_to_replies",
            "test_many_hosts_at_once_never_take_more_than_there_is",
            "test_two_holders_stay_under_the_rate_over_real_time",
        ),
        "core/messages/test_quota.py": (
            "test_a_campaign_stops_before_the_reserve_and_counts_nothing_then",
            "test_many_hosts_at_once_never_touch_the_reserve",
        ),
        "bots/delivery/test_claims.py": ("test_replies_go_before_staff_and_staff_before_the_rest",),
    }),
    8: ("no campaign reaches who is held back, and nothing reveals that they are", {
        "core/test_consent.py": (
            "test_only_who_agreed_to_a_topic_is_found_by_it",
            "test_a_hold_stands_until_its_hour_or_until_released",
        ),
        "campaigns/audience/test_counting.py": (
            "test_reports_change_no_figure_whatever_is_included_excluded_or_capped",
            "test_leaving_one_person_out_changes_nothing_that_is_said",
            "test_an_audience_of_one_is_not_said_and_not_sent",
        ),
        "campaigns/audience/test_selecting.py": (
            "test_no_campaign_reaches_who_is_held_blocked_or_had_enough_this_week",
        ),
        "campaigns/audience/test_importing.py": (
            "test_two_lists_that_differ_by_one_person_tell_nothing_of_them",
        ),
        "campaigns/sender/test_freezing.py": (
            "test_who_is_held_or_blocked_has_a_place_and_is_skipped_in_one_bucket",
        ),
        "campaigns/sender/test_running.py": (
            "test_a_chunk_in_quiet_hours_waits_unless_two_people_called_it_an_emergency",
        ),
        "campaigns/reports/test_outcomes.py": ("test_whoever_reported_it_looks_the_same",),
        "campaigns/test_figures.py": (
            "test_counts_are_floored",
            "test_what_became_of_the_messages_of_few_is_not_said",
        ),
        "app/console/test_campaign_audience.py": ("test_the_count_says_nothing_of_who_is_not_ready",),
    }),
    9: ("we don't write first", {
        "bots/delivery/test_rules.py": (
            "test_answers_go_and_what_staff_write_waits_for_the_person",
            "test_chosen_hours_mean_nothing_without_leave_to_write_first",
        ),
        "bots/delivery/test_chunks.py": ("test_an_answer_waits_for_the_hour_that_its_person_chose",),
        "bots/delivery/test_staff_words.py": (
            "test_a_staff_answer_waits_until_the_person_writes",
            "test_what_is_held_does_not_hold_up_answers",
        ),
    }),
    10: ("nothing sensitive on a lock screen", {
        "bots/delivery/test_rules.py": ("test_only_who_is_looking_sees_the_words_at_once",),
        "bots/delivery/test_staff_words.py": ("test_a_late_answer_shows_a_neutral_line_and_opens_on_a_tap",),
        "bots/channels/line/test_render.py": (
            "test_behind_a_notice_and_a_cover_a_lock_screen_shows_the_neutral_line_alone",
        ),
        "bots/channels/telegram/test_render.py": (
            "test_under_a_cover_the_words_are_spoilers_and_a_picture_says_nothing",
        ),
    }),
    11: ("unreadable by raw SQL, in logs and in jobs; bound to its row; rotation", {
        "test_canary.py": (
            "test_no_column_of_any_table_holds_what_was_said_or_who_said_it",
            "test_no_process_printed_what_was_said_or_who_said_it",
            "test_sealed_sizes_fall_into_buckets",
            "test_a_ciphertext_moved_to_another_row_fails_also_under_the_same_key",
            "test_rotation_keeps_every_ciphertext_readable_and_needs_the_old_key_no_more",
        ),
        "referrals/test_evidence.py": ("test_a_moved_content_does_not_open_under_the_same_key",),
        "core/test_logs.py": ("test_of_an_exception_its_type_and_place_are_printed_and_not_its_words",),
        "core/jobs/test_jobs.py": ("test_a_failing_job_is_tried_again_then_held_and_never_quotes_its_error",),
    }),
    12: ("every read and write of a case leaves a row in a chain that shows edits", {
        "core/audit/test_chain.py": (
            "test_every_edited_field_shows",
            "test_a_cut_tail_shows_against_the_signed_heads",
        ),
        "app/console/test_referral_case.py": ("test_every_read_and_write_leaves_one_content_free_row",),
        "app/test_auth.py": ("test_a_refusal_leaves_its_audit_row",),
        "app/console/test_staff.py": ("test_an_administrator_reads_no_case",),
        "core/accounts/test_roster.py": ("test_it_needs_a_second_person",),
    }),
    13: ("a child through its parent, and every route says who may call it", {
        "app/test_auth.py": ("test_every_route_says_who_may_call_it",),
        "app/console/test_referral_case.py": ("test_a_child_is_not_found_through_another_parent",),
        "app/console/test_evidence.py": ("test_a_piece_is_not_found_through_another_referral",),
        "bots/delivery/test_staff_words.py": ("test_nobody_opens_what_waits_for_another",),
    }),
    14: ("no verdict about a person, no word that an offer is harmless", {
        "bots/dialogues/test_verdict.py": ("test_a_verdict_names_no_score",),
    }),
    15: ("scores on the server with their versions; counts of established others", {
        "screening/test_reputation.py": (
            "test_citizens_hear_of_a_handle_only_while_it_is_confirmed",
            "test_nobody_confirms_what_they_proposed_themselves",
        ),
        "screening/test_merging.py": ("test_a_merge_makes_nothing_larger_for_citizens",),
        "referrals/questionnaires/test_questionnaire.py": (
            "test_any_other_word_makes_another_hash",
            "test_a_questionnaire_of_old_is_read_with_its_own_questions",
        ),
        "bots/dispatch/test_dispatcher.py": (
            "test_the_same_offer_counts_others_only_once_they_are_established",
        ),
    }),
    16: ("time is injected", {
        "core/test_clock.py": (
            "test_a_standing_clock_moves_only_when_told",
            "test_bangkok_is_seven_hours_ahead_and_the_same_moment",
        ),
        "test_architecture.py": ("test_the_wall_clock_is_read_in_one_place",),
        "app/console/test_thai_time.py": ("test_it_says_dates_in_bangkok_and_the_buddhist_era",),
    }),
    17: ("bad input gets a clear error and changes nothing", {
        "app/test_webhooks.py": (
            "test_an_event_of_wrong_types_is_kept_politely_and_its_neighbours_are_answered",
            "test_no_mutation_of_a_real_line_event_costs_a_neighbour",
            "test_no_mutation_of_a_real_telegram_update_breaks_the_way_in",
            "test_a_body_over_the_limit_gets_413_and_one_at_the_limit_is_taken",
        ),
        "core/test_settings.py": ("test_what_is_half_given_or_insecure_is_refused_in_one_line",),
        "core/crypto/test_keyset.py": ("test_a_malformed_set_is_refused_in_one_line_that_quotes_nothing",),
    }),
    18: ("nothing is kept longer than its class allows; erasure reaches everything", {
        "test_years.py": ("test_through_years_each_class_goes_at_its_time_and_a_held_report_stays",),
        "referrals/test_evidence.py": ("test_it_goes_with_the_words_of_its_report",),
        "core/retention/test_sweeping.py": ("test_an_events_words_go_a_day_after_it_was_handled",),
        "test_canary.py": ("test_of_an_erased_person_nothing_opens_and_of_the_other_everything",),
        "bots/dispatch/test_dispatcher.py": ("test_an_unsend_purges_inbox_and_thread",),
        "app/cli/backup/test_backup.py": (
            "test_it_leaves_the_erased_unreadable_when_an_old_backup_comes_back",
        ),
    }),
}  # fmt: skip


@cache
def names_in(path: Path) -> frozenset[str]:
    return frozenset(re.findall(r"^ *(?:async )?def (test_\w+)\(", path.read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("number", GUARDS)
def test_each_promise_has_the_tests_that_guard_it(number: int) -> None:
    _, guards = GUARDS[number]
    missing = [
        f"{file}::{name}"
        for file, names in guards.items()
        for name in names
        if not (TESTS / file).exists() or name not in names_in(TESTS / file)
    ]
    assert missing == []


def test_all_eighteen_promises_are_listed() -> None:
    assert list(GUARDS) == list(range(1, 19))


def test_a_module_that_says_what_it_guards_names_promises_that_exist() -> None:
    for path in TESTS.rglob("test_*.py"):
        # Of a file's first lines, where its docstring stands: parsing all of them took seconds.
        said = path.read_text("utf-8").partition("\n\n\n")[0]
        named = re.search(r"Guards ((?:\d+(?:, )?)+)", said)
        numbers = {int(n) for n in re.findall(r"\d+", named[1])} if named else set()
        assert numbers <= set(GUARDS), path
