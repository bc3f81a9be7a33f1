"""Traps of Asterisk's call detail records, each in a few rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ringsim as rs

DAY = "2024-03-04"


def row(
    channel: str,
    phone: str,
    times: Sequence[str],
    disposition: str = "NO ANSWER",
    *,
    dst: str = "600",
    data: str = "PJSIP/201&PJSIP/202,20,tr",
    app: str = "Dial",
    context: str = "ext-group",
    unique: str = "1709539200.1",
    linked: str = "",
    sequence: int = 0,
    clid: str = '"""Anna"" <0301234567>"',
) -> str:
    """Return a line of Master.csv; times are start, answer and end, of the day above."""
    start, answer, end = (f"{DAY} {each}" if each else "" for each in times)
    seconds = [
        sum(int(part) * unit for part, unit in zip(each.split(":"), (3600, 60, 1), strict=True))
        if each
        else 0
        for each in times
    ]
    length = seconds[2] - seconds[0]
    talk = seconds[2] - seconds[1] if answer else 0
    return (
        f',0301234567,{dst},{context},{clid},{channel},{phone},{app},"{data}",{start},{answer},'
        f"{end},{length},{talk},{disposition},DOCUMENTATION,"
        f"{unique},,,{linked or unique},{sequence}"
    )


def read(folder: Path, *lines: str, name: str = "Master.csv", **asked: Any) -> rs.Records:
    path = folder / name
    path.write_bytes("".join(f"{line}\n" for line in lines).encode("cp1252"))
    return rs.read_records(path, **{"group": "600"} | asked)


def rings_of(records: rs.Records) -> list[tuple[str, float, str]]:
    """Return member, length and result of each ring."""
    rings = records.rings
    lengths = (rings["ended_at"] - rings["started_at"]).tolist()
    return list(zip(rings["member"], lengths, rings["result"], strict=True))


def call_of(records: rs.Records) -> tuple[str, float, str | None, float]:
    """Return outcome, wait, who answered, and talk time of the only call."""
    [call] = records.calls.to_dict("records")
    by = call["answered_by"] if isinstance(call["answered_by"], str) else None
    return call["outcome"], call["wait"], by, call["talk_time"]


RING_ALL = (
    row("PJSIP/t-1", "PJSIP/202-00000012", ("09:00:00", "", "09:00:05"), sequence=2),
    row("PJSIP/t-1", "PJSIP/201-00000011", ("09:00:00", "09:00:05", "09:01:05"), "ANSWERED"),
)


def test_every_phone_has_a_row(tmp_path: Path) -> None:
    records = read(tmp_path, *RING_ALL)
    assert records.grade == "A"
    assert records.clock == 1
    assert call_of(records) == ("answered", 5, "201", 60)
    assert rings_of(records) == [("201", 5, "answered"), ("202", 5, "answered_elsewhere")]


def test_rows_that_repeat_and_rows_in_the_order_of_their_ends(tmp_path: Path) -> None:
    records = read(tmp_path, *RING_ALL, *RING_ALL)
    assert len(records.calls) == 1
    assert "Rows left out because they repeat an earlier row: 2; " in "\n".join(records.notes)
    assert "Master.csv row 3" in "\n".join(records.notes)


def test_quotes_that_no_reader_takes_and_bytes_of_another_encoding(tmp_path: Path) -> None:
    broken = '""Müller, Anna" <1115>"'
    lines = [line.replace('"""Anna"" <0301234567>"', broken) for line in RING_ALL]
    records = read(tmp_path, *lines)
    assert call_of(records) == ("answered", 5, "201", 60)
    assert any("not UTF-8 text; it is read as Windows-1252" in note for note in records.notes)


def test_a_row_with_too_many_fields_is_named(tmp_path: Path) -> None:
    records = read(tmp_path, *RING_ALL, RING_ALL[0] + ",what,is,this")
    assert any("they have more fields than columns: 1;" in note for note in records.notes)
    assert any("Master.csv row 3" in note for note in records.notes)


def test_an_answer_before_the_dial(tmp_path: Path) -> None:
    """The first phone's row begins with the channel, and every row has an answer."""
    records = read(
        tmp_path,
        row(
            "PJSIP/t-1",
            "PJSIP/202-2",
            ("09:00:10", "09:00:10", "09:00:17"),
            sequence=2,
            unique="1709542800.1",
        ),
        row(
            "PJSIP/t-1",
            "PJSIP/201-1",
            ("09:00:00", "09:00:00", "09:01:17"),
            "ANSWERED",
            unique="1709542800.1",
        ),
        timezone="UTC",
    )
    assert call_of(records) == ("answered", 7, "201", 60)
    assert rings_of(records) == [("201", 7, "answered"), ("202", 7, "answered_elsewhere")]
    assert records.calls["arrives_at"].tolist() == [10]


