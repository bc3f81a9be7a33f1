"""Estimators of the inputs of a scenario from call records, as functions of arrays.

Callers
    `arrivals` (calls by interval of the day), `busyness` (variation of days beyond chance),
    `one_way` (whether weekdays differ),
    `survival` (Kaplan-Meier) and `patience` (best of three families), `mean_of` (talk times).
People
    `exposure` (how long each ring could be answered), `answering` (answer delay, answer
    probability and wrap-up time together), `eagerness` (people with few rings), `duty` (times on
    duty), `away` (spells in which nobody is there), `rate_per_hour` (own calls per free hour).
Intervals
    `Interval`, and `day_interval`, by leaving out one day at a time.

Each takes arrays and returns plain results; `ringsim.fit` applies all of them to records.
`tests/README.md` shows their bias, and how often their intervals contained the truth, on groups
whose truth is known.
"""

from ringsim.estimators._answering import Answering, answering
from ringsim.estimators._arrivals import Arrivals, Busyness, arrivals, busyness, one_way
from ringsim.estimators._away import Away, away
from ringsim.estimators._days import Interval, day_interval
from ringsim.estimators._duty import duty, duty_by_weekday
from ringsim.estimators._eagerness import Eagerness, eagerness
from ringsim.estimators._exposure import Exposure, Talks, exposure
from ringsim.estimators._patience import Patience, patience
from ringsim.estimators._rates import mean_of, rate_per_hour
from ringsim.estimators._survival import Survival, survival, survival_interval

__all__ = [
    "Answering",
    "Arrivals",
    "Away",
    "Busyness",
    "Eagerness",
    "Exposure",
    "Interval",
    "Patience",
    "Survival",
    "Talks",
    "answering",
    "arrivals",
    "away",
    "busyness",
    "day_interval",
    "duty",
    "duty_by_weekday",
    "eagerness",
    "exposure",
    "mean_of",
    "one_way",
    "patience",
    "rate_per_hour",
    "survival",
    "survival_interval",
]
