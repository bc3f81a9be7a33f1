"""Values and names that a PBX does not read as they stand, and members who are missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ringsim as rs
from ringsim._spelling import meant
from ringsim.importers import _asterisk_settings, _freepbx, _freeswitch, _fusionpbx
from ringsim.importers._values import number

Read = Callable[..., rs.Imported]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that reads texts as files of the given names."""

    def write_and_read(**texts: str | bytes) -> Any:
        paths = []
        for name, text in texts.items():
            path = tmp_path / FILES[name]
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            paths.append(path)
        return rs.read_pbx(paths)

    return write_and_read


FILES = {
    "conf": "queues.conf",
    "rules": "queuerules.conf",
    "dialplan": "extensions.conf",
    "queues": "queues.csv",
    "queue_members": "queue_members.csv",
    "freepbx": "ringgroups.csv",
    "json": "groups.json",
    "store": "astdb.txt",
    "xml": "callcenter.conf.xml",
    "groups": "ring_groups.csv",
    "destinations": "destinations.csv",
    "sql": "dump.sql",
}


def told(imported: rs.Imported, kind: str = "not_understood") -> list[str]:
    """Return the remarks of a kind, without the folder."""
    return [f"{Path(f.file).name} {f.line} {f.name}: {f.text}" for f in getattr(imported, kind)]


@pytest.mark.parametrize(
    ("text", "value", "remark"),
    [
        ("20", 20, ""),
        (" +7 ", 7, ""),
        ("", 15, ""),
        ("0", 0, ""),
        ("abc", 15, "must be a whole number, got 'abc'; 15 counts"),
        ("20s", 20, "must be a whole number, got '20s'; 20 counts"),
        ("2.5", 2, "must be a whole number, got '2.5'; 2 counts"),
        ("-5", 15, "must be at least 0, got '-5'; 15 counts"),
        ("-5s", 15, "must be a whole number, got '-5s'; 15 counts"),
        ("²", 15, "must be a whole number, got '²'; 15 counts"),
        ("9" * 10, 10**9, "must be at most 1,000,000,000, got '9999999999'; 1,000,000,000 counts"),
        ("1000000000", 10**9, ""),
    ],
)
def test_numbers(text: str, value: int, remark: str) -> None:
    assert number(text, 15) == (value, remark)


ASTERISK = [
    ("strategy=leastrecnt", "strategy: must be a strategy of Asterisk, got 'leastrecnt'; ringall"),
    ("timeout=abc", "timeout: must be a whole number, got 'abc'; 15 counts"),
    ("timeout=-3", "timeout: must be at least 0, got '-3'; 15 counts"),
    ("retry=0", "retry: must be at least 1, got '0'; 5 counts"),
    ("wrapuptime=1e3", "wrapuptime: must be a whole number, got '1e3'; 1 counts"),
    ("weight=-5", "weight: must be at least 0, got '-5'; 0 counts"),
    ("maxlen=-1", "maxlen: must be at least 0, got '-1'; 0 counts"),
    ("memberdelay=x", "memberdelay: must be a whole number, got 'x'; 0 counts"),
    ("autopausedelay=-3", "autopausedelay: must be at least 0, got '-3'; 0 counts"),
    ("penaltymemberslimit=-3", "penaltymemberslimit: must be at least 0, got '-3'; 0 counts"),
    ("autofill=maybe", "autofill: must be yes or no, got 'maybe'; no counts"),
    ("ringinuse=perhaps", "ringinuse: must be yes or no, got 'perhaps'; no counts"),
    ("autopause=never", "autopause: must be yes, no or all, got 'never'; no counts"),
    ("timeoutpriority=ap", "timeoutpriority: must be app or conf, got 'ap'; app counts"),
    ("joinempty=paused,foo", "joinempty: must be a state of members, got 'foo'; nothing counts"),
    ("leavewhenempty=strct", "leavewhenempty: must be a state of members, got 'strct'"),
    ("member=SIP/202,x", "member: SIP/202: penalty must be a whole number, got 'x'; 0 counts"),
    ("member=SIP/202,-1", "member: SIP/202: penalty must be at least 0, got '-1'; 0 counts"),
    ("member=SIP/202,,,,maybe", "member: SIP/202: ringinuse must be yes or no, got 'maybe'"),
    ("member=SIP/202,,,,,-5", "member: SIP/202: wrapuptime must be at least 0, got '-5'"),
    ("member=SIP/202,,,,,,oui", "member: SIP/202: paused must be yes or no, got 'oui'"),
]


