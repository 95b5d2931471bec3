"""Sentences in two languages, and what an honest reader says of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tolok.kpis.load import catalogue
from tolok.periods import Calendar
from tolok.targets.smart import Smart, history_of, judged
from tolok.targets.smart_reading import Members, read
from tolok.targets.verdicts import CRITERIA, Past

KPIS = catalogue()
TODAY, DATA_END = date(2026, 11, 23), date(2026, 11, 20)
MEMBERS = Members({"team": {"t1": "Jawa", "t2": "Bali"}, "region": {"Jawa": "Jawa"}, "rep": {"r1": "Ayu Lestari"}})


def smart(
    text: str, *figures: float, language: str = "en", name: str = "", peers: tuple[Past, ...] = (), **more: str
) -> Smart:
    """Judge a sentence; ``figures`` are the last periods' results, the newest last."""
    reading = read(text, KPIS, TODAY, Calendar(), members=MEMBERS, language=language)
    asked = history_of(reading, KPIS, Calendar(), DATA_END)
    own = None
    if asked:
        periods = asked.periods[-len(figures) :] if figures else asked.periods
        held = dict(zip(periods, figures, strict=True)) if figures else {}
        own = Past(name, tuple((p, Decimal(str(held[p])) if p in held else None) for p in asked.periods))
    return judged(reading, KPIS, Calendar(), TODAY, own=own, peers=peers, currency="IDR", **more)


def verdict(found: Smart, criterion: str) -> str:
    return next(one.judgement for one in found.verdicts if one.criterion == criterion)


def reason(found: Smart, criterion: str, language: str = "en") -> str:
    return next(one.reason.to(language) for one in found.verdicts if one.criterion == criterion)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("increase monthly sales revenue by 10 % within the next quarter", "en"),
        ("naikkan pendapatan bulanan 10 % kuartal depan", "id"),
        ("tingkatkan omzet bulanan sebesar 10 persen pada kuartal depan", "id"),
        ("grow monthly turnover by ten percent in Q1 2027", "en"),
    ],
)
def test_the_textbook_example_is_three_months_of_ten_percent_more(text: str, language: str) -> None:
    """The last three months came to 90, 100 and 110: their mean is 100."""
    found = smart(text, 80, 120, 90, 100, 110, language=language)
    assert found.refused is None
    assert [(str(one.start), str(one.value)) for one in found.targets] == [
        ("2027-01-01", "110"),
        ("2027-02-01", "110"),
        ("2027-03-01", "110"),
    ]
    assert all(one.kpi == "revenue" and one.currency == "IDR" and one.scope.is_company for one in found.targets)
    assert [one.criterion for one in found.verdicts] == list(CRITERIA)
    assert found.is_smart


@pytest.mark.parametrize(
    ("text", "lacks", "kurang"),
    [
        ("increase sales", "how much and by when", "berapa dan sampai kapan"),
        ("naikkan penjualan", "how much and by when", "berapa dan sampai kapan"),
        ("naikkan win rate 5 poin", "by when", "sampai kapan"),
        ("sell a lot next year", "of which KPI and how much", "KPI yang mana dan berapa"),
        ("be better", "of which KPI, how much and by when", "KPI yang mana, berapa dan sampai kapan"),
        ("", "of which KPI, how much and by when", "KPI yang mana, berapa dan sampai kapan"),
    ],
)
def test_a_vague_wish_is_refused_with_what_it_lacks(text: str, lacks: str, kurang: str) -> None:
    found = smart(text)
    assert found.targets == ()
    assert found.refused is not None
    assert f"does not say {lacks}." in found.refused.en
    assert f"tidak menyebut {kurang}." in found.refused.id


def test_a_rate_by_the_end_of_the_year_is_measured_in_its_last_quarter() -> None:
    found = smart("win rate of 30% by end of 2027", 22, 24, 25)
    assert [(str(one.start), str(one.end), one.value) for one in found.targets] == [("2027-10-01", "2027-12-31", 30)]


def test_a_shorter_sales_cycle() -> None:
    found = smart("kurangi siklus penjualan menjadi 45 hari pada akhir tahun", 60, 55, 50, language="id")
    assert [(one.kpi, one.value) for one in found.targets] == [("sales_cycle_length", 45)]
    assert verdict(found, "achievable") == "doubtful"
    assert "terbaik 90 % (50 hari" in reason(found, "achievable", "id").replace("50,0", "50")


def test_points_are_added_and_percents_of_a_percentage_questioned() -> None:
    points = smart("naikkan win rate 5 poin tahun depan", 40, language="id")
    assert [one.value for one in points.targets] == [45]
    percent = smart("increase win rate by 5 % next year", 40)
    assert [one.value for one in percent.targets] == [42]
    assert verdict(percent, "specific") == "doubtful"


