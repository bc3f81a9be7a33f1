"""The first paragraphs of a report: a recommendation with its price, and the group today."""

from __future__ import annotations

from math import isnan
from typing import Any

from ringsim._words import decimal, has_word, word
from ringsim.metrics import FORWARDED_METRICS, METRICS
from ringsim.planning._advice import Advice
from ringsim.planning._metric_changes import Change
from ringsim.reporting._figures import (
    change_text,
    duration,
    figure_text,
    sentence,
)
from ringsim.reporting._subject import Subject
from ringsim.reporting._tables import strategy_words
from ringsim.scenario import forwarded_to

__all__ = ["advice_sentences", "state_sentences"]

TOLD = (
    "answer_rate",
    "service_level",
    "mean_speed_of_answer",
    "abandonment_rate",
    "overflow_rate",
)


def advice_sentences(subject: Subject) -> list[str]:
    """Return the recommendation: what to change, what it brings, and what it costs."""
    comparison, advice = subject.comparison, subject.advice
    old = subject.named(comparison.baseline)
    if subject.is_present:
        old = word("advice.present")
    if subject.pages:
        return [word("advice.page")]
    if advice is None:
        keep = "advice.keep_present" if subject.is_present else "advice.keep"
        return [_capital(word(keep, old=old))]
    new = subject.named(advice.variant)
    ring = subject.is_strategy(advice.variant) and subject.is_strategy(comparison.baseline)
    choose = "advice.choose_strategy" if ring else "advice.choose"
    gains = [
        word(f"advice.gain{'_too' if i else ''}", **_told(gain, subject))
        for i, gain in enumerate(advice.gains[:2])
    ]
    return [
        _capital(word(choose, new=new, old=old), quoted=ring),
        *gains[:1],
        *_more_calls(subject, advice.gains[0]),
        *gains[1:],
        *_price(subject, advice),
    ]


def _capital(text: str, *, quoted: bool = True) -> str:
    """Return a text with a capital letter, also behind a quotation mark if `quoted`.

    A variant's name in quotation marks stays as its author wrote it.
    """
    if text.startswith("„"):
        return text[:1] + sentence(text[1:]) if quoted else text
    return sentence(text)


def _price(subject: Subject, advice: Advice) -> list[str]:
    before, after = advice.members
    told = []
    if after > before:
        told.append(word("advice.price_members", before=before, after=after))
    if advice.price is not None:
        words = "advice.price_also" if told else "advice.price"
        told.append(word(words, **_told(advice.price, subject)))
    return told or [word("advice.free")]


def _told(change: Change, subject: Subject) -> dict[str, str]:
    """Return the sentence on a change, and the change with its interval, as fields."""
    unit = METRICS[change.metric].unit
    key = f"say.{change.metric}"
    what = word(
        key if has_word(key) else "say.other",
        before=figure_text(change.before, unit),
        after=figure_text(change.after, unit),
        within=duration(subject.thresholds.within),
        metric=subject.metric_name(change.metric),
    )
    by = change_text(change.difference, change.low, change.high, change.metric)
    if change.doubt:
        by = word(f"advice.doubt_{change.doubt}", change=by)
    return {"what": what, "change": by}


def _more_calls(subject: Subject, gain: Change) -> list[str]:
    """Return how many more calls are answered, if that is the gain and it can be counted."""
    offered = subject.now.figure("offered", subject.group, subject.thresholds).estimate().estimate
    more = gain.difference * offered
    if gain.metric != "answer_rate" or more < 1:
        return []
    is_one = f"{more:.0f}" == "1"
    of_day = "advice.calls_one" if is_one else "advice.calls"
    of_week = "advice.calls_week_one" if is_one else "advice.calls_week"
    key = of_week if subject.is_week else of_day
    hours = decimal(f"{subject.scenario.hours:g}")
    return [word(key, n=f"{more:.0f}", of=f"{offered:.0f}", hours=hours)]


def state_sentences(subject: Subject) -> list[str]:
    """Return sentences on the calls of the group as it is, and on the work of its members."""
    return [_state(subject), _shares(subject)]


def _state(subject: Subject) -> str:
    is_forwarded = not subject.is_called and subject.group in forwarded_to(subject.scenario)
    found = {
        name: subject.now.figure(name, subject.group, subject.thresholds).estimate().estimate
        for name in (FORWARDED_METRICS if is_forwarded else TOLD)
    }
    figures = {name: figure_text(value, METRICS[name].unit) for name, value in found.items()}
    within = duration(subject.thresholds.within)
    if isnan(found["answer_rate_of_received" if is_forwarded else "answer_rate"]):
        state = word("advice.no_calls")
    elif is_forwarded:
        state = word("advice.state_received", **figures)
    elif isnan(found["mean_speed_of_answer"]):
        state = word("advice.state_unanswered", **figures)
    else:
        state = word("advice.state", within=within, **figures)
    how = _strategy(subject)
    return f"{word('advice.how', When=sentence(subject.when), how=how)} {state}" if how else state


def _strategy(subject: Subject) -> str:
    """Return the strategy of the group as it is, in words with its name; "" for all groups."""
    if subject.group is None:
        return ""
    name = subject.now.dispatchers[subject.group]
    words = strategy_words(name)
    return name if words == name else word("advice.named", words=words, name=name)


def _shares(subject: Subject) -> str:
    """Return a sentence on the members who answer most and least, and who is rung most."""
    members = subject.now.members()
    if subject.group is not None:
        members = members.loc[[subject.group]]
    members = members.droplevel("group")
    shares = members["answer_share"].dropna()
    rung = members["interruptions_per_hour"].dropna()
    if shares.empty or rung.empty:
        return word("advice.nobody")
    most: Any = rung.max()
    return word(
        "advice.shares" if len(shares) > 1 else "advice.shares_one",
        most=shares.idxmax(),
        most_share=figure_text(float(shares.max()), "rate"),
        least=shares[::-1].idxmin(),  # of equal shares, another member than the first
        least_share=figure_text(float(shares.min()), "rate"),
        rung=rung.idxmax(),
        times=figure_text(float(most), METRICS["interruptions_per_hour"].unit),
    )