@pytest.mark.parametrize(("line", "remark"), ASTERISK)
def test_values_of_queues(line: str, remark: str, read: Read) -> None:
    imported = read(conf=f"[s]\nmember=SIP/201\n{line}\n")
    [text] = told(imported)
    assert text.startswith(f"queues.conf 3 s.{remark}")
    assert told(read(conf="[s]\nmember=SIP/201\n")) == []


def test_words_of_lists_that_are_unknown_count_as_nothing(read: Read) -> None:
    rules = read(conf="[s]\njoinempty=paused,foo\nleavewhenempty=bar\nmember=SIP/201\n")
    assert rules.groups[0].rules.join_empty == ("paused",)
    assert rules.groups[0].rules.leave_when_empty == ()


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("[general]\nautofil=yes\n", "2 general.autofil: there is no such setting. Did you"),
        ("[general]\nautofill=si\n", "2 general.autofill: must be yes or no, got 'si'"),
        (";-- no end\n[t]\n", "1 ;--: the comment has no end (--;)"),
    ],
)
def test_the_rest_of_queues_conf(text: str, remark: str, read: Read) -> None:
    files = f"[s]\nmember=SIP/201\n{text}" if ";--" in text else f"{text}[s]\nmember=SIP/201\n"
    line = int(remark.split(maxsplit=1)[0]) + (2 if ";--" in text else 0)
    assert told(read(conf=files))[0].startswith(f"queues.conf {line} {remark.partition(' ')[2]}")
    assert told(read(conf=";-- ended\n[t] --; \n[s]\nmember=SIP/201\n")) == []


def test_a_member_without_a_phone_is_left_out(read: Read) -> None:
    imported = read(conf="[s]\nmember=\nmember=SIP/\nmember=SIP/201\nmember=hint:202@x\n")
    assert [member.extension_number for member in imported.groups[0].members] == ["201"]
    assert [
        text.partition(": ")[2].partition(" is")[0] for text in told(imported, "not_expressed")
    ] == [
        "a member",
        "SIP/",
        "hint:202@x",
    ]


@pytest.mark.parametrize(
    ("dialplan", "kind", "remark"),
    [
        ("Queue(s,,,,abc)", "not_understood", "the time-out must be a whole number, got 'abc'; 0"),
        ("Queue(s,,,,-5)", "not_understood", "the time-out must be at least 0, got '-5'; 0"),
        ("Queue(s,,,,9,,,wden)", "not_expressed", "hold no penalty rules 'wden'; they have no"),
        ("Queue(slaes)", "not_expressed", "the dialplan has no Queue(s); callers wait until"),
    ],
)
def test_calls_of_the_dialplan(dialplan: str, kind: str, remark: str, read: Read) -> None:
    imported = read(
        conf="[s]\nmember=SIP/201\n",
        rules="[widen]\npenaltychange => 9,1\n",
        dialplan=f"[a]\nexten => 600,1,{dialplan}\n",
    )
    [text] = told(imported, kind)
    assert f"s.Queue(): {remark}" in text or f"s.Queue(): the files {remark}" in text


@pytest.mark.parametrize(
    ("variable", "remark"),
    [
        ("QUEUE_MAX_PENALTY=abc", "QUEUE_MAX_PENALTY must be a whole number, got 'abc'; it has no"),
        ("QUEUE_MIN_PENALTY=", "QUEUE_MIN_PENALTY must be a whole number, got ''; it has no"),
        ("QUEUE_PRIO=high", "QUEUE_PRIO must be a whole number, got 'high'; 0 counts"),
    ],
)
def test_variables_of_the_dialplan(variable: str, remark: str, read: Read) -> None:
    dialplan = f"[a]\nexten => 600,1,Set({variable})\n same => n,Queue(s)\n"
    imported = read(conf="[s]\nmember=SIP/201\n", dialplan=dialplan)
    assert told(imported)[0].startswith(f"extensions.conf 3 s.Queue(): {remark}")
    assert imported.groups[0].rules.level_rules == ()