def test_a_change_of_an_amount_counts_from_the_same_period_a_year_earlier() -> None:
    """Twelve quarters end with 2026-Q3; 2026-Q1 was 100."""
    found = smart("increase revenue by 20% next quarter", *[50] * 9, 100, 70, 70)
    assert [one.value for one in found.targets] == [120]
    assert "counted from 2026-Q1" in reason(found, "specific")


def test_what_nobody_reached_is_said_with_the_best() -> None:
    text = "Ayu Lestari revenue 100 next month"
    periods = history_of(read(text, KPIS, TODAY, Calendar(), members=MEMBERS), KPIS, Calendar(), DATA_END)
    assert periods is not None
    assert len(periods.periods) == 24
    assert periods.periods[-1].label == "2026-10"
    mate = Past(
        "Budi", tuple((period, Decimal(87) if period.label == "2026-03" else Decimal(10)) for period in periods.periods)
    )
    found = smart(text, *[50] * 24, name="Ayu Lestari", peers=(mate,))
    assert verdict(found, "achievable") == "no"
    best = "the best was 87 % (Rp 87, Budi, 2026-03)."
    assert reason(found, "achievable") == f"Nobody on this team has reached this in 24 months; {best}"
    assert "Belum ada di tim ini" in reason(found, "achievable", "id")


def test_what_fell_just_short_never_shows_as_reached() -> None:
    found = smart("revenue 1000 next month", 999.9)
    assert "99 %" in reason(found, "achievable")
    assert verdict(found, "achievable") == "doubtful"


def test_what_is_always_reached_asks_for_nothing_new() -> None:
    assert "nothing new" in reason(smart("revenue 40 next month", *[50] * 24), "achievable")


def test_a_name_of_a_team_makes_it_the_teams() -> None:
    found = smart("tim Jawa: omzet 12 miliar tahun depan", 1, language="id")
    assert [(str(one.scope), one.value) for one in found.targets] == [("team=t1", 12 * 10**9)]
    assert verdict(found, "specific") == "yes"
    either = smart("omzet Jawa 12 miliar tahun depan", 1, language="id")
    assert verdict(either, "specific") == "doubtful"


@pytest.mark.parametrize(
    ("text", "kpi", "value"),
    [
        ("Ayu Lestari to win 12 deals per month in Q1 2027", "deals_won", "12"),
        ("increase win rate from 20% to 35% by June 2027", "win_rate", "35"),
        ("double new leads next month", "new_leads", "200"),
        ("turunkan waktu tanggap prospek menjadi 2 jam bulan depan", "lead_response_time", "2"),
        ("omzet Rp 1,5 M bulan depan", "revenue", "1500000000"),
        ("sales of $1.5M next month", "revenue", "1500000"),
    ],
)
def test_other_ways_to_say_it(text: str, kpi: str, value: str) -> None:
    found = smart(text, *[100] * 12, language="id" if "bulan" in text else "en")
    assert {one.kpi for one in found.targets} == {kpi}
    assert {one.value for one in found.targets} == {Decimal(value)}


def test_the_wrong_direction_is_not_relevant() -> None:
    assert verdict(smart("reduce revenue by 5% next month", 100), "relevant") == "no"
    assert verdict(smart("increase sales cycle by 5 days next month", 100), "relevant") == "no"


def test_relevance_is_asked_for_where_nothing_shows_it() -> None:
    text = "training hours 40 next month"
    assert verdict(smart(text, 30), "relevant") == "doubtful"
    assert verdict(smart(text, 30, objective="Launch the new product"), "relevant") == "yes"
    assert verdict(smart(text, 30, north_star="training_hours"), "relevant") == "yes"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("revenue of 5 billion in 2024", "has passed"),
        ("win rate 130% next month", "cannot be more than 100"),
        ("increase revenue by 10 % next month", "no figure yet"),
    ],
)
def test_what_cannot_be_is_refused(text: str, says: str) -> None:
    found = smart(text)
    assert found.refused is not None
    assert says in found.refused.en


def test_a_mistyped_kpi_is_met_with_the_nearest() -> None:
    assert "Did you mean win rate?" in reason(smart("win rte 30% next year"), "specific")


@settings(max_examples=40, deadline=None)
@given(some.text(max_size=80))
def test_any_text_gets_five_verdicts_or_a_refusal(text: str) -> None:
    found = smart(text)
    assert len(found.verdicts) == 5
    assert found.refused or found.targets


def test_every_name_in_the_glossary_is_understood() -> None:
    for definition in KPIS.values():
        for name in (definition.name, definition.words_in("id").name):
            named = read(f"{name} 5 next month", KPIS, TODAY, Calendar()).named
            assert named is not None, name
            assert definition.id in (named.kpi, *named.others), name
