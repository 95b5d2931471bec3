"""A target shared out over months, teams and people: worked by hand, and adding up whatever comes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tolok.errors import QuestionError
from tolok.kpis.additive import NOT, Additive
from tolok.periods import Calendar, WorkingHours
from tolok.targets.cascade import Cascade, Line, Plan, TeamPart, cascade, shares_by_hand
from tolok.targets.presence import Ramp, Seller, Stay
from tolok.targets.season import Season

YEAR = tuple(Calendar().periods(date(2027, 1, 1), date(2027, 12, 31), "month"))
QUARTER = YEAR[:3]
EVERY_DAY = WorkingHours(days=frozenset(range(7)))


def seller(name: str, weight: int | str = 1, **more: object) -> Seller:
    return Seller(name, name.title(), Decimal(weight), **more)  # type: ignore[arg-type]


def plan(total: int | str, *teams: TeamPart, **more: object) -> Plan:
    given = {"periods": QUARTER, "currency": "USD", "hours": EVERY_DAY, **more}
    return Plan("revenue", Decimal(total), teams=teams, **given)  # type: ignore[arg-type]


def of(found: Cascade, name: str, month: str = "") -> list[Decimal]:
    return [line.value for line in found.lines if line.name == name and month in line.period]


def test_a_quarter_by_last_years_share() -> None:
    """90,000 over 90 days: 31,000 + 28,000 + 31,000. North sold 3 of 4, Ayu 2 of North's 3."""
    north = TeamPart("n", "North", (seller("ayu", 2), seller("budi", 1)), Decimal(3))
    south = TeamPart("s", "South", (seller("citra", 1),), Decimal(1))
    found = cascade(plan(90_000, north, south, basis="last-year"))
    assert [line.value for line in found.at("")] == [31_000, 28_000, 31_000]
    assert of(found, "North") == [23_250, 21_000, 23_250]
    assert of(found, "Ayu") == [15_500, 14_000, 15_500]
    assert of(found, "Budi") == [7_750, 7_000, 7_750]
    assert of(found, "Citra") == of(found, "South") == [7_750, 7_000, 7_750]
    assert found.left_open == 0


def test_a_new_hire_on_a_ramp_carries_less_and_the_team_carries_the_rest() -> None:
    """Budi starts on 1 January at 25, 50, 75 %. January: 1 against ¼ of 31,000 is 24,800 and 6,200."""
    team = TeamPart("n", "North", (seller("ayu"), seller("budi", hired_on=date(2027, 1, 1))))
    found = cascade(plan(90_000, team, ramp=Ramp.of("25, 50, 75")))
    assert of(found, "Ayu") == [24_800, Decimal("18666.67"), Decimal("17714.29")]
    assert of(found, "Budi") == [6_200, Decimal("9333.33"), Decimal("13285.71")]
    assert found.total("rep") == found.total("team") == 90_000


def test_or_what_the_new_hire_cannot_carry_stays_open_and_is_named() -> None:
    """January: half of 31,000 is 15,500 for Ayu, a quarter of that 3,875 for Budi: 11,625 open."""
    team = TeamPart("n", "North", (seller("ayu"), seller("budi", hired_on=date(2027, 1, 1))))
    found = cascade(plan(90_000, team, ramp=Ramp.of("25, 50, 75"), carried=False))
    assert of(found, "Ayu") == [15_500, 14_000, 15_500]
    assert of(found, "Budi") == [3_875, 7_000, 11_625]
    assert found.left_open == 11_625 + 7_000 + 3_875


def test_a_leaver_carries_the_days_until_then() -> None:
    """Budi is gone from 15 February: 14 of 28 days, ½ beside 1: a third of 28,000."""
    team = TeamPart("n", "North", (seller("ayu"), seller("budi", left_on=date(2027, 2, 15))))
    found = cascade(plan(90_000, team))
    assert of(found, "Budi") == [15_500, Decimal("9333.33")]
    assert of(found, "Ayu") == [15_500, Decimal("18666.67"), 31_000]


def test_an_absence_counts_by_working_days() -> None:
    """Two weeks of leave are 10 of January's 21 working days: 11/21 beside 1."""
    leave = Stay(date(2027, 1, 4), date(2027, 1, 17))
    team = TeamPart("n", "North", (seller("ayu"), seller("budi", absences=(leave,))))
    found = cascade(plan(32_000, team, periods=YEAR[:1], hours=WorkingHours()))
    assert of(found, "Budi") == [11_000]
    presence = next(line.factors.presence for line in found.lines if line.name == "Budi")
    assert presence is not None
    assert (presence.present, presence.days) == (11, 21)


