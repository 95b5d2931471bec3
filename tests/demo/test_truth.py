"""What is planted can be found again, by arithmetic that shares nothing with the simulation."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import numpy as np
import pytest
from numpy.typing import NDArray

from tolok.demo import Company, simulate
from tolok.periods import feast_days

Floats = NDArray[np.float64]


def mondays(company: Company) -> list[date]:
    """The whole weeks of the simulated time."""
    first = company.start + timedelta(days=-company.start.weekday() % 7)
    return [first + timedelta(weeks=n) for n in range(((company.end - first).days + 1) // 7)]


def weekly(company: Company, engine: duckdb.DuckDBPyConnection, query: str) -> Floats:
    """A query of days and values, added up by week, as logarithms without season, trend and Lebaran."""
    rows = engine.execute(f"SELECT CAST(date_trunc('week', day) AS DATE), sum(v) FROM ({query}) GROUP BY 1").fetchall()
    found = {day: float(value) for day, value in rows}
    weeks = mondays(company)
    series = np.log1p(np.array([found.get(week, 0.0) for week in weeks]))
    middle = [week + timedelta(days=3) for week in weeks]
    columns = [np.ones(len(weeks)), np.arange(len(weeks), dtype=float)]
    columns += [np.array([day.month == month for day in middle], dtype=float) for month in range(2, 13)]
    feasts = feast_days("ID", company.start.year, company.end.year)
    for away in range(-4, 4):
        columns.append(np.array([any((f - w).days // 7 == -away for f in feasts) for w in weeks], dtype=float))
    design = np.stack(columns, axis=1)
    rest: Floats = series - design @ np.linalg.lstsq(design, series, rcond=None)[0]
    return rest


def leads_by(first: Floats, second: Floats, most: int = 12) -> Floats:
    """Correlation of a series with another so many weeks later."""
    found = [np.corrcoef(first[: len(first) - lag], second[lag:])[0, 1] for lag in range(most + 1)]
    return np.array(found)


WON = "SELECT closed_on AS day, amount AS v FROM deals WHERE status = 'won' AND currency = 'IDR'"
ORDERED = "SELECT ordered_on AS day, amount AS v FROM orders WHERE currency = 'IDR' AND status = 'confirmed'"


def did(kind: str) -> str:
    return f"SELECT happened_on AS day, 1 AS v FROM activities WHERE kind = '{kind}' AND done"


@pytest.mark.parametrize("revenue", [WON, ORDERED])
def test_demos_lead_revenue_by_the_planted_lag(
    company: Company, engine: duckdb.DuckDBPyConnection, revenue: str
) -> None:
    found = leads_by(weekly(company, engine, did("demo")), weekly(company, engine, revenue))
    assert int(np.argmax(found)) == company.truth.leading_lag_weeks
    assert found.max() > 0.4
    assert np.sort(np.abs(found))[-2] < 0.3


def test_demos_lead_by_the_planted_lag_after_differencing_too(
    company: Company, engine: duckdb.DuckDBPyConnection
) -> None:
    demos, won = weekly(company, engine, did("demo")), weekly(company, engine, WON)
    found = leads_by(np.diff(demos), np.diff(won))
    assert int(np.argmax(found)) == company.truth.leading_lag_weeks


def test_decoys_do_not_lead(company: Company, engine: duckdb.DuckDBPyConnection) -> None:
    revenue = weekly(company, engine, ORDERED)
    for name in company.truth.decoys:
        series = f"SELECT \"on\" AS day, value AS v FROM observations WHERE series = '{name}'"
        query = series if name in ("web_visits", "trial_sign_ups") else did(name)
        found = leads_by(weekly(company, engine, query), revenue)[1:]
        # twelve lags of seven series: what chance alone reaches once in a hundred times
        assert np.abs(found).max() < 0.31, name


def test_messages_follow_won_deals_instead(company: Company, engine: duckdb.DuckDBPyConnection) -> None:
    counted = "SELECT closed_on AS day, 1 AS v FROM deals WHERE status = 'won'"
    found = leads_by(weekly(company, engine, counted), weekly(company, engine, did("message")))
    assert int(np.argmax(found)) == company.truth.message_lag_weeks
    assert found.max() > 0.4


def test_the_lag_is_found_for_other_seeds_as_well() -> None:
    for seed in (2, 3):
        company = simulate(seed=seed)
        engine = duckdb.connect()
        from tolok.demo import load

        load(company, engine)
        found = leads_by(weekly(company, engine, did("demo")), weekly(company, engine, ORDERED))
        assert int(np.argmax(found)) == company.truth.leading_lag_weeks


def test_the_bottleneck_is_where_and_when_it_was_planted(company: Company, engine: duckdb.DuckDBPyConnection) -> None:
    truth = company.truth
    stays = engine.execute(
        """
        WITH moves AS (
            SELECT e.deal_id, s.name AS stage, e."on" AS came,
                   lead(e."on") OVER (PARTITION BY e.deal_id ORDER BY e.id) AS went
            FROM deal_events e JOIN stages s ON s.id = e.new WHERE e.field = 'stage_id')
        SELECT r.region, stage, came >= ? AS after, avg(went - came) FROM moves JOIN deals r ON r.id = deal_id
        WHERE went IS NOT NULL AND r.status = 'won' AND came <= DATE '2026-08-01'
          AND r.owner_id <> ? AND stage IN ('Demo', 'Penawaran', 'Negosiasi')
        GROUP BY ALL
        """,
        [truth.bottleneck_on, truth.slipping_rep],
    ).fetchall()
    days = {(region, stage, after): mean for region, stage, after, mean in stays}
    growth = {
        (region, stage): days[(region, stage, True)] - days[(region, stage, False)]
        for region, stage, after in days
        if after
    }
    team = dict(engine.execute("SELECT id, name FROM teams").fetchall())[truth.bottleneck_team]
    assert truth.bottleneck_stage in dict(engine.execute("SELECT id, name FROM stages").fetchall())
    worst = max(growth, key=lambda key: growth[key])
    assert worst == (team, "Negosiasi")
    assert abs(growth[worst] - truth.bottleneck_extra_days) < 6
    del growth[worst]
    assert max(abs(change) for change in growth.values()) < 4


def test_the_mix_shifts_and_the_chances_within_segments_do_not(
    company: Company, engine: duckdb.DuckDBPyConnection
) -> None:
    truth = company.truth
    rows = engine.execute(
        """
        SELECT created_on >= ? AS after, segment, count(*), avg(CAST(status = 'won' AS INTEGER))
        FROM deals WHERE status <> 'open' AND created_on BETWEEN DATE '2023-11-01' AND DATE '2026-06-30' GROUP BY ALL
        """,
        [truth.mix_on],
    ).fetchall()
    counts = {(after, segment): count for after, segment, count, _ in rows}
    rates = {(after, segment): rate for after, segment, _, rate in rows}
    for after in (False, True):
        total = sum(count for (when, _), count in counts.items() if when == after)
        assert counts[(after, truth.mix_segment)] / total == pytest.approx(truth.mix_share[after], abs=0.03)
    segments = {segment for _, segment in counts}
    for segment in segments:
        assert rates[(True, segment)] == pytest.approx(rates[(False, segment)], abs=0.06)
    overall = [
        sum(counts[(after, s)] * rates[(after, s)] for s in segments) / sum(counts[(after, s)] for s in segments)
        for after in (False, True)
    ]
    assert overall[0] - overall[1] > 0.015


def test_repeat_orders_follow_the_planted_season(company: Company, engine: duckdb.DuckDBPyConnection) -> None:
    truth = company.truth
    working = {
        row[0] for row in engine.execute("SELECT \"on\" FROM observations WHERE series = 'working_days'").fetchall()
    }
    rows = engine.execute(
        "SELECT ordered_on, count(DISTINCT document) FROM orders WHERE deal_id IS NULL AND kind = 'sale' GROUP BY 1"
    ).fetchall()
    counts = {day: count for day, count in rows if day in working}
    feasts = feast_days("ID", 2023, 2027)

    def away(day: date) -> int:
        return min(((day - feast).days for feast in feasts), key=abs)

    def mean(first: int, last: int) -> float:
        days = [day for day in counts if first <= away(day) <= last]
        return float(np.mean([counts[day] / truth.month_factors[day.month - 1] for day in days]))

    usual = mean(-120, -40)
    for first, last, factor in truth.lebaran_factors:
        assert mean(first, last) / usual == pytest.approx(factor, rel=0.2), (first, last)
    quiet = [day for day in counts if abs(away(day)) > 40]
    by_month = [np.mean([counts[day] for day in quiet if day.month == month] or [np.nan]) for month in range(1, 13)]
    known = ~np.isnan(by_month)
    assert np.corrcoef(np.array(by_month)[known], np.array(truth.month_factors)[known])[0, 1] > 0.5


def test_some_rows_come_in_late(company: Company, engine: duckdb.DuckDBPyConnection) -> None:
    for table, day in (("orders", "ordered_on"), ("activities", "happened_on")):
        row = engine.execute(f"""
            SELECT avg(CAST(extra IS NOT NULL AS INTEGER)),
                   avg(CAST(json_extract_string(extra, '$.entered_on') AS DATE) - {day})
            FROM {table} WHERE {day} <= DATE '2026-08-31'
        """).fetchone()
        assert row is not None
        assert row[0] == pytest.approx(company.truth.late_rate, abs=0.01)
        assert row[1] == pytest.approx(company.truth.late_mean_days + 1, abs=1.0)


def test_one_rep_lets_deals_slip(company: Company, engine: duckdb.DuckDBPyConnection) -> None:
    rows = engine.execute("""
        SELECT d.owner_id, avg(pushes), avg(closed_on - qualified_on) FROM deals d
        LEFT JOIN (SELECT deal_id, count(*) FILTER (old IS NOT NULL) AS pushes FROM deal_events
                   WHERE field = 'expected_close_on' GROUP BY 1) e ON e.deal_id = d.id
        WHERE status = 'won' GROUP BY 1 HAVING count(*) > 30
    """).fetchall()
    pushes = {rep: mean for rep, mean, _ in rows}
    cycle = {rep: mean for rep, _, mean in rows}
    slipping = company.truth.slipping_rep
    assert max(pushes, key=lambda rep: pushes[rep]) == slipping
    others = [days for rep, days in cycle.items() if rep != slipping]
    assert cycle[slipping] - float(np.mean(others)) == pytest.approx(company.truth.slip_days, abs=8)


def test_skill_shows_in_win_rates_and_the_identical_reps_differ_by_luck_alone(
    company: Company, engine: duckdb.DuckDBPyConnection
) -> None:
    rows = engine.execute("""
        SELECT owner_id, count(*), count(*) FILTER (status = 'won') FROM deals WHERE status <> 'open'
        AND id IN (SELECT deal_id FROM deal_events e JOIN stages s ON s.id = e.new WHERE s.position = 3) GROUP BY 1
    """).fetchall()
    truth = company.truth
    decided = {rep: (count, won) for rep, count, won in rows if rep in truth.skills and count > 60}
    logits = {rep: np.log(won / (count - won)) for rep, (count, won) in decided.items()}
    skills = np.array([truth.skills[rep] for rep in decided])
    assert np.corrcoef(skills, np.array(list(logits.values())))[0, 1] > 0.7
    assert truth.star == max(truth.skills, key=lambda rep: truth.skills[rep])
    same = [decided[rep] for rep in truth.identical]
    assert len(same) == 8
    rate = sum(won for _, won in same) / sum(count for count, _ in same)
    chi_square = sum((won - count * rate) ** 2 / (count * rate * (1 - rate)) for count, won in same)
    assert chi_square < 24.3  # 99.9 % of chance with seven degrees of freedom


def test_leads_convert_by_source_as_planted(company: Company, engine: duckdb.DuckDBPyConnection) -> None:
    rows = engine.execute("""
        SELECT lead_source, avg(CAST(status = 'converted' AS INTEGER)) FROM leads
        WHERE created_on BETWEEN DATE '2023-12-01' AND DATE '2026-08-31' GROUP BY 1
    """).fetchall()
    assert dict(rows) == {name: pytest.approx(rate, abs=0.03) for name, rate in company.truth.lead_conversion.items()}


def test_customers_leave_as_fast_as_planted(company: Company, engine: duckdb.DuckDBPyConnection) -> None:
    rows = engine.execute("""
        WITH lives AS (SELECT account_id, min(ordered_on) AS first, max(ordered_on) AS last, count(DISTINCT document) n
                       FROM orders WHERE deal_id IS NULL GROUP BY 1 HAVING n >= 8)
        SELECT a.segment, count(*), count(*) FILTER (last < DATE '2026-06-01'), sum(last - first) / 30.44
        FROM lives JOIN accounts a ON a.id = account_id GROUP BY 1
    """).fetchall()
    monthly = {segment: gone / months for segment, _, gone, months in rows}
    assert max(monthly, key=lambda segment: monthly[segment]) == "UMKM"
    assert monthly["UMKM"] > 1.5 * monthly["HORECA"]


def test_the_truth_names_real_things(company: Company, engine: duckdb.DuckDBPyConnection) -> None:
    truth = company.truth
    reps = {row[0] for row in engine.execute("SELECT id FROM reps").fetchall()}
    assert {truth.star, truth.slipping_rep, *truth.identical} <= reps
    assert set(truth.skills) <= reps
    assert company.start < truth.mix_on < truth.bottleneck_on < company.end
    assert set(truth.lebaran_days) <= set(feast_days("ID", 2022, 2028))
    assert len(truth.lebaran_days) == 3
