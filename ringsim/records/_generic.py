"""Reader of a table of the user's own, by a mapping of its columns.

The mapping names the column of each key: `arrived_at` (or `date` and `time`); `answered_at` or
`wait`; `ended_at`, `talk_time` or `duration`; and optionally `group`, `answered_by`, `outcome`,
`call`, `member`, `ring_started_at`, `ring_ended_at` or `ring_time`, `ring_result`, `direction`.
Settings: `unit` ("s" or "ms"), `date_format` ("ymd", "dmy" or "mdy"), `duration_includes_wait`,
`delimiter`, `grade` (a column of that name counts without it), and the tables `outcomes` and
`ring_results` of words by value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ringsim._log_arrays import OUTCOMES, RESULTS
from ringsim._sources import Source
from ringsim.errors import ConfigurationError, check_choice, did_you_mean
from ringsim.records._extract import (
    ABANDONED,
    ANSWERED,
    GRADES,
    OVERFLOWED,
    RING_ANSWERED,
    RING_NO_ANSWER,
    Extract,
    Floats,
    Groups,
    Ints,
    Mask,
    Request,
)
from ringsim.records._generic_sheet import generic_sheet
from ringsim.records._mapping import COLUMNS, UNITS, checked
from ringsim.records._reader import Reader, Sample
from ringsim.records._sheet import Sheet, Text, joined
from ringsim.records._stamps import StampReader, durations_in

__all__ = ["Generic"]

IGNORE = "ignore"
IGNORED = len(OUTCOMES)


class Generic(Reader):
    """Reader of CSV and Parquet by a mapping of columns."""

    name = "csv"
    title = "table with a mapping of its columns"
    takes_mapping = True

    def recognises(self, sample: Sample) -> bool:
        """Return True for a table whose columns have the names of the keys."""
        if sample.suffix == ".parquet" or sample.data[:4] == b"PAR1":
            return True
        return "arrived_at" in sample.header()

    def read(self, sources: Sequence[Source], request: Request) -> Extract:
        """Return what the tables say about one group."""
        mapping = checked(request.mapping)
        sheets = [generic_sheet(source, mapping) for source in sources]
        columns = {key: mapping[key] for key in COLUMNS if isinstance(mapping.get(key), str)} or {
            key: key for key in COLUMNS if any(key in sheet for sheet in sheets)
        }
        for key, column in columns.items():
            if not any(column in sheet for sheet in sheets):
                known = list(dict.fromkeys(name for sheet in sheets for name in sheet.columns))
                raise ConfigurationError(
                    f"mapping.{key}",
                    f"must be a column of {sheets[0].names[0]}",
                    column,
                    did_you_mean(column, known) or f"Its columns are {', '.join(known[:30])}.",
                )
        sheet = joined(sheets).without_duplicates()
        named = {key: sheet[column] for key, column in columns.items()}
        kept = Sheet(named, sheet.names, sheet.file, sheet.row, sheet.notes)
        if "grade" in sheet and "grade" not in mapping:  # as `ringsim.records.write` leaves it
            grades = {each for each in sheet["grade"].distinct if each}
            if grades and grades <= set(GRADES):
                mapping = {**mapping, "grade": max(grades)}
        return _extract(kept, mapping, request)


def _extract(sheet: Sheet, mapping: Mapping[str, Any], request: Request) -> Extract:
    if "arrived_at" not in sheet and "date" not in sheet:
        raise ConfigurationError(
            "mapping.arrived_at", "must name the column of the arrival, or date and time"
        )
    if "date" in sheet and "arrived_at" not in sheet:
        sheet.columns["arrived_at"] = _date_and_time(sheet)
    stamps = StampReader(sheet, request.clock, mapping.get("date_format"))
    arrived_at = stamps.settled("arrived_at", ["answered_at", "ended_at"])
    missing = np.isnan(arrived_at)
    sheet.leave_out(missing & sheet["arrived_at"].given, "their arrival is not an instant")
    rows = _Rows(sheet, stamps, mapping, request)
    rows.arrived_at = arrived_at
    return rows.extract(~missing)


def _date_and_time(sheet: Sheet) -> Text:
    pairs = zip(sheet["date"].text, sheet["time"].text, strict=True)
    return Text.of([f"{day} {clock}".strip() if day else "" for day, clock in pairs])


class _Rows:
    """The rows of a mapped table."""

    def __init__(
        self, sheet: Sheet, stamps: StampReader, mapping: Mapping[str, Any], request: Request
    ) -> None:
        self.sheet = sheet
        self.stamps = stamps
        self.mapping = mapping
        self.request = request
        self.unit = UNITS[mapping.get("unit", "s")]
        self.arrived_at = np.empty(0)
        self.notes: list[str] = []
        self.odd_durations: dict[str, str] = {}  # a sentence for each column

    def extract(self, usable: Mask) -> Extract:
        """Return calls, rings and own calls."""
        sheet = self.sheet
        mine = usable.copy()
        if "group" in sheet:
            named = sheet["group"].each(lambda value: value == self.request.group, np.bool_)
            if not named.any():
                raise self.request.no_such_group(sheet, sheet["group"].distinct)
            mine &= named
        outcome, ignored = self._outcomes(mine)
        theirs = usable & ~mine
        mine &= ~ignored
        code, n = self._calls(mine)
        groups = Groups(code, n)
        first = groups.first(np.ones(len(code), bool))
        rows = np.flatnonzero(mine)
        calls = self._call_frame(rows, groups, first, outcome)
        rings = self._ring_frame(rows, code)
        own = self._own(theirs, outcome)
        grade = self.mapping.get("grade") or ("C" if rings is None else "A")
        return Extract(
            calls,
            Extract.no_rings() if rings is None else rings,
            own,
            sheet,
            grade,
            self._clock_step(),
            [*self.odd_durations.values(), *self.notes, *self.stamps.notes()],
        )

    def _clock_step(self) -> float:
        whole = np.nanmax(np.abs(self.arrived_at - np.round(self.arrived_at)), initial=0.0) == 0
        return 1.0 if whole else 0.001

    def _calls(self, mine: Mask) -> tuple[Ints, int]:
        """Return a code of the call for each of the rows, and the number of calls."""
        if "call" not in self.sheet:
            n = int(mine.sum())
            return np.arange(n), n
        column = self.sheet["call"]
        text = column.codes[mine].copy()
        alone = ~column.given[mine]  # a row without a call is one of its own
        text[alone] = len(column.distinct) + np.arange(int(alone.sum()))
        codes, different = pd.factorize(text)
        return codes, len(different)

    def _outcomes(self, mine: Mask) -> tuple[Ints, Mask]:
        """Return the outcome of each row, -1 if it does not say, and the rows to ignore."""
        sheet = self.sheet
        words = {name: code for code, name in enumerate(OUTCOMES)} | {IGNORE: IGNORED}
        if "outcome" not in sheet:
            return np.full(len(sheet), -1), np.zeros(len(sheet), bool)
        codes = self._words("outcome", "outcomes", words, mine)
        return codes, codes == IGNORED

    def _words(self, column: str, table: str, words: Mapping[str, int], used: Mask) -> Ints:
        """Return the code of each row's word; -1 if it is empty."""
        given = {str(key).lower(): word for key, word in self.mapping.get(table, {}).items()}
        for key, word in given.items():
            check_choice(f"mapping.{table}.{key}", word, words)
        text = self.sheet[column]
        code = np.full(len(text.distinct), -2)
        for at, value in enumerate(text.distinct):
            word = given.get(value.lower(), value.lower().replace(" ", "_").replace("-", "_"))
            code[at] = -1 if not value else words.get(word, -2)
        by_row = code[text.codes]
        unknown = used & (by_row == -2)
        if unknown.any():
            at = int(np.argmax(unknown))
            raise ConfigurationError(
                f"{self.sheet.where(at)} {column}",
                f"must be one of {', '.join(words)}",
                str(text.text[at]),
                f"Add its meaning to {table} in the mapping.",
            )
        return np.where(by_row == -2, -1, by_row)

    def _instants(self, key: str) -> Floats:
        if key not in self.sheet:
            return np.full(len(self.sheet), np.nan)
        return self.stamps.column(key, self.arrived_at)

    def _seconds(self, key: str) -> Floats:
        if key not in self.sheet:
            return np.full(len(self.sheet), np.nan)
        seconds, wrong = durations_in(self.sheet, key, self.unit)
        if wrong.any():
            first = int(np.argmax(wrong))
            self.odd_durations[key] = (
                f"Rows whose {key} is not a duration such as 7.5 or 0:01:30: {int(wrong.sum())}; "
                f"first at {self.sheet.where(first)}, {str(self.sheet[key].text[first])[:40]!r}."
            )
        return seconds

    def _call_frame(self, rows: Ints, groups: Groups, first: Ints, outcome: Ints) -> pd.DataFrame:
        """Return a row per call, from the rows of the group."""

        def earliest(values: Floats) -> Floats:
            least = groups.least(values[rows])
            return np.where(np.isinf(least), np.nan, least)

        def latest(values: Floats) -> Floats:
            most = groups.greatest(values[rows])
            return np.where(np.isinf(most), np.nan, most)

        arrived = earliest(self.arrived_at)
        answered = self._instants("answered_at")
        wait, talk, whole = (self._seconds(key) for key in ("wait", "talk_time", "duration"))
        ended = self._instants("ended_at")
        by = self._answered_by(rows, groups)
        result = groups.greatest(np.where(outcome[rows] >= 0, -1.0 - outcome[rows], np.nan))
        code = np.where(np.isinf(result), -1, -1 - result).astype(np.int64)
        answered_at, waited, talked = earliest(answered), latest(wait), latest(talk)
        guess = ~np.isnan(answered_at) | (by != "")
        guess |= np.isnan(answered_at) & (np.nan_to_num(talked) > 0)
        unsaid = (code < 0) & ~guess
        if unsaid.any():
            self.notes.append(
                "Calls that nobody answered, of which the table does not say whether the caller "
                f"gave up, and which count as given up: {int(unsaid.sum())}; first at "
                f"{self.sheet.where(int(rows[first[unsaid][0]]))}."
            )
        code = np.where(code >= 0, code, np.where(guess, ANSWERED, ABANDONED))
        ended_at, lasted = latest(ended), latest(whole)
        wait_ends = np.where(np.isnan(answered_at), arrived + waited, answered_at)
        if self.mapping.get("duration_includes_wait"):
            total = arrived + lasted
        else:
            total = wait_ends + lasted
        wait_ends = np.where(
            np.isnan(wait_ends) & (code != ANSWERED),
            np.where(np.isnan(ended_at), arrived + lasted, ended_at),
            wait_ends,
        )
        hung_up = np.where(
            np.isnan(talked), np.where(np.isnan(ended_at), total, ended_at), wait_ends + talked
        )
        wait_ends = np.where(np.isnan(wait_ends) & (code == ANSWERED), hung_up - talked, wait_ends)
        unknown = np.isnan(wait_ends)
        self._note_unknown(rows[first[unknown]])
        frame = Extract.call_rows(
            arrived_at=arrived,
            ended_at=np.where(unknown, arrived, wait_ends),
            outcome=code,
            answered_by=by,
            hung_up_at=np.where(code == ANSWERED, hung_up, np.nan),
            row=rows[first],
        )
        self._kept = ~unknown
        self._frame_index = np.cumsum(self._kept) - 1
        return frame[self._kept].reset_index(drop=True)

    def _note_unknown(self, rows: Ints) -> None:
        left_out = np.zeros(len(self.sheet), bool)
        left_out[rows] = True
        self.sheet.leave_out(left_out, "their wait is not known", "Call")

    def _answered_by(self, rows: Ints, groups: Groups) -> Any:
        """Return who answered each call, "" if it does not say."""
        key = "answered_by"
        named = self.sheet[key].given[rows]
        if key not in self.sheet and "ring_result" in self.sheet:
            key = "member"
            named = self._ring_results()[rows] == RING_ANSWERED
        at = groups.first(named)
        text = self.sheet[key].text
        return np.where(at >= 0, text[rows[at]] if len(rows) else "", "").astype(object)

    def _ring_results(self) -> Ints:
        words = {name: code for code, name in enumerate(RESULTS[:4])} | {IGNORE: len(RESULTS)}
        used = self.sheet["member"].given
        return self._words("ring_result", "ring_results", words, used)

    def _ring_frame(self, rows: Ints, code: Ints) -> pd.DataFrame | None:
        """Return a row per ring; None if the table has no rings."""
        sheet = self.sheet
        if "ring_started_at" not in sheet or "member" not in sheet:
            return None
        started, ended = self._instants("ring_started_at"), self._instants("ring_ended_at")
        ended = np.where(np.isnan(ended), started + self._seconds("ring_time"), ended)
        if "ring_result" in sheet:
            result = self._ring_results()
        else:
            same = sheet["member"].text == sheet["answered_by"].text
            result = np.where(same, RING_ANSWERED, RING_NO_ANSWER)
        known = sheet["member"].given & ~np.isnan(started) & ~np.isnan(ended)
        known &= (result >= 0) & (result < len(RESULTS))
        if not known[rows].any():
            return None
        kept = known[rows] & self._kept[code]
        return pd.DataFrame(
            {
                "call": self._frame_index[code[kept]],
                "member": sheet["member"].text[rows[kept]],
                "started_at": started[rows[kept]],
                "ended_at": ended[rows[kept]],
                "result": result[rows[kept]],
            }
        )

    def _own(self, theirs: Mask, outcome: Ints) -> pd.DataFrame:
        """Return the calls that members answered or made in rows of other groups or of none.

        A call with a row per ring is one call, of whoever answered it; a lost call is nobody's.
        """
        sheet = self.sheet
        is_ring = sheet["ring_started_at"].given | sheet["ring_result"].given
        won = np.zeros(len(sheet), bool)
        if "ring_result" in sheet and "member" in sheet:
            won = self._ring_results() == RING_ANSWERED
        member = np.where(won | ~is_ring, sheet["member"].text, "")
        who = np.where(sheet["answered_by"].given, sheet["answered_by"].text, member)
        started = self._instants("answered_at")
        for otherwise in (
            np.where(won, self._instants("ring_ended_at"), np.nan),
            self.arrived_at + self._seconds("wait"),
            self.arrived_at,
        ):
            started = np.where(np.isnan(started), otherwise, started)
        ended = started + self._seconds("talk_time")
        ended = np.where(np.isnan(ended), self._instants("ended_at"), ended)
        ended = np.where(np.isnan(ended), self.arrived_at + self._seconds("duration"), ended)
        theirs = theirs & (who != "") & ~np.isin(outcome, (ABANDONED, OVERFLOWED, IGNORED))
        rows = np.flatnonzero(theirs & (ended > started))
        call, _ = self._calls(np.isin(np.arange(len(sheet)), rows))
        rows = rows[~pd.DataFrame({"call": call, "who": who[rows]}).duplicated().to_numpy()]
        return Extract.own_rows(who[rows], started[rows], ended[rows], rows)