def test_a_transfer_makes_two_pieces_of_a_month() -> None:
    """Budi goes from North to South on 11 February: 10 and 18 of its 28 days, each in its team."""
    north = TeamPart("n", "North", (seller("ayu"), seller("budi", stays=(Stay(None, date(2027, 2, 10)),))), Decimal(1))
    south = TeamPart(
        "s", "South", (seller("citra"), seller("budi", stays=(Stay(date(2027, 2, 11), None),))), Decimal(1)
    )
    found = cascade(plan(56_000, north, south, periods=YEAR[1:2]))
    pieces = [line for line in found.lines if line.name == "Budi"]
    assert [(line.team, line.start.day, line.end.day) for line in pieces] == [("n", 1, 10), ("s", 11, 28)]
    assert pieces[0].value == Decimal("7368.42")  # 28,000 × (10/28) ÷ (38/28)
    assert pieces[1].value == Decimal("10956.52")  # 28,000 × (18/28) ÷ (46/28)
    assert found.total("rep") == 56_000


def test_a_season_shifts_the_months() -> None:
    season = Season({1: Decimal(1), 2: Decimal(1), 3: Decimal(2)})
    found = cascade(plan(121_000, TeamPart("n", "North", (seller("ayu"),)), season=season))
    assert [line.value for line in found.at("")] == [31_000, 28_000, 62_000]


def test_a_rate_is_copied_and_never_split() -> None:
    team = TeamPart("n", "North", (seller("ayu"), seller("budi")))
    found = cascade(plan(30, team, unit="percent", additive=NOT))
    assert {line.value for line in found.lines} == {Decimal(30)}
    assert found.left_open == 0


def test_a_stock_is_copied_over_months_and_shared_over_teams() -> None:
    teams = [TeamPart(name, name, weight=Decimal(1)) for name in ("a", "b")]
    found = cascade(plan(100, *teams, additive=Additive(False, True)))
    assert [line.value for line in found.at("")] == [100, 100, 100]
    assert {line.value for line in found.at("team")} == {Decimal(50)}


def test_a_team_of_which_nobody_is_there_leaves_its_share_open() -> None:
    gone = TeamPart("n", "North", (seller("ayu", left_on=date(2026, 1, 1)),), Decimal(1))
    found = cascade(plan(90_000, gone))
    assert found.at("rep") == ()
    assert found.left_open == 90_000


PEOPLE = some.lists(
    some.tuples(some.integers(0, 1000), some.integers(-200, 400), some.integers(0, 700), some.booleans()),
    min_size=1,
    max_size=5,
)


@settings(max_examples=60, deadline=None)
@given(some.integers(1, 10**12), some.lists(PEOPLE, min_size=1, max_size=4), some.booleans())
def test_every_level_adds_up_to_the_one_above_for_any_shares(
    cents: int, teams: list[list[tuple[int, int, int, bool]]], carried: bool
) -> None:
    first = date(2027, 1, 1)
    parts = [
        TeamPart(
            f"t{t}",
            f"Team {t}",
            tuple(
                seller(
                    f"r{t}{n}",
                    weight,
                    hired_on=first + timedelta(days=hired),
                    left_on=first + timedelta(days=max(left, hired)) if leaves else None,
                )
                for n, (weight, hired, left, leaves) in enumerate(people)
            ),
        )
        for t, people in enumerate(teams)
    ]
    total = Decimal(cents) / 100
    found = cascade(plan(str(total), *parts, periods=YEAR, ramp=Ramp.of("20,60"), carried=carried))
    assert found.total("") == total
    assert found.total("rep") + found.left_open == total
    for period in YEAR:
        by_team: dict[str, list[Line]] = {}
        for line in found.lines:
            if line.period == period.label:
                by_team.setdefault(line.team, []).append(line)
        company = by_team.pop("")[0].value
        if by_team:
            assert sum(lines[0].value for lines in by_team.values()) == company
        if carried:
            for lines in by_team.values():
                people = [line.value for line in lines[1:]]
                assert not people or sum(people) == lines[0].value
    assert all(line.value >= 0 for line in found.lines)


@pytest.mark.parametrize(
    ("percents", "message"),
    [
        ([("A", 50), ("B", 30), ("C", 10)], "10 % are missing"),
        ([("A", 60), ("B", 60)], "20 % too many"),
        ([("A", 120), ("B", -20)], "The share of B is -20 %"),
    ],
)
def test_shares_by_hand_that_are_no_whole_are_refused(percents: list[tuple[str, int]], message: str) -> None:
    with pytest.raises(QuestionError, match=message):
        shares_by_hand([(name, Decimal(percent)) for name, percent in percents])
    assert shares_by_hand([("A", Decimal("33.5")), ("B", Decimal("66.5"))]) == (Decimal("33.5"), Decimal("66.5"))


@pytest.mark.parametrize("total", ["0", "-10"])
def test_nothing_cannot_be_shared_out(total: str) -> None:
    with pytest.raises(QuestionError, match="cannot be shared out"):
        cascade(plan(total, TeamPart("n", "North", (seller("ayu"),))))


@pytest.mark.parametrize("text", ["fast", "25, 150", "-5"])
def test_a_ramp_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(QuestionError, match="ramp"):
        Ramp.of(text)
