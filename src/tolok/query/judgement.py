"""What a KPI's rules say of its figures: healthy, or to be watched, and what to look at then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tolok.kpis.definition import Rule, Unit
from tolok.money import exact, round_half_up
from tolok.periods import Period
from tolok.query.answer import Answer, Asked, Row

State = Literal["", "healthy", "watch"]
Place = tuple[str, Period, tuple[str | None, ...]]
SHORT = 100_000
"""From here on counts are shown with three digits."""


@dataclass(frozen=True)
class RuleState:
    """How one figure stands: its state, what the rules that hold say, and the KPIs to look at.

    ``state`` is "" where no rule can judge the figure, or where it lies between a good line and a bad one.
    ``severe`` is a rule of level bad.
    """

    kpi: str
    period: Period
    ids: dict[str, str | None]
    members: dict[str, str | None]
    state: State
    says: tuple[str, ...] = ()
    look_at: tuple[str, ...] = ()
    severe: bool = False


def rule_states(answer: Answer, language: str = "en") -> list[RuleState]:
    """How each figure of an answer stands by its KPI's rules, judged from the figure as it is displayed.

    Rules on rising and falling need an answer that compares with an earlier period; lines such as "below 15" are
    drawn for the KPI's own formula and do not judge its variants. A rule on several KPIs that must grow needs all of
    them in the answer.
    """
    rows = list(answer.rows())
    grew = {_place(row): _moved(row) for row in rows}
    asked: dict[str, list[Asked]] = {}
    for item in answer.asked:
        asked.setdefault(item.id, []).append(item)
    found = []
    for row in rows:
        item = asked[row.kpi][0]
        if len(asked[row.kpi]) > 1:  # variants side by side: a row does not tell which of them it is
            continue
        found.append(_judged(row, item, grew, language))
    return found


def displayed(value: float | Decimal, unit: Unit) -> Decimal:
    """A figure as screens show it: 14.96 % is 15.0 %.

    >>> displayed(14.96, "percent"), displayed(1234567, "money"), displayed(0.996, "ratio")
    (Decimal('15.0'), Decimal('1.23E+6'), Decimal('1.00'))
    """
    number = exact(value)
    if unit in ("percent", "days", "hours", "score"):
        return round_half_up(number, 1)
    if unit == "ratio":
        return round_half_up(number, 2 if abs(number) < 10 else 1)
    if unit == "count" and abs(number) < SHORT:
        return round_half_up(number, 1)
    return round_half_up(number, 2 - number.adjusted()) if number else number


def _judged(row: Row, asked: Asked, grew: dict[Place, int | None], language: str) -> RuleState:
    words = asked.definition.words_in(language)
    warned: list[tuple[str, Rule]] = []
    praised: list[tuple[str, Rule]] = []
    judged: list[Rule] = []
    for position, rule in enumerate(asked.definition.rules):
        met = _met(rule, row, asked, grew)
        if met is None:
            continue
        judged.append(rule)
        if met:
            text = words.rules[position] if position < len(words.rules) else rule.says
            (praised if rule.level == "good" else warned).append((text, rule))
    state: State = ""
    if warned:
        state = "watch"
    elif praised or (judged and all(rule.level != "good" for rule in judged)):
        state = "healthy"
    told = warned or praised
    return RuleState(
        row.kpi,
        row.period,
        row.ids,
        row.members,
        state,
        tuple(text for text, _ in told),
        tuple(dict.fromkeys(name for _, rule in told for name in rule.look_at)),
        any(rule.level == "bad" for _, rule in warned),
    )


def _met(rule: Rule, row: Row, asked: Asked, grew: dict[Place, int | None]) -> bool | None:
    """Whether a rule holds; None where it cannot be told."""
    if rule.test == "grows":
        return _all_grew(grew.get((kpi, *_place(row)[1:])) for kpi in rule.grows)
    if row.value is None:
        return None
    if rule.test in ("rises", "falls"):
        moved = _moved(row)
        return None if moved is None else moved == (1 if rule.test == "rises" else -1)
    if rule.value is None or asked.variant not in ("", "standard", asked.definition.default_variant):
        return None
    shown = displayed(row.value, row.unit)
    return {
        "below": shown < rule.value,
        "above": shown > rule.value,
        "at_least": shown >= rule.value,
        "at_most": shown <= rule.value,
    }[rule.test]


def _all_grew(moves: Iterable[int | None]) -> bool | None:
    known = list(moves)
    return None if None in known else all(move == 1 for move in known)


def _moved(row: Row) -> int | None:
    """1 where the displayed figure rose, -1 where it fell, 0 where it looks the same; None without comparison."""
    if row.value is None or row.compared_value is None:
        return None
    now, then = displayed(row.value, row.unit), displayed(row.compared_value, row.unit)
    return (now > then) - (now < then)


def _place(row: Row) -> Place:
    return row.kpi, row.period, tuple(row.ids.values())