def test_an_answer_before_the_dial_of_one_phone_is_noted(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        row(
            "PJSIP/t-1",
            "PJSIP/201-1",
            ("09:00:00", "09:00:00", "09:01:00"),
            "ANSWERED",
            data="PJSIP/201,20",
        ),
    )
    assert call_of(records)[:3] == ("answered", 0, "201")
    assert any("when it was lifted" in note for note in records.notes)


def test_who_gave_up_and_who_timed_out(tmp_path: Path) -> None:
    ring = [
        row("PJSIP/t-1", f"PJSIP/20{n}-{n}", ("09:00:00", "", "09:00:20"), sequence=n)
        for n in (1, 2)
    ]
    assert call_of(read(tmp_path, *ring))[:2] == ("overflowed", 20)
    short = [line.replace("09:00:20,20", "09:00:12,12") for line in ring]
    records = read(tmp_path, *short)
    assert call_of(records)[:2] == ("abandoned", 12)
    assert {result for _, _, result in rings_of(records)} == {"caller_gave_up"}
    assert records.calls["patience"].tolist() == [12]


def test_a_hunt_of_which_the_second_phone_answers(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        row("PJSIP/t-1", "PJSIP/201-1", ("09:00:00", "", "09:00:20"), data="PJSIP/201,20"),
        row(
            "PJSIP/t-1",
            "PJSIP/202-2",
            ("09:00:20", "09:00:21", "09:00:51"),
            "ANSWERED",
            data="PJSIP/202,20",
        ),
    )
    assert call_of(records) == ("answered", 21, "202", 30)
    assert rings_of(records) == [("201", 20, "ring_no_answer"), ("202", 1, "answered")]


def test_a_busy_phone_did_not_ring(tmp_path: Path) -> None:
    busy = row("PJSIP/t-1", "PJSIP/203-3", ("09:00:00", "", "09:00:00"), "BUSY")
    records = read(tmp_path, *RING_ALL, busy)
    assert "203" not in {member for member, _, _ in rings_of(records)}
    assert any("did not ring: 1; first" in note for note in records.notes)


def test_local_channels_stand_for_the_phone_behind_them(tmp_path: Path) -> None:
    """A ring delay puts a pair of channels between; after it, a further row has the talk."""
    dialled = {"data": "Local/ch1@delay&Local/ch2@delay,40"}
    linked = {"linked": "1709539200.1"}
    records = read(
        tmp_path,
        row(
            "Local/ch1@delay-06;2",
            "PJSIP/201-12",
            ("09:00:00", "09:00:06", "09:00:06"),
            "ANSWERED",
            dst="ch1",
            context="delay",
            data="PJSIP/201,15",
            unique="1709539200.2",
            **linked,
        ),
        row(
            "PJSIP/t-1",
            "Local/ch1@delay-06;1",
            ("09:00:00", "09:00:06", "09:00:06"),
            "ANSWERED",
            **dialled,
        ),
        row("PJSIP/t-1", "Local/ch2@delay-07;1", ("09:00:00", "", "09:00:06"), **dialled),
        row(
            "PJSIP/t-1", "PJSIP/201-12", ("09:00:06", "09:00:06", "09:00:23"), "ANSWERED", **dialled
        ),
    )
    assert call_of(records) == ("answered", 6, "201", 17)
    assert rings_of(records) == [("201", 6, "answered")]


def test_a_phone_behind_a_trunk_has_the_number_that_was_dialled(tmp_path: Path) -> None:
    data = "SIP/301&SIP/200@site,60,t"
    records = read(
        tmp_path,
        row("SIP/t-1", "SIP/301-4", ("09:00:00", "09:00:04", "09:00:21"), "ANSWERED", data=data),
        row("SIP/t-1", "SIP/site-5", ("09:00:00", "", "09:00:04"), data=data),
    )
    assert records.member_numbers == ("200", "301")
    named = rs.read_records(tmp_path / "Master.csv", group="SIP/301&SIP/200@site")
    assert rings_of(named) == rings_of(records)
    assert named.scenario.groups[0].name == "SIP/301&SIP/200@site"


def test_a_transfer_counts_as_talk_until_the_last_row(tmp_path: Path) -> None:
    moved = row(
        "PJSIP/t-1",
        "PJSIP/204-9",
        ("09:01:05", "09:01:10", "09:03:05"),
        "ANSWERED",
        dst="204",
        context="from-internal",
        data="PJSIP/204,20",
    )
    assert call_of(read(tmp_path, *RING_ALL, moved))[3] == 180


