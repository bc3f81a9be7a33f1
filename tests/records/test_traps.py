"""Traps that real files set for readers, and input that cannot be right: a list of all of them.

Each has a test of its own; the last tests of this file are those that have no better place.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

import ringsim as rs

HERE = Path(__file__).parent

TRAPS = {
    1: ("duplicate rows", "other_formats::freeswitch_triplicates_with_another_cause"),
    2: ("rows without an end", "queue_log::calls_without_a_beginning_or_an_end"),
    3: ("reload and start", "queue_log::lines_out_of_order_reloads_and_unknown_events"),
    4: ("order by end", "asterisk_cdr::rows_that_repeat_and_rows_in_the_order_of_their_ends"),
    5: ("zero dates", "asterisk_cdr::a_table_without_answer_and_end_and_with_zero_dates"),
    6: ("no seconds", "bad_input::stamps_without_seconds_are_refused"),
    7: ("day and month", "bad_input::days_and_months_that_cannot_be_told_apart"),
    8: ("no header", "other_formats::freeswitch_without_a_header"),
    9: ("header of SQL types", "traps::a_second_header_of_types_is_left_out"),
    10: ("totals", "other_formats::3cx_steps_newest_first_with_announcements_and_totals"),
    11: ("quotes", "asterisk_cdr::quotes_that_no_reader_takes_and_bytes_of_another_encoding"),
    12: ("another encoding", "generic::other_delimiters_byte_order_marks_and_utf_16"),
    13: ("local time", "asterisk_cdr::the_repeated_hour_of_autumn_is_settled_by_unique_ids"),
    14: ("IVR inside the wait", "traps::time_in_an_announcement_before_the_queue_is_no_wait"),
    15: ("Answer() before Dial", "asterisk_cdr::an_answer_before_the_dial"),
    16: ("cut by the window", "traps::days_that_the_window_cuts_are_named"),
    17: ("names and numbers", "queue_log::one_person_by_several_names"),
    18: ("0-second rings", "queue_log::zero_and_one_second_mean_that_the_phone_did_not_ring"),
    19: ("transfers without an end", "queue_log::a_transfer_ends_the_talk"),
    20: ("one call in two groups", "asterisk_cdr::a_call_that_overflows_counts_once_in_each_group"),
}
BAD_INPUT = {
    "wrong format": "bad_input::a_file_of_another_format",
    "wrong zone": "bad_input::a_zone_that_is_none_or_wrong",
    "day and month": "bad_input::days_and_months_that_cannot_be_told_apart",
    "no seconds": "bad_input::stamps_without_seconds_are_refused",
    "unknown group": "bad_input::a_group_that_no_row_names",
    "members named two ways": "bad_input::names_and_numbers_of_members",
    "rows without end": "queue_log::calls_without_a_beginning_or_an_end",
    "overlapping calls": "bad_input::overlaps_single_days_and_people_who_never_answer",
    "less than two days": "bad_input::overlaps_single_days_and_people_who_never_answer",
    "no abandoned call": "bad_input::overlaps_single_days_and_people_who_never_answer",
    "nobody answers": "traps::somebody_who_never_answers_is_named_with_the_first_ring",
    "hostile bytes": "bad_input::hostile_bytes_are_an_error_or_records",
    "missing column": "damaged_files::a_table_without_a_column_of_its_times_or_links_is_refused",
    "no rows": "damaged_files::a_table_without_rows_says_so",
    "other delimiters": "damaged_files::a_spreadsheet_or_a_database_may_write_other_delimiters",
    "half written": "bad_input::nothing_is_half_written",
    "sign-ins against rings": "duty::sign_ins_that_the_rings_contradict_are_left_out",
}


@cache
def names_of(module: str) -> set[str]:
    """Return the names of the tests of a file, without `test_`."""
    tree = ast.parse((HERE / f"test_{module}.py").read_text(encoding="utf-8"))
    names = (node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return {name.removeprefix("test_") for name in names if name.startswith("test_")}


@pytest.mark.parametrize("number", TRAPS)
def test_every_trap_has_a_test(number: int) -> None:
    _, test = TRAPS[number]
    module, _, name = test.partition("::")
    assert name in names_of(module)
    assert sorted(TRAPS) == list(range(1, 21))


@pytest.mark.parametrize("case", BAD_INPUT)
def test_every_bad_input_has_a_test(case: str) -> None:
    module, _, name = BAD_INPUT[case].partition("::")
    assert name in names_of(module)


MAPPING = {"arrived_at": "at", "wait": "wait", "talk_time": "talk", "answered_by": "who"}


def read_table(folder: Path, *lines: str) -> rs.records.Records:
    path = folder / "calls.csv"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return rs.read_records(path, group="600", mapping=MAPPING, timezone="UTC")


def test_a_second_header_of_types_is_left_out(tmp_path: Path) -> None:
    records = read_table(
        tmp_path,
        "at,wait,talk,who",
        "INTEGER,INTEGER,INTEGER,VARCHAR(50)",
        "1709539210,5,60,201",
        "1709625610,5,60,201",
    )
    assert len(records.calls) == 2
    assert any("calls.csv row 2" in note for note in records.notes)


def test_time_in_an_announcement_before_the_queue_is_no_wait(tmp_path: Path) -> None:
    """The unique id tells when the channel was made, a minute before the caller entered."""
    path = tmp_path / "queue_log"
    path.write_text(
        "1709539260|1709539200.1|600|NONE|ENTERQUEUE||0301|1\n"
        "1709539270|1709539200.1|600|PJSIP/201|CONNECT|10|1709539200.9|6\n"
        "1709539300|1709539200.1|600|PJSIP/201|COMPLETECALLER|10|30|1\n",
        encoding="utf-8",
    )
    records = rs.read_records(path, group="600", timezone="UTC")
    assert records.calls["wait"].tolist() == [10]
    assert records.calls["arrives_at"].tolist() == [60]


def test_days_that_the_window_cuts_are_named(tmp_path: Path) -> None:
    whole = [f"2024-03-{day:02d} {hour:02d}:10:00,5,60,201" for day in (5, 6) for hour in (8, 17)]
    records = read_table(
        tmp_path,
        "at,wait,talk,who",
        "2024-03-04 14:10:00,5,60,201",
        "2024-03-04 17:10:00,5,60,201",
        *whole,
        "2024-03-07 08:10:00,5,60,201",
    )
    for day in ("2024-03-04", "2024-03-07"):
        assert f"{day} seems incomplete; leave it out with exclude=['{day}']." in records.notes


def test_somebody_who_never_answers_is_named_with_the_first_ring(tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    path.write_text(
        "1709539200|1709539200.1|600|NONE|ENTERQUEUE||0301|1\n"
        "1709539210|1709539200.1|600|PJSIP/202|RINGNOANSWER|10000\n"
        "1709539230|1709539200.1|600|PJSIP/201|CONNECT|30|1709539200.9|6\n"
        "1709539260|1709539200.1|600|PJSIP/201|COMPLETECALLER|30|30|1\n",
        encoding="utf-8",
    )
    records = rs.read_records(path, group="600", timezone="UTC")
    [said] = [note for note in records.notes if "never answered" in note]
    assert said.startswith("202 never answered although the phone rang; first for the call at ")
    assert said.endswith("queue_log row 1.")
