"""Writer of the detailed call history of Webex."""

from __future__ import annotations

import math
from typing import Any, Final

from ringsim.records._texts import (
    OUTSIDE,
    iso_text,
    seconds_between,
    table_text,
)
from ringsim.records._written import Written

__all__ = ["webex"]

WEBEX: Final = [
    "Start time",
    "Answer time",
    "Release time",
    "Duration",
    "Ring duration",
    "Answered",
    "Answered Elsewhere",
    "Direction",
    "Call outcome",
    "Call outcome reason",
    "Correlation ID",
    "Calling number",
    "Called number",
    "User type",
    "Redirect reason",
    "Redirecting number",
    "Releasing party",
    "Report ID",
]


REASONS: Final = {
    "answered": ("Success", "Normal"),
    "ring_no_answer": ("Failure", "NoAnswer"),
    "answered_elsewhere": ("Success", "Normal"),
    "caller_gave_up": ("Failure", "Normal"),
}


def webex(log: Written) -> str:
    rows: list[dict[str, Any]] = []

    def add(start: float, answer: float, end: float, **rest: Any) -> None:
        lifted = not math.isnan(answer)
        rows.append(
            {
                "Start time": iso_text(start, 3),
                "Answer time": iso_text(answer, 3) if lifted else "NA",
                "Release time": iso_text(end, 3),
                "Duration": seconds_between(answer, end) if lifted else 0,
                "Ring duration": seconds_between(start, answer if lifted else end),
                "Answered": "true" if lifted else "false",
                "Report ID": f"r{len(rows)}",
                **{name.replace("_", " "): value for name, value in rest.items()},
            }
        )

    for call in log:
        answer = call.ended_at if call.outcome == "answered" else math.nan
        both = {"Correlation_ID": f"c{call.call}", "Calling_number": call.caller}
        add(
            call.arrived_at,
            answer,
            call.over_at,
            Direction="TERMINATING",
            Called_number=call.group,
            User_type="HuntGroup",
            Releasing_party="Remote" if call.outcome == "abandoned" else "Local",
            **both,
        )
        for ring in call.rings:
            won = ring.result == "answered"
            outcome, reason = REASONS[ring.result]
            add(
                ring.started_at,
                ring.ended_at if won else math.nan,
                call.over_at if won else ring.ended_at,
                Direction="TERMINATING",
                Called_number=ring.member,
                User_type="User",
                Redirect_reason="HuntGroup",
                Redirecting_number=ring.group,
                Answered_Elsewhere="Yes" if ring.result == "answered_elsewhere" else "No",
                Call_outcome=outcome,
                Call_outcome_reason=reason,
                **both,
            )
    for number, own in enumerate(log.own_calls):
        add(
            own.started_at,
            own.started_at,
            own.ended_at,
            Direction="ORIGINATING",
            Calling_number=own.member,
            Called_number=OUTSIDE,
            User_type="User",
            Correlation_ID=f"o{number}",
        )
    return table_text(WEBEX, [{k: v for k, v in row.items() if k in WEBEX} for row in rows])