def test_a_call_that_overflows_counts_once_in_each_group(tmp_path: Path) -> None:
    lines = [
        row("PJSIP/t-1", "PJSIP/201-1", ("09:00:00", "", "09:00:20"), data="PJSIP/201,20"),
        row(
            "PJSIP/t-1",
            "PJSIP/301-2",
            ("09:00:20", "09:00:24", "09:00:34"),
            "ANSWERED",
            dst="601",
            data="PJSIP/301,20",
        ),
    ]
    first = read(tmp_path, *lines)
    assert call_of(first)[:2] == ("overflowed", 20)
    assert first.calls["action"].tolist() == ["FORWARD_TO_NUMBER"]
    second = read(tmp_path, *lines, group="601")
    assert call_of(second) == ("answered", 4, "301", 10)
    mail = row(
        "PJSIP/t-1",
        "",
        ("09:00:20", "09:00:20", "09:00:50"),
        "ANSWERED",
        app="VoiceMail",
        context="macro-vm",
        dst="vmu201",
    )
    voicemail = read(tmp_path, lines[0], mail)
    assert voicemail.calls["action"].tolist() == ["FORWARD_TO_VOICEMAIL"]


def test_own_calls_over_several_trunks_are_one(tmp_path: Path) -> None:
    tries = [
        row(
            "PJSIP/201-9",
            f"PJSIP/trunk{n}-{n}",
            (f"09:10:0{n}", "", f"09:10:0{n + 1}"),
            "CONGESTION",
            dst="0987654321",
            context="from-internal",
            data=f"PJSIP/trunk{n}/0,30",
            unique="1709539800.7",
            sequence=n,
        )
        for n in range(2)
    ]
    last = row(
        "PJSIP/201-9",
        "PJSIP/trunk2-2",
        ("09:10:02", "09:10:05", "09:11:05"),
        "ANSWERED",
        dst="0987654321",
        context="from-internal",
        data="PJSIP/trunk2/0,30",
        unique="1709539800.7",
        sequence=3,
    )
    own = read(tmp_path, *RING_ALL, *tries, last).own_calls
    assert own[["extension", "started_at", "talk_time"]].to_numpy().tolist() == [
        ["201", 600.0, 65.0]
    ]


def test_one_row_a_call_is_grade_c(tmp_path: Path) -> None:
    records = read(tmp_path, RING_ALL[1])
    assert records.grade == "C"
    assert not len(records.rings)
    assert any("does not record every ring" in note for note in records.notes)


HEAD = (
    "calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,"
    "disposition,uniqueid,did,linkedid,sequence"
)


def test_a_table_without_answer_and_end_and_with_zero_dates(tmp_path: Path) -> None:
    data = '"PJSIP/201/sip:201@192.0.2.11;x=1,20,Hh"'
    records = read(
        tmp_path,
        HEAD,
        f'2024-03-04 09:00:00,"""A"" <9>",9,600,ext-group,PJSIP/t-1,PJSIP/201-2,Dial,{data},65,60,'
        "ANSWERED,1709539200.1,600,1709539200.1,1",
        "0000-00-00 00:00:00,,,,,,,,,0,0,,,,,",
        "1000-01-01 00:00:00,,,,,,,,,0,0,,,,,",
        name="cdr.csv",
        format="freepbx_cdr",
    )
    assert call_of(records) == ("answered", 5, "201", 60)
    assert any(
        "Rows left out because they have a zero date, or none: 2;" in note for note in records.notes
    )


def test_a_talk_of_no_time_in_a_table_without_answer(tmp_path: Path) -> None:
    line = (
        '2024-03-04 09:00:00,,9,600,ext-group,PJSIP/t-1,PJSIP/201-2,Dial,"PJSIP/201,20",7,0,'
        "ANSWERED,1709539200.1,600,1709539200.1,1"
    )
    assert call_of(read(tmp_path, HEAD, line, name="cdr.csv")) == ("answered", 7, "201", 0)


def test_the_repeated_hour_of_autumn_is_settled_by_unique_ids(tmp_path: Path) -> None:
    """02:30 comes twice on 27 October 2024 in Berlin; the ids say that they are an hour apart.

    Both are at half past two in the table of calls, as the clock was.
    """
    lines = [HEAD]
    for n, epoch in enumerate((1729989000, 1729992600)):
        lines.append(
            f"2024-10-27 02:30:00,,9,600,ext-group,PJSIP/t-{n},PJSIP/201-{n},Dial,"
            f'"PJSIP/201,20",{65 + n},60,ANSWERED,{epoch}.{n},600,{epoch}.{n},1'
        )
    records = read(tmp_path, *lines, name="cdr.csv", timezone="Europe/Berlin")
    assert records.calls["arrives_at"].tolist() == [1800, 1800]
    assert records.calls["wait"].tolist() == [5, 6]
    assert not any("autumn" in note for note in records.notes)
    plain = [line.replace("1729989000", "x").replace("1729992600", "y") for line in lines]
    assert any(
        "autumn" in note
        for note in read(tmp_path, *plain, name="cdr.csv", timezone="Europe/Berlin").notes
    )


def test_prefixes_of_unique_ids_and_a_zone_that_is_not_given(tmp_path: Path) -> None:
    lines = [line.replace("1709539200.1", "pbx-1709539200.1") for line in RING_ALL]
    records = read(tmp_path, *lines)
    assert len(records.calls) == 1
    assert any(
        "unique ids show that the clock of the phone system is 1 h ahead" in note
        for note in records.notes
    )
