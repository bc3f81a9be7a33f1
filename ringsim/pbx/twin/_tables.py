"""Tables of the twin's database.

Columns of each table are in the order of the PBX's reference, so that a selected row is the
JSON that the PBX would send. Times are text in the form of `written_time`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from ringsim.pbx.twin._text_search import folded_column

__all__ = ["METADATA"]

METADATA = MetaData()


def _text(name: str, **options: Any) -> Column[str]:
    return Column(name, Text, **options)


def _flag(name: str, **options: Any) -> Column[bool]:
    return Column(name, Boolean(create_constraint=False), **options)


def _json(name: str) -> Column[Any]:
    return Column(name, JSON(none_as_null=True))


def _tenant() -> Column[str]:
    return Column("tenant_id", Text, nullable=False)


TENANTS = Table(
    "tenants",
    METADATA,
    _text("id", primary_key=True),
    _text("name", nullable=False),
    _text("domain", nullable=False, unique=True),
    Column("max_ring_groups", Integer, nullable=False),
)

# One number space for extensions, ring groups and all else that can be dialled
NUMBERS = Table(
    "numbers",
    METADATA,
    _tenant(),
    _text("number", nullable=False),
    _text("type", nullable=False),
    _text("owner_id", nullable=False),
    PrimaryKeyConstraint("tenant_id", "number"),
)

USERS = Table(
    "users",
    METADATA,
    _text("id", primary_key=True),
    _text("name", nullable=False),
    _flag("enabled", nullable=False),
    _text("email"),
    _text("display_name"),
    _text("role", nullable=False),
    _text("role_id"),
    _text("role_name"),
    _text("mobile_phone"),
    _text("work_phone"),
    _text("home_phone"),
    _text("address"),
    _text("department"),
    _text("extension_number"),
    _text("created_at", nullable=False),
    _text("timezone"),
    _text("avatar_file_name"),
    Column("avatar_file_size", Integer),
    _text("avatar_file_url"),
    _text("sync_type"),
    _flag("enable_cc"),
    _flag("enable_advanced"),
    Column("tenant_id", Text),  # none for a system administrator
    _text("password_hash"),
    _flag("two_factor", nullable=False, default=False),
    _text("presence"),
    _text("presence_note"),
    folded_column("name", "display_name", "extension_number", "email"),
    Index("users_by_name", "tenant_id", "name"),
    Index("users_by_number", "tenant_id", "extension_number"),
)

PROVIDERS = Table(
    "providers",
    METADATA,
    _text("id", primary_key=True),
    _text("name", nullable=False),
    _flag("enabled", nullable=False),
    _text("brand"),
    _text("hostname"),
    Column("port", Integer),
    _text("did_numbers"),
    _flag("shared", nullable=False),
    _tenant(),
    folded_column("name", "brand", "hostname", "did_numbers"),
)

RING_GROUPS = Table(
    "ring_groups",
    METADATA,
    _text("id", nullable=False, unique=True),
    _text("name", nullable=False),
    _text("extension_number", nullable=False),
    Column("ring_time", Integer, nullable=False),
    _text("ring_strategy", nullable=False),
    _flag("skip_busy_member", nullable=False),
    _flag("enable_paid", nullable=False),
    _flag("enable_prid", nullable=False),
    _flag("extension_number_as_to_header", nullable=False),
    _json("no_answer_forward_rule"),
    _json("night_mode_forward_rule"),
    _flag("enable_night_mode", nullable=False),
    _flag("enable_audio_recording", nullable=False),
    _json("outbound_caller_ids"),
    _tenant(),
    folded_column("name", "extension_number"),
    PrimaryKeyConstraint("tenant_id", "id"),
    Index("ring_groups_by_name", "tenant_id", "name", "id"),
    Index("ring_groups_by_number", "tenant_id", "extension_number", "id"),
    sqlite_with_rowid=False,  # a tenant's groups lie side by side, and a filter reads them in a row
)

AGENTS = Table(
    "agents",
    METADATA,
    _text("group_id", nullable=False),
    Column("position", Integer, nullable=False),
    _text("extension_number", nullable=False),
    Column("skill_level", Integer, nullable=False),
    PrimaryKeyConstraint("group_id", "position"),
    Index("agents_by_number", "extension_number"),
)


def _call_columns() -> list[Column[Any]]:
    """Return the columns that a session and a leg of it share."""
    texts = ("caller", "caller_domain", "caller_display_name", "callee", "callee_domain")
    times = ("callee_display_name", "started_at", "rang_at", "answered_at", "ended_at", "call_id")
    reasons = ("direction", "end_reason", "reroute_reason")
    places = ("destination", "outbound_caller_id", "did_cid", "trunk")
    return [
        *(_text(name) for name in (*texts, *times, *reasons)),
        Column("status_code", Integer),
        *(_text(name) for name in places),
        Column("duration", Integer),
        _text("service_number"),
        _text("user_data"),
    ]


PARTIES = ("caller", "callee", "caller_display_name", "callee_display_name")

CDRS = Table(
    "cdrs",
    METADATA,
    _text("id", nullable=False, unique=True),
    *_call_columns(),
    _tenant(),
    Column("sequence", Integer, primary_key=True),  # order in which records appeared
    folded_column(*PARTIES),
    Index("cdrs_by_start", "tenant_id", "started_at", "id"),
)

LEGS = Table(
    "legs",
    METADATA,
    _text("id", primary_key=True),
    _text("session_id", nullable=False),
    *_call_columns(),
    Column("cost", Float),
    _text("billed_account"),
    _tenant(),
    Column("position", Integer, nullable=False),
    folded_column(*PARTIES),
    Index("legs_by_session", "session_id", "position"),
    Index("legs_by_start", "tenant_id", "started_at", "id"),
    Index("legs_by_callee", "tenant_id", "callee"),
    Index("legs_by_caller", "tenant_id", "caller"),
)

RECORDINGS = Table(
    "recordings",
    METADATA,
    _text("id", primary_key=True),
    _text("caller"),
    _text("callee"),
    _text("started_at"),
    _text("ended_at"),
    _tenant(),
    _json("files"),
    folded_column("caller", "callee"),
)

REPORTS = Table(
    "reports",
    METADATA,
    _text("id", primary_key=True),
    _text("name"),
    _text("type"),
    _text("email"),
    _text("format"),
    _text("range"),
    _text("started_at"),
    _text("ended_at"),
    _text("cron_expr"),
    _json("filter"),
    _text("status"),
    _tenant(),
    _text("created_at", nullable=False),
    folded_column("name"),
)

COMPLETED_REPORTS = Table(
    "completed_reports",
    METADATA,
    _text("id", primary_key=True),
    _text("name"),
    _text("type"),
    _text("format"),
    _text("completed_at"),
    _text("file_name"),
    Column("file_size", Integer),
    _text("file_url"),
    _tenant(),
    folded_column("name"),
)

BLOBS = Table(
    "blobs",
    METADATA,
    _text("digest", primary_key=True),
    _text("file_name", nullable=False),
    Column("content", LargeBinary, nullable=False),
)