def test_penalty_rules_that_asterisk_leaves_out(read: Read) -> None:
    lines = ["abc,+1", "", "5", "penaltychnge", "-5,1", "10,x", "10,200", "15,,,r3"]
    text = "".join(
        "penaltychnge => 5,3\n" if line == "penaltychnge" else f"penaltychange => {line}\n"
        for line in lines
    )
    imported = read(
        conf="[s]\nmember=SIP/201\n",
        rules=f"[widen]\n{text}",
        dialplan="[a]\nexten => 600,1,Set(QUEUE_MAX_PENALTY=1)\n"
        " same => n,Queue(s,,,,60,,,widen)\n",
    )
    assert [text.partition(",")[0].partition(" widen")[0] for text in told(imported)] == [
        f"queuerules.conf {line}" for line in range(2, 8)
    ]
    assert [row[0] for row in imported.groups[0].rules.level_rules or ()] == [0, 10, 15]


def test_rows_of_a_realtime_database(read: Read) -> None:
    imported = read(
        queues="name,timeout\ns,abc\n,3\n",
        queue_members="queue_name,interface,penality\ns,SIP/201,3\n,SIP/202,1\ns,,\n",
    )
    assert {text.partition(":")[0] for text in told(imported)} == {
        *("queues.csv 2 s.timeout", "queues.csv 3 name"),
        *("queue_members.csv 2 s.penality", "queue_members.csv 3 .penality"),
        *("queue_members.csv 3 .member", "queue_members.csv 4 s.member"),
        "queue_members.csv 4 s.penality",
    }


@pytest.mark.parametrize(
    ("line", "priority", "ring_time", "words"),
    [
        ("", "app", 86_400, "A ring time of 86,400 s stands in"),
        ("90", "app", 90, "A ring time of 90 s stands in"),
        ("90", "conf", 86_400, "A ring time of 86,400 s stands in"),
    ],
)
def test_a_time_out_of_0_is_no_limit(
    line: str, priority: str, ring_time: float, words: str, read: Read
) -> None:
    """Only `timeoutpriority=app` lets the time in the queue end a ring."""
    imported = read(
        conf=f"[s]\ntimeout=0\ntimeoutpriority={priority}\nmember=SIP/201\n",
        dialplan=f"[a]\nexten => 600,1,Queue(s,,,,{line})\n",
    )
    assert imported.groups[0].ring_time == ring_time
    [text] = told(imported, "not_expressed")
    assert "a phone rings until somebody answers or the call leaves the queue" in text
    assert words in text
    assert ("no limit of ring time" in str(imported)) == (ring_time == 86_400)


HEADER = "grpnum,strategy,grptime,grplist\n"


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("600,hunnt,20,201", "600.strategy: must be a strategy of FreePBX, got 'hunnt'; ringall"),
        ("600,hunt,abc,201", "600.grptime: must be a whole number, got 'abc'; 20 counts"),
        ("600,hunt,-5,201", "600.grptime: must be at least 0, got '-5'; 20 counts"),
        ("600,hunt,20s,201", "600.grptime: must be a whole number, got '20s'; 20 counts"),
        (",hunt,20,201\n600,hunt,20,201", "grpnum: the row has no number of a group"),
        ("600,hunt,20,201,x", ": the row has 5 values for 4 columns"),
    ],
)
def test_values_of_freepbx(text: str, remark: str, read: Read) -> None:
    assert f"ringgroups.csv 2 {remark}" in told(read(freepbx=f"{HEADER}{text}\n"))[0]
    assert told(read(freepbx=f"{HEADER}600,hunt,20,201\n")) == []


def test_other_values_of_freepbx(read: Read) -> None:
    imported = read(freepbx=f"{HEADER}600,hunt,20\n")
    assert told(imported) == ["ringgroups.csv 2 : the row has 3 values for 4 columns"]
    imported = read(json='[{"grpnum": 600, "strategy": "hunt", "grplist": ["201"]}, 5]')
    assert [text.partition(" ")[2] for text in told(imported)] == [
        "group 1 0 grplist: the value must be a text or a number; it is left out",
        "group 2 0 grpnum: the row has no number of a group; it is left out",
    ]


