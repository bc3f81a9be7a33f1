"""Files that are hostile, broken, too large or of another kind: one sentence, never a traceback."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import ringsim as rs
from ringsim.importers import _files, format_names
from support.commands import ringsim
from support.helpers import makes_or_refuses

MB = 2**20
SECRET = "s3cr3t-W0rd"  # what must never be shown


@pytest.fixture
def refusal(tmp_path: Path) -> Callable[..., str]:
    """Return a function that returns the error of reading a text."""

    def read(text: str | bytes, name: str = "queues.conf", **more: Any) -> str:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(rs.ConfigurationError) as wrong:
            rs.read_pbx(path, **more)
        return str(wrong.value)

    return read


def test_a_recursive_include(refusal: Any, tmp_path: Path) -> None:
    assert "queues.conf line 2 must not include a file that includes this one" in refusal(
        "[a]\n#include queues.conf\n"
    )
    (tmp_path / "b.conf").write_text("[b]\n#include *.conf\n")
    assert "b.conf line 2 must not include a file that includes this one" in refusal(
        "[a]\nmember=SIP/201\n#include b.conf\n"
    )


def test_includes_and_templates_that_grow_exponentially(refusal: Any, tmp_path: Path) -> None:
    for depth in range(12):
        (tmp_path / f"i{depth}.conf").write_text(f"#include i{depth + 1}.conf\n" * 10)
    (tmp_path / "i12.conf").write_text("timeout=20\n")
    assert "must not include so many files" in refusal("[a]\nmember=SIP/201\n#include i0.conf\n")
    lines = ["[t0](!)", "timeout=20"]
    lines += [f"[t{n}](!,{','.join([f't{n - 1}'] * 10)})" for n in range(1, 10)]
    assert "must not expand to more than" in refusal("\n".join([*lines, "[a](t9)", ""]))


def test_a_command_is_never_run(tmp_path: Path) -> None:
    path = tmp_path / "queues.conf"
    path.write_text(
        f"[a]\nmember=SIP/201\n#exec touch {tmp_path}/ran\n#exec /bin/sh -c 'echo {SECRET}'\n"
    )
    imported = rs.read_pbx(path, format="asterisk")
    assert not (tmp_path / "ran").exists()
    assert len(imported.not_expressed) == 2
    assert SECRET not in str(imported)


BOMB = (
    "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9))
    + "]>\n<configuration name='callcenter.conf'><queue name='&j;'/></configuration>"
)
OUTSIDE = (
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>\n"
    "<configuration name='callcenter.conf'><queue name='&e;'/></configuration>"
)


@pytest.mark.parametrize("text", [BOMB, OUTSIDE, f"<?xml version='1.0'?>\n{BOMB}"])
def test_xml_with_entities_is_refused(text: str, refusal: Any) -> None:
    message = refusal(text, "callcenter.conf.xml")
    assert "must be XML without entities" in message or "must be XML" in message
    assert "root:" not in message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<configuration name='callcenter.conf'><queue", "must be XML"),
        ("<configuration name='callcenter.conf'/>", "must hold at least one ring group or queue"),
        ("<queue>" + "<a>" * 100, "in each other"),
        ("<queues>" + "<a/>" * 300_000 + "</queues>", "must not expand to more than"),
    ],
)
def test_xml_that_is_broken_or_large(text: str, words: str, refusal: Any) -> None:
    assert words in refusal(text, "callcenter.conf.xml")


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ('[{"grpnum": "600", ', "groups.json", "must be JSON"),
        ('[{"grpnum": ' + "[" * 100_000, "groups.json", "JSON"),
        ('{"grpnum": ' + "1" * 10_000 + "}", "groups.json", "JSON"),
        ('{"grpnum": 3}', "groups.json", "must hold at least one ring group"),
        ("grpnum,grplist\n" + '600,"' + "x" * 200_000, "groups.csv", "must be a row of a table"),
        ("grpnum,grplist\n" + "600,201\n" * 200_001, "groups.csv", "must have at most"),
        (
            "grpnum,grplist\n" + "".join(f"{n},201\n" for n in range(10_001)),
            "groups.csv",
            "must hold at most 10,000",
        ),
        ("-- MySQL dump\nINSERT INTO ringgroups VALUES (1,'", "a.sql", "line 2 must end its row"),
        ("", "queues.conf", "queues.conf must not be empty"),
        (" \n\n", "queues.conf", "queues.conf must not be empty"),
        ("a,b\n1,2\n", "x.csv", "must be the configuration of one of"),
        ("[general]\nautofill=yes\n", "queues.conf", "must hold at least one"),
    ],
)
def test_other_broken_files(text: str, name: str, words: str, refusal: Any) -> None:
    assert words in refusal(text, name)


def test_files_of_50_mb(refusal: Any, tmp_path: Path) -> None:
    """A file of settings is refused; of a dump only the tables of groups are taken apart."""
    size = 50 * MB
    conf = b"[a]\n" + b"; a comment that fills the file\n" * (size // 32)
    assert "must hold at most 16,777,216 bytes" in refusal(conf)
    xml = b"<queues name='callcenter.conf'>" + b" " * size
    assert "must hold at most" in refusal(xml, "callcenter.conf.xml")
    filler = b"INSERT INTO `cdr` VALUES ('" + b"x" * (size - 27) + b"');\n"
    dump = (
        b"-- MySQL dump\n"
        + filler
        + b"INSERT INTO `ringgroups` VALUES ('600','hunt','20','','201');\n"
    )
    path = tmp_path / "dump.sql"
    path.write_bytes(dump)
    [group] = rs.read_pbx(path, group="600").groups
    assert [member.extension_number for member in group.members] == ["201"]
    endless = b"-- MySQL dump\nINSERT INTO `ringgroups` VALUES ('" + b"x" * size
    assert "endless.sql line 2 must end its row" in refusal(endless, "endless.sql")


def test_a_compressed_bomb(refusal: Any) -> None:
    bomb = gzip.compress(b"[a]\nmember=SIP/201\n" + b"\n" * (20 * MB), compresslevel=1)
    assert "must hold at most 16,777,216 bytes" in refusal(bomb, "queues.conf.gz")


def test_names_that_do_not_exist(refusal: Any) -> None:
    conf = "[sales]\nmember=SIP/201\n[support]\n"
    assert refusal(conf, group="slaes") == (
        "group must be a group or queue of the file, got 'slaes'. Did you mean 'sales'?"
    )
    assert "They are sales and support." in refusal(conf, group="zzz")
    assert refusal(conf, format="asterix").endswith("got 'asterix'. Did you mean 'asterisk'?")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"group": 600}, "group must be the name or number of a group"),
        ({"group": []}, "group must be the name or number of a group"),
        ({"numbers": [1]}, "numbers must be a table"),
        ({"numbers": {"sales": "12"}}, "numbers.sales must be a string of 3 to 64 digits"),
        ({"all_on_duty": "yes"}, "all_on_duty must be true or false"),
    ],
)
def test_arguments_of_another_kind(more: dict[str, Any], words: str, refusal: Any) -> None:
    assert words in refusal("[sales]\nmember=SIP/201\n", **more)


def test_a_number_given_to_a_group_and_to_a_member(tmp_path: Path) -> None:
    """A file may use one number for both; the scenario that is written must be valid."""
    path = tmp_path / "queues.conf"
    path.write_text("[250]\nmember=SIP/250\nmember=SIP/251\n")
    imported = rs.read_pbx(path)
    assert [member.extension_number for member in imported.groups[0].members] == ["251"]
    assert "250 is a group" in str(imported.not_expressed[0])


@pytest.mark.parametrize("name", [*format_names(), "auto"])
@given(data=st.data())
def test_any_bytes(name: str, tmp_path_factory: pytest.TempPathFactory, data: Any) -> None:
    path = tmp_path_factory.getbasetemp() / data.draw(st.sampled_from(["a.conf", "a.sql", "a.xml"]))
    path.write_bytes(data.draw(HOSTILE))
    makes_or_refuses(shown_and_stored, path, name)


def shown_and_stored(path: Path, name: str = "auto") -> Any:
    """Read a file, show what was read, and return what a scenario file would hold."""
    imported = rs.read_pbx(path, format=name)
    assert imported.groups
    assert str(imported)
    stored = imported.scenario.to_file()
    assert rs.Scenario.from_file(stored) == imported.scenario
    return stored


PIECES = [
    *(b"[sales]\n", b"[", b"](!)\n", b"(a,b)", b"(+)", b"member=", b"SIP/201", b",", b"\n", b";--"),
    *(
        b"--;",
        b";",
        b"#include a.conf\n",
        b"#exec x\n",
        b"timeout=",
        b"99999999999999999999",
        b"-1",
    ),
    *(b"strategy=leastrecent\n", b"joinempty=strict,\n", b"exten => 1,1,Queue(sales,n,,,", b")\n"),
    *(b"penaltychange=5,", b"same => n,Set(QUEUE_MAX_PENALTY=", b"grpnum,grplist,grptime\n", b'"'),
    *(b"600,", b"201-202#-", b"INSERT INTO `ringgroups` VALUES (", b"'", b"\\", b"NULL", b");\n"),
    *(b"COPY v_ring_groups (ring_group_uuid, ring_group_extension) FROM stdin;\n", b"\t", b"\\.\n"),
    *(b"<queue name='a'>", b"<configuration name='callcenter.conf'>", b"</queue>", b"<agent "),
    *(b"name='x' ", b"/>", b"<tier agent='x' queue='a' level='-5' position='x'/>", b"<!--", b"&a;"),
    *(b'[{"grpnum": "600", "grplist": ', b'{"ring_group_uuid": 1, "members": [', b"]}", b"null"),
    *(b"\x00", b"\xff\xfe", b"\xc3", "Ⅷ²".encode(), b"/CW/201 : ENABLED\n", b"weight=", b"inf"),
    *(b"<param name='tier-rules-apply' value='true'/>", b"member=Local/9@a,200,x,y,no,1e9,yes\n"),
    *(b"autopause=all\n", b"defaultrule=sales\n", b"{", b"}", b":", b"ring_group_uuid,"),
]
HOSTILE = st.one_of(
    st.binary(max_size=200), st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join)
)


@given(st.lists(st.sampled_from(PIECES), max_size=10).map(b"".join))
@example(b"(" * 5000)
def test_any_dump_ends(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.sql"
    path.write_bytes(b"-- MySQL dump\nINSERT INTO ringgroups VALUES " + data)
    makes_or_refuses(shown_and_stored, path)


FILES = {
    "queues.conf": f"""[general]
