"""Dialplan's call of `Queue()` for one queue: limits, priority, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ringsim.errors import shown
from ringsim.importers._asterisk_rules import is_penalty
from ringsim.importers._dialplan import QueueCall
from ringsim.importers._drafts import GroupDraft
from ringsim.importers._findings import Findings, Place
from ringsim.importers._values import number

__all__ = ["Calling"]

WITHOUT_DIALPLAN: Final = (
    "Queue() in the dialplan says how long callers of a queue wait and what follows; "
    "without it they wait until they give up. Give extensions.conf too, or the folder"
)


class Calling:
    """Call of one queue, if the dialplan has one, and remarks on it.

    Parameters
    ----------
    queue : str
        Name of the queue.
    place : Place
        Where the queue stands.
    calls : mapping of str to QueueCall
        All calls of `Queue()`, by the name of the queue.
    findings : Findings
        Takes the remarks.
    """

    def __init__(
        self, queue: str, place: Place, calls: Mapping[str, QueueCall], findings: Findings
    ) -> None:
        self.queue, self.place = queue, place
        self.calls = calls
        self.call = calls.get(queue)
        self.findings = findings

    @property
    def timeout(self) -> str:
        return "" if self.call is None else self.call.timeout

    @property
    def rule(self) -> str:
        """Name of the penalty rules that the call gives, "" if it gives none."""
        return "" if self.call is None else self.call.rule

    @property
    def once(self) -> bool:
        """True if callers leave the queue after one round."""
        return self.call is not None and "n" in self.call.options

    def tell(self, kind: str, text: str) -> None:
        """Add a remark on the call."""
        place = self.place if self.call is None else self.call.place
        self.findings.add(kind, place, f"{self.queue}.Queue()", text, self.queue)

    def limits(self) -> list[str | None]:
        """Return the least, most and raised penalty that the dialplan sets; None if it does not."""
        found: list[str | None] = []
        for name in (f"QUEUE_{part}_PENALTY" for part in ("MIN", "MAX", "RAISE")):
            text = None if self.call is None else self.call.variables.get(name)
            if text is not None and not is_penalty(text):
                remark = f"{name} must be a whole number, got {shown(text)}; it has no effect"
                self.tell("not_understood", remark)
                text = None
            found.append(text)
        return found

    def complete(self, draft: GroupDraft) -> None:
        """Set what the call says of a draft: number, priority, and the no-answer rule."""
        call = self.call
        if call is None:
            self._tell_without_call()
            return
        draft.number = draft.number or call.number
        priority, text = number(call.variables.get("QUEUE_PRIO", ""), 0)
        if text:
            self.tell("not_understood", f"QUEUE_PRIO {text}")
        draft.priority = float(priority) or (1.0 if call.position else 0.0)
        if text := number(call.timeout, 0)[1]:
            self.tell(
                "not_understood", f"the time-out {text}. With 0, callers wait until they give up"
            )
        if call.after is None:
            text = "what follows it is not read; calls that nobody answers are hung up"
            self.tell("not_expressed", text)
        else:
            draft.fields["no_answer_forward_rule"] = call.after

    def _tell_without_call(self) -> None:
        if not self.calls:
            self.findings.add("notes", Place(self.place.file), "", WITHOUT_DIALPLAN, self.queue)
            return
        hint = self.findings.hint(self.queue, self.calls)
        text = (
            f"the dialplan has no Queue({self.queue}); callers wait until they give up, and are "
            f"hung up. {hint}"
        )
        self.tell("not_expressed", text.strip())
