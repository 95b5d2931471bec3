"""A SMART target: a sentence, the structured target that it means, and five honest verdicts with their reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tolok.kpis.additive import additive
from tolok.kpis.definition import Definition
from tolok.money import round_half_up
from tolok.periods import Calendar, Grain, Period
from tolok.targets.sentence import Sentence, on, say
from tolok.targets.smart_reading import Reading
from tolok.targets.target import Target
from tolok.targets.verdicts import (
    Past,
    Verdict,
    achievable,
    grain_of,
    measurable,
    relevant,
    specific,
    time_bound,
    writer,
)
from tolok.targets.vocabulary import most

LOOKED_AT: dict[Grain, int] = {"day": 90, "week": 52, "month": 24, "quarter": 12, "year": 5, "total": 12}
"""How many past periods of each length a target is judged by."""


@dataclass(frozen=True)
class Smart:
    """What a sentence comes to: targets (one per period that is measured) and verdicts; refused where it lacks something."""

    reading: Reading
    targets: tuple[Target, ...]
    verdicts: tuple[Verdict, ...]
    refused: Sentence | None = None

    @property
    def is_smart(self) -> bool:
        """Whether it can be proposed as it stands, and nothing speaks against it."""
        return not self.refused and all(one.judgement == "yes" for one in self.verdicts)


@dataclass(frozen=True)
class Asked:
    """The history that judging a sentence takes: whole periods of a KPI of one length, before a day."""

    kpi: str
    grain: Grain
    periods: tuple[Period, ...]


def measured_over(reading: Reading, definitions: Mapping[str, Definition], calendar: Calendar) -> tuple[Period, ...]:
    """The periods in which a target is measured: those of the sentence's own length in its term, else the term.

    What must be so by a deadline, and does not add up over time, is measured in the last quarter before it.
    """
    term = reading.term
    if term is None:
        return ()
    whole = Period(term.start, term.end, f"{term.start}..{term.end}", grain=term.grain)
    if term.grain != "total":
        whole = calendar.period_of(term.start, term.grain)
    if reading.grain:
        inside = [
            period
            for period in calendar.periods(term.start, term.end, reading.grain)
            if not period.partial or term.grain == "total"
        ]
        if inside:
            return tuple(inside) if not term.by else (inside[-1],)
    adds_up = additive(reading.kpi, definitions).over_time
    if term.by and not adds_up and term.grain in ("year", "total"):
        last = calendar.period_of(term.end, "quarter")
        return (last if last.end == term.end else calendar.period_of(term.end, "month"),)
    return (whole,)


def history_of(
    reading: Reading, definitions: Mapping[str, Definition], calendar: Calendar, data_end: date
) -> Asked | None:
    """Which history to look up for a sentence; None where it does not say enough."""
    periods = measured_over(reading, definitions, calendar)
    if not periods or not reading.kpi:
        return None
    grain = grain_of(periods[0])
    last = calendar.period_of(data_end, grain)
    if last.end > data_end:
        last = calendar.step(last, -1)
    found = [calendar.step(last, -n) for n in range(LOOKED_AT[grain])]
    return Asked(reading.kpi, grain, tuple(reversed(found)))


def judged(
    reading: Reading,
    definitions: Mapping[str, Definition],
    calendar: Calendar,
    today: date,
    *,
    own: Past | None = None,
    peers: Sequence[Past] = (),
    north_star: str = "revenue",
    currency: str = "",
    objective: str = "",
    language: str = "en",
) -> Smart:
    """Judge a sentence. ``own`` is the history of its scope, ``peers`` those of the same team, in the asked periods."""
    definition = definitions.get(reading.kpi)
    past = own or Past("")
    periods = measured_over(reading, definitions, calendar) if definition else ()
    value, based_on = _value(reading, definition, past, periods, calendar)
    write = writer(definition, currency)
    verdicts = (
        specific(reading, definition, definitions, based_on),
        measurable(reading, definition, own, value, write),
        achievable(definition, past, peers, value, periods, write),
        relevant(reading, definition, definitions, north_star, objective),
        time_bound(reading, periods, today),
    )
    refused = _refused(reading, definition, definitions, value, today)
    targets: tuple[Target, ...] = ()
    if refused is None and definition is not None and value is not None:
        money = currency if definition.unit == "money" else ""
        targets = tuple(
            Target(definition.id, period.start, period.end, value, reading.scope, money, why=reading.text)
            for period in periods
            if period.end >= today
        )
    return Smart(reading, targets, verdicts, refused)


def _value(
    reading: Reading, definition: Definition | None, past: Past, periods: tuple[Period, ...], calendar: Calendar
) -> tuple[Decimal | None, Sentence | None]:
    """The value of the target per measured period, and what a change was counted from."""
    change = reading.change
    if change is None or definition is None or not periods:
        return None, None
    if change.how == "to" and change.times is None:
        return change.figure.value, None
    base, said = _base(reading, definition, past, periods[0], calendar)
    if base is None:
        return None, None
    decimals = 0 if definition.unit == "count" or (definition.unit == "money" and base >= 100) else 2
    figure, sign = change.figure, -1 if reading.direction == "down" else 1
    if change.times is not None:
        value = base * change.times
    elif figure.kind == "points" or definition.unit == figure.kind != "percent":
        value = base + sign * figure.value
    elif figure.kind == "percent":
        value = base * (1 + sign * figure.value / 100)
    else:
        value = base + sign * figure.value
    if definition.unit == "money" and abs(value) >= 1_000_000:
        decimals = 3 - value.adjusted()  # four digits: more would pretend to know
    return round_half_up(value, decimals), said


def _base(
    reading: Reading, definition: Definition, past: Past, period: Period, calendar: Calendar
) -> tuple[Decimal | None, Sentence | None]:
    """What a change counts from: the same period a year earlier, or the mean of the last three for a monthly level."""
    known = past.known
    if not known:
        return None, None
    if not reading.grain and definition.unit in ("money", "count"):
        year_ago = calendar.shift(period, "last-year") if period.grain != "total" else None
        for before, value in known:
            if year_ago and (before.start, before.end) == (year_ago.start, year_ago.end):
                return value, say("counted from {label}", "dihitung dari {label}", label=before.label)
    last = known[-3:] if reading.grain in ("month", "week", "day") else known[-1:]
    mean = sum((value for _, value in last), Decimal(0)) / len(last)
    if len(last) == 1:
        return mean, say("counted from {label}", "dihitung dari {label}", label=last[0][0].label)
    words = {"first": last[0][0].label, "last": last[-1][0].label}
    return mean, say(
        "counted from the average of {first} to {last}", "dihitung dari rata-rata {first} sampai {last}", **words
    )


_LACKS: dict[str, tuple[str, str]] = {
    "kpi": ("of which KPI", "KPI yang mana"),
    "value": ("how much", "berapa"),
    "term": ("by when", "sampai kapan"),
}


def _refused(
    reading: Reading,
    definition: Definition | None,
    definitions: Mapping[str, Definition],
    value: Decimal | None,
    today: date,
) -> Sentence | None:
    if reading.lacks:
        en = _listed([_LACKS[name][0] for name in reading.lacks], "and")
        id_ = _listed([_LACKS[name][1] for name in reading.lacks], "dan")
        return say(
            "“{text}” is no target yet: it does not say {en}. For example: increase monthly revenue by 10 % within the"
            " next quarter.",
            "“{text}” belum menjadi target: tidak menyebut {id}. Contoh: naikkan pendapatan bulanan 10 % kuartal depan.",
            text=_clean(reading.text), en=en, id=id_,
        )  # fmt: skip
    if reading.term and reading.term.end < today:
        return say("The period has passed: it ended on {day}.", "Periodenya sudah lewat: berakhir {day}.",
                   day=on(reading.term.end))  # fmt: skip
    if value is None or definition is None:
        return say(
            "There is no figure yet from which to count the change; give the value to reach.",
            "Belum ada angka dasar untuk menghitung perubahan; berikan nilai yang ingin dicapai.",
        )
    if value < 0:
        return say("The target would be negative.", "Targetnya akan menjadi negatif.")
    limit = most(definition)
    if limit is not None and value > limit:
        return say("{name} cannot be more than {n} percent.", "{nama} tidak bisa lebih dari {n} persen.",
                   name=definition.name, nama=definition.words_in("id").name, n=f"{limit:f}")  # fmt: skip
    return None


def _clean(text: str) -> str:
    return text[:80] + ("…" if len(text) > 80 else "")


def _listed(parts: list[str], word: str) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"