def test_a_dump_in_utf_16_is_read(read: Read) -> None:
    """PowerShell's `>` writes UTF-16."""
    text = "-- MySQL dump\nINSERT INTO `ringgroups` VALUES ('600','hunt',20,'','201-202');\n"
    assert read(sql=text.encode("utf-16")).groups == read(sql=text).groups


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"freepbx": f'{HEADER}600,hunt,20,"201\n'}, "ringgroups.csv line 2 must end its row"),
        (
            {"sql": "-- MySQL dump\nINSERT INTO ringgroups (grpnum,grplist) VALUES\n('1','2'\n"},
            "line 3 must",
        ),
        (
            {"sql": "-- dump\nCOPY v_ring_groups (ring_group_uuid, a, b) FROM stdin;\nu\tx"},
            "line 3 must",
        ),
        (
            {"store": "/CW/201 : ENABLED\n"},
            "the key store names no groups; give the table ringgroups",
        ),
        (
            {"rules": "[w]\npenaltychange => 9,1\n"},
            "the files name no queues; give queues.conf, too",
        ),
        ({"dialplan": "[a]\nexten => 600,1,Queue(s)\n"}, "name no queues; give queues.conf, too"),
        (
            {"groups": "ring_group_uuid,ring_group_enabled\nu,false\n"},
            "is switched off; it is left out",
        ),
        (
            {"destinations": "ring_group_uuid,destination_number\nu,201\nu,202\n"},
            "2 destinations without the table v_ring_groups, which names their groups.",
        ),
        (
            {"xml": "<tiers name='callcenter.conf'><tier queue='s' agent='a'/></tiers>"},
            "no queue s",
        ),
    ],
)
def test_files_without_a_group_say_what_is_missing(
    files: dict[str, str], words: str, read: Read
) -> None:
    with pytest.raises(rs.ConfigurationError) as wrong:
        read(**files)
    assert words in str(wrong.value)
    assert "\n" not in str(wrong.value)


def xml(queue: str = "", agent: str = "", tier: str = "", more: str = "") -> str:
    """Return a file of FreeSWITCH with one queue and one agent."""
    return f"""<configuration name="callcenter.conf">
<queues><queue name="s">{queue}</queue></queues>
<agents><agent name="201" contact="user/201" status="Available" {agent}/></agents>
<tiers><tier agent="201" queue="s" {tier}/></tiers>{more}
</configuration>"""


def param(name: str, value: str) -> str:
    """Return a parameter of a queue."""
    return f'<param name="{name}" value="{value}"/>'


FREESWITCH = [
    (
        {"queue": param("strategy", "ring-al")},
        "2 s.strategy: must be a strategy of FreeSWITCH, got",
    ),
    ({"queue": param("max-wait-time", "$${x}")}, "2 s.max-wait-time: must be a whole number, got"),
    (
        {"queue": param("tier-rules-apply", "si")},
        "2 s.tier-rules-apply: must be yes or no, got 'si'",
    ),
    (
        {"queue": param("ring-progressively-delay", "-1")},
        "2 s.ring-progressively-delay: must be at",
    ),
    ({"queue": "<parm/>"}, "2 s.parm: there is no such element. Did you mean 'param'?"),
    ({"agent": "wrap-up-time='abc'"}, "3 s.201: wrap-up-time must be a whole number, got 'abc'"),
    ({"agent": "max-no-answer='-3'"}, "3 s.201: max-no-answer must be at least 0, got '-3'; 0"),
    ({"agent": "wrapup-time='3'"}, "3 s.201: there is no attribute wrapup-time. Did you mean"),
    ({"tier": "level='x'"}, "4 s.tier 201: level must be a whole number, got 'x'; 0 counts"),
    ({"tier": "position='-1'"}, "4 s.tier 201: position must be at least 0, got '-1'; 1 counts"),
    ({"more": "<agent/>"}, "4 agent: the agent has no name; it is left out"),
    ({"more": "<queue/>"}, "4 queue: the queue has no name; it is left out"),
    ({"more": "<tier agent='201' queue='S'/>"}, "4 tier: the files hold no queue S; the tier is"),
    ({"more": "<settings>" + param("agent-originate-timeout", "x") + "</settings>"}, "4 settings."),
]


@pytest.mark.parametrize(("parts", "remark"), FREESWITCH)
def test_values_of_freeswitch(parts: dict[str, str], remark: str, read: Read) -> None:
    [text] = told(read(xml=xml(**parts)))
    assert text.startswith(f"callcenter.conf.xml {remark}")
    assert told(read(xml=xml())) == []


def test_other_values_of_freeswitch(read: Read) -> None:
    misspelt = xml().replace('"Available"', '"Availble"').replace("user/", "[leg_timeout=x]user/")
    imported = read(xml=misspelt)
    assert "status must be one of FreeSWITCH's, got 'Availble'; the agent is off duty. Did" in str(
        imported
    )
    assert "leg_timeout must be a whole number, got 'x'; 60 counts" in str(imported)
    twice = xml(more="<agent name='201' contact='user/202'/>")
    assert "the agent stands at" in told(read(xml=twice))[0]