dbpass={SECRET}
[sales]
password={SECRET}
membermacro={SECRET}
secret line {SECRET}
member => SIP/user:{SECRET}@host/201,0,Robin
member => Agent/user:{SECRET}@x
""",
    "callcenter.conf.xml": f"""<configuration name="callcenter.conf">
<settings><param name="odbc-dsn" value="dsn:user:{SECRET}"/></settings>
<queues><queue name="a"><param name="password" value="{SECRET}"/></queue></queues>
<agents><agent name="x" contact="[sip_password={SECRET}]user/201@x" status="Available"/></agents>
<tiers><tier agent="x" queue="a"/></tiers></configuration>""",
    "ringgroups.csv": f"grpnum,grplist,password,alertinfo\n600,201,{SECRET},{SECRET}\n",
    "ring_groups.csv": "ring_group_uuid,ring_group_extension,pin,ring_group_context\n"
    f"u,600,{SECRET},{SECRET}\n",
}


@pytest.mark.parametrize("name", FILES)
def test_secrets_are_never_shown_or_written(name: str, tmp_path: Path, capsys: Any) -> None:
    path, output = tmp_path / name, tmp_path / "office.toml"
    path.write_text(FILES[name])
    status, out, err = ringsim(capsys, "import", str(path), "--output", str(output))
    assert (status, err) == (0, "")
    assert SECRET not in out
    assert SECRET not in output.read_text()
    assert SECRET not in repr(rs.read_pbx(path))


def test_without_the_extra_xml_is_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "defusedxml.common", None)
    monkeypatch.setitem(__import__("sys").modules, "defusedxml", None)
    path = tmp_path / "callcenter.conf.xml"
    path.write_text("<queues name='callcenter.conf'/>")
    with pytest.raises(rs.RingsimError, match=r"pip install 'ringsim\[importers\]'"):
        rs.read_pbx(path)


def test_limits_hold_for_text_and_data() -> None:
    assert _files.MOST_TEXT < 50 * MB < _files.MOST_BYTES


def test_many_unknown_settings_are_told_briefly(tmp_path: Path) -> None:
    path = tmp_path / "queues.conf"
    lines = [f"timeuot{n}={SECRET}" for n in range(20_000)]
    path.write_text("\n".join(["[sales]", "member=SIP/201", *lines, ""]))
    imported = rs.read_pbx(path)
    assert len(imported.not_understood) == 20_000
    assert "and 19,960 more" in str(imported)
    path.write_text("[sales]\nmember=Agent/" + "x" * 10**6 + "\n")
    assert len(str(rs.read_pbx(path))) < 2000


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 10**6,
        "[a]\n" + "member=SIP/201\n" + " " * 10**6 + "x\n",
        "[a]\nexten => 1,1,Queue(" + "(" * 10**5 + "${EXTEN}" * 10**4 + ")\n",
        "[a]\npenaltychange=" + "5,1\n" + "penaltychange=5\n" * 2000,
        "/CW/201" + " " * 10**6 + "x\n",
        "-- MySQL dump\nINSERT INTO ringgroups" + " " * 10**6 + "x",
        "-- MySQL dump\n" + "INSERT INTO ringgroups VALUES (" * 10**4,
        "-- MySQL dump\nINSERT INTO ringgroups VALUES (" + "'" * (10**6 + 1),
        "".join(f"[{n}]\nmember=SIP/{n}\n" for n in range(10_001)),
        "".join(f"[q{n}]\nmember=SIP/m{n}\n" for n in range(2000)),
        "<queues name='callcenter.conf'>"
        + "<queue name='a'/><tier queue='a'/>" * 5000
        + "</queues>",
    ],
    ids=range(11),
)
def test_texts_that_could_take_long(text: str, tmp_path: Path) -> None:
    """Each of them took minutes with one careless expression or a loop in a loop."""
    path = tmp_path / "file"
    path.write_text(text)
    makes_or_refuses(shown_and_stored, path)
