"""What targets of months, quarters, reps and teams come to, and where the parts do not make the whole."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as some

from tolok.kpis.additive import NOT, Additive
from tolok.periods import Calendar
from tolok.targets.roll_up import gaps, rolled_up
from tolok.targets.scope import COMPANY, Scope
from tolok.targets.target import Target

MONTHS = Calendar().periods(date(2027, 1, 1), date(2027, 12, 31), "month")
Q1 = (date(2027, 1, 1), date(2027, 3, 31))


def target(start: date, end: date, value: int | str, scope: Scope = COMPANY) -> Target:
    return Target("revenue", start, end, Decimal(value), scope, state="approved")


def month(number: int, value: int | str, scope: Scope = COMPANY) -> Target:
    return target(MONTHS[number - 1].start, MONTHS[number - 1].end, value, scope)


def test_a_quarter_is_the_sum_of_its_months_to_the_cent() -> None:
    found = rolled_up([month(1, "0.10"), month(2, "0.20"), month(3, "0.30")], *Q1)
    assert (str(found.value), found.how, found.is_whole) == ("0.60", "sum", True)


def test_a_quarter_that_is_set_is_not_added_to_its_months() -> None:
    found = rolled_up([month(1, 10), month(2, 10), month(3, 10), target(*Q1, 50)], *Q1)
    assert (found.value, found.how) == (50, "set")


def test_months_without_a_target_are_told() -> None:
    found = rolled_up([month(1, 10), month(2, 10)], *Q1)
    assert (found.value, found.is_whole, found.days, found.of_days) == (20, False, 59, 90)


def test_a_month_of_a_quarter_is_its_share_by_days() -> None:
    found = rolled_up([target(*Q1, 90)], MONTHS[1].start, MONTHS[1].end)
    assert (found.value, found.how) == (28, "share")


def test_a_rate_is_copied_down_and_averaged_by_days_where_it_differs() -> None:
    down = rolled_up([target(*Q1, 30)], MONTHS[1].start, MONTHS[1].end, NOT)
    assert (down.value, down.how) == (30, "copied")
    up = rolled_up([month(1, 30), month(2, 30), month(3, 39)], *Q1, NOT)
    assert (up.value, up.how) == ((30 * 59 + 39 * 31) / Decimal(90), "mean")


def test_a_stock_is_not_added_up_over_months() -> None:
    found = rolled_up([month(1, 100), month(2, 100), month(3, 100)], *Q1, Additive(False, True))
    assert (found.value, found.how) == (100, "copied")


@given(some.lists(some.decimals(0, 10**9, places=2), min_size=12, max_size=12), some.integers(1, 365))
def test_splitting_the_year_anywhere_and_adding_the_parts_gives_the_year(values: list[Decimal], days: int) -> None:
    targets = [month(number, str(value)) for number, value in enumerate(values, start=1)]
    first, last = date(2027, 1, 1), date(2027, 12, 31)
    whole = rolled_up(targets, first, last).value
    assert whole == sum(values)
    cut = first + timedelta(days=days - 1)
    left = rolled_up(targets, first, cut).value or Decimal(0)
    right = (rolled_up(targets, cut + timedelta(days=1), last).value or Decimal(0)) if cut < last else Decimal(0)
    assert abs(left + right - sum(values)) < Decimal("0.000001")


JAWA, BALI = Scope.of({"team": "j"}), Scope.of({"team": "b"})
AYU, BUDI, CITRA = (Scope.of({"rep": name}) for name in ("ayu", "budi", "citra"))


def parent_of(scope: Scope, day: date) -> Scope | None:
    if scope.is_company:
        return None
    if scope.dimensions == ("team",):
        return COMPANY
    if scope == BUDI:  # he goes from Jawa to Bali on 11 February
        return JAWA if day < date(2027, 2, 11) else BALI
    return JAWA if scope == AYU else BALI


def test_a_gap_is_what_the_parts_lack_of_the_whole() -> None:
    targets = [month(1, "100.00"), month(1, "60.10", JAWA), month(1, "39.85", BALI), month(1, "60.10", AYU)]
    found = {gap.parent.scope: gap for gap in gaps(targets, parent_of, known=[JAWA, BALI, AYU, BUDI, CITRA])}
    assert found[COMPANY].gap == Decimal("0.05")
    assert found[JAWA].gap == 0
    assert found[JAWA].without == (BUDI,)
    assert BALI not in found  # nobody has shared it out yet


def test_parts_that_exceed_the_whole_are_a_negative_gap() -> None:
    found = gaps([target(*Q1, 100), *[month(n, 40, JAWA) for n in (1, 2, 3)]], parent_of)
    assert [(gap.parent.value, gap.together, gap.gap) for gap in found] == [(100, 120, -20)]


def test_a_transfer_counts_in_each_team_by_its_piece() -> None:
    cut = date(2027, 2, 11)
    february = MONTHS[1]
    targets = [
        month(2, 100, JAWA),
        month(2, 100, BALI),
        month(2, 60, AYU),
        month(2, 40, CITRA),
        target(february.start, cut - timedelta(days=1), 40, BUDI),
        target(cut, february.end, 60, BUDI),
    ]
    found = {gap.parent.scope: gap.gap for gap in gaps(targets, parent_of)}
    assert found == {JAWA: 0, BALI: 0}


def test_rates_have_no_gap() -> None:
    assert gaps([month(1, 30), month(1, 25, JAWA)], parent_of, NOT) == ()