G = "ring_group_uuid,ring_group_extension,ring_group_strategy,ring_group_call_timeout\n"
D = "ring_group_uuid,destination_number,destination_delay,destination_timeout,destination_enabled\n"


@pytest.mark.parametrize(
    ("group", "destination", "remark"),
    [
        ("u,600,sequnce,30", "u,201,0,20,true", "ring_groups.csv 2 600.ring_group_strategy: must"),
        ("u,600,sequence,-3", "u,201,0,20,true", "ring_groups.csv 2 600.ring_group_call_timeout"),
        (
            "u,600,sequence,30",
            "u,201,0.5,20,true",
            "destinations.csv 2 600.destination_delay: must",
        ),
        ("u,600,sequence,30", "u,201,0,20s,true", "destinations.csv 2 600.destination_timeout"),
        ("u,600,sequence,30", "u,201,0,20,oui", "destinations.csv 2 600.destination_enabled: must"),
        ("u,600,sequence,30", "x,201,0,20,true", "destinations.csv 2 ring_group_uuid: 1 dest"),
    ],
)
def test_values_of_fusionpbx(group: str, destination: str, remark: str, read: Read) -> None:
    [text] = told(read(groups=f"{G}{group}\n", destinations=f"{D}{destination}\n"))
    assert text.startswith(remark)
    assert told(read(groups=f"{G}u,600,sequence,30\n", destinations=f"{D}u,201,0,9,t\n")) == []


MISSING = [
    (
        {"groups": f"{G}u,600,sequence,30\n"},
        "600: the files have no table v_ring_group_destinations, which lists the members",
    ),
    (
        {"groups": f"{G}u,600,sequence,30\n", "destinations": f"{D}u,201,0,0,true\n"},
        "600: v_ring_group_destinations has no destination that is rung; nobody is rung",
    ),
    (
        {"xml": xml().replace("<tier ", "<!-- ").replace("/></tiers>", " --></tiers>")},
        "s: the files have no <tiers>, which join agents to queues; nobody is rung",
    ),
    (
        {"xml": xml().replace("<agent ", "<!-- ").replace("/></agents>", " --></agents>")},
        "s: the files have no <agents>, whom the tiers name; nobody is rung",
    ),
    (
        {"xml": xml(more="<queue name='t'/>").replace('queue="s"', 'queue="t"')},
        "s: no <tier> of the files joins an agent to the queue; nobody is rung",
    ),
    ({"freepbx": f"{HEADER}600,hunt,20,\n"}, "600: grplist names no members; every call goes"),
    ({"conf": "[s]\n"}, "s: the files list no members; people who log in by phone, and tables"),
    ({"queues": "name,strategy\ns,linear\n"}, "s: the files list no members; people who log in"),
    ({"conf": "[s]\nmember=Agent/1\n"}, "s: the group has no members who can be rung"),
]


@pytest.mark.parametrize(("files", "remark"), MISSING)
def test_a_group_without_members_says_where_they_stand(
    files: dict[str, str], remark: str, read: Read
) -> None:
    imported = read(**files)
    assert not imported.groups[0].members
    assert any(f" {remark}" in text for text in told(imported, "not_expressed"))
    assert remark.partition(": ")[2] in str(imported)


KNOWN = {
    "conf": (_asterisk_settings.READ, lambda key: f"[s]\nmember=SIP/201\n{key}=1\n"),
    "freepbx": (_freepbx.KNOWN, lambda key: f"grpnum,grplist,{key}\n600,201,1\n"),
    "xml": (_freeswitch.READ, lambda key: xml(queue=param(key, "1"))),
    "groups": (_fusionpbx.READ[1:], lambda key: f"ring_group_uuid,{key}\nu,1\n"),
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_misspelt_setting_is_never_dropped_in_silence(name: str, read: Read) -> None:
    """A letter that is missing or doubled makes a setting unknown, not one without effect."""
    known, text = KNOWN[name]
    for key in known:
        for wrong in (key[:3] + key[4:], key[:3] + key[3] + key[3:]):
            if wrong in known or meant(wrong, known) is None:
                continue
            assert any(
                f".{wrong}: there is no such" in one for one in told(read(**{name: text(wrong)}))
            )
