"""Plans and money around selling: targets that add up, costs, exchange rates."""

from __future__ import annotations

import numpy as np

from tolok.demo.company import Table, maybe
from tolok.demo.goods import RUPIAH
from tolok.demo.names import CAMPAIGNS, REGIONS
from tolok.demo.people import People
from tolok.demo.setting import Floats, Ints, Setting, Texts, ids, pick, texts
from tolok.demo.truth import Truth

STEP = 5_000_000 * RUPIAH
STRETCH = 1.04
MONTHLY_PAY = 9_500_000
MARKETING = (
    ("Google Ads", 38_000_000),
    ("Instagram Ads", 22_000_000),
    ("Pameran", 55_000_000),
    ("Website", 12_000_000),
)
RATE_START = 16_200.0


def months(setting: Setting) -> list[tuple[int, int]]:
    """First and last day number of each month from the start to the end of the last year."""
    last = np.datetime64(f"{setting.end.year}-12-31") - np.datetime64(setting.origin)
    numbers = np.arange(setting.number(setting.start), int(last.astype(int)) + 1)
    found = []
    for month in np.unique(setting.month[numbers]):
        days = np.flatnonzero(setting.month == month)
        found.append((int(days[0]), int(days[-1])))
    return found


def targets(setting: Setting, truth: Truth, people: People, seat_revenue: Floats) -> Table:
    """Monthly revenue targets of reps; those of teams and of the company are their sums. Won deals by team as well.

    ``seat_revenue`` is what each seat brings in an average month, in hundredths of a rupiah.
    """
    trade = setting.trade(truth)
    usual = trade[setting.number(setting.start) : setting.number(setting.end) + 1].mean()
    held = people.held_by_rep()
    rows: list[tuple[str, int, int, int, int, int]] = []  # kpi, first, last, value, rep, team
    for first, last in months(setting):
        season = trade[first : last + 1].mean() / usual
        years = (first - setting.number(setting.start)) / 365.25 - 1.5
        planned = seat_revenue * STRETCH * season * 1.06**years * people.ramp[:, first]
        rounded = np.maximum(np.rint(planned / STEP).astype(np.int64), 1) * STEP
        carried = np.where(held[:, first], rounded, 0)
        for seat in np.flatnonzero(carried):
            rows.append(("revenue", first, last, int(carried[seat]), int(people.holder[seat, first]), -1))
        for team in range(len(REGIONS)):
            mine = people.seat_team == team
            if carried[mine].any():
                rows.append(("revenue", first, last, int(carried[mine].sum()), -1, team))
                won = int(np.rint(2.6 * setting.scale * season * held[mine, first].sum()))
                rows.append(("deals_won", first, last, max(won, 1) * 100, -1, team))
        rows.append(("revenue", first, last, int(carried.sum()), -1, -1))
    kpi, begins, ends, value, rep, team_of = zip(*rows, strict=True)
    return {
        "source_id": ids("TG", len(rows), 5),
        "kpi": texts(list(kpi)),
        "from_on": setting.dates(np.array(begins)),
        "to_on": setting.dates(np.array(ends)),
        "value": np.array(value),
        "currency": texts(["IDR" if name == "revenue" else None for name in kpi]),
        "rep_id": pick(people.codes, np.array(rep)),
        "team_id": pick(texts([f"T-{n + 1}" for n in range(len(REGIONS))]), np.array(team_of)),
    }


def costs(setting: Setting, people: People) -> Table:
    """Marketing by channel, pay and travel by team, and service, month by month; the last month may be part."""
    chance = setting.chance("costs")
    rows: list[tuple[str, str, int, int, str | None, str | None, int]] = []
    held = people.held_by_rep()
    for first, _ in months(setting):
        noise = np.exp(chance.normal(0, 0.12, len(MARKETING) + 2 * len(REGIONS) + 1))
        for n, (channel, usual) in enumerate(MARKETING):
            campaign = CAMPAIGNS[(first // 90 + n) % len(CAMPAIGNS)]
            rows.append(("marketing", f"Biaya {channel}", first, round(usual * noise[n]), campaign, channel, -1))
        for team in range(len(REGIONS)):
            staff = int(held[people.seat_team == team, first].sum()) + 1
            pay, travel = staff * MONTHLY_PAY, staff * 2_100_000 * noise[len(MARKETING) + team]
            rows.append(("sales", "Gaji dan tunjangan", first, pay, None, None, team))
            rows.append(("sales", "Perjalanan", first, round(travel), None, None, team))
        rows.append(("service", "Layanan pelanggan", first, round(41_000_000 * noise[-1]), None, None, -1))
    rows = [row for row in rows if row[2] <= setting.number(setting.as_of)]
    kind, name, day, amount, campaign_of, channel_of, team_of = zip(*rows, strict=True)
    return {
        "source_id": ids("C", len(rows), 5),
        "kind": texts(list(kind)),
        "name": texts(list(name)),
        "spent_on": setting.dates(np.array(day)),
        "amount": np.array(amount) * RUPIAH,
        "currency": texts(["IDR"] * len(rows)),
        "campaign": texts(list(campaign_of)),
        "channel": texts(list(channel_of)),
        "region": pick(_regions(), np.array(team_of)),
        "team_id": pick(texts([f"T-{n + 1}" for n in range(len(REGIONS))]), np.array(team_of)),
    }


def rates(setting: Setting) -> Table:
    """What a dollar cost in rupiah on each working day: a slow random walk."""
    chance = setting.chance("rates")
    steps = chance.normal(0, 0.0022, setting.n_days)
    walk = RATE_START * np.exp(np.cumsum(steps - steps.mean()))
    first, now = setting.number(setting.start) - 14, setting.number(setting.as_of)
    days = np.arange(max(first, 0), now + 1)
    days = days[setting.weekday[days] < 5]
    return {
        "source_id": ids("KURS", len(days), 4),
        "currency": texts(["USD"] * len(days)),
        "into": texts(["IDR"] * len(days)),
        "on": setting.dates(days),
        "rate": np.rint(walk[days]).astype(np.int64) * 10_000,
    }


def _regions() -> Texts:
    return texts([name for name, *_ in REGIONS])


def observations(setting: Setting, truth: Truth, seen: dict[str, Ints]) -> Table:
    """Everything else in time. ``seen`` holds daily counts and amounts of the company itself, by day number."""
    chance = setting.chance("observations")
    first, now = setting.number(setting.start), setting.number(setting.as_of)
    days = np.arange(first, now + 1)
    series: list[tuple[str, Ints, Ints, str, str, str, str | None, str | None]] = []
    monthly = np.array(truth.month_factors)[setting.month % 12]
    visits = chance.poisson(420 * monthly * np.exp(chance.normal(0, 0.10, setting.n_days)))
    series.append(("web_visits", days, visits[days] * 100, "visits", "day", "sum", None, None))
    pages = chance.poisson(130 * monthly * np.exp(chance.normal(0, 0.14, setting.n_days)))
    series.append(("product_page_visits", days, pages[days] * 100, "visits", "day", "sum", None, None))
    works = days[setting.working[days]]
    series.append(("working_days", works, np.full(len(works), 100), "days", "day", "sum", None, None))
    mondays = np.arange(first + (-first) % 7, now - 5, 7)
    for name, roll_up in (("trial_sign_ups", "sum"), ("weekly_active_customers", "last")):
        values = seen[name][mondays // 7] * 100
        series.append((name, mondays, values, "count", "week", roll_up, None, None))
    starts = np.array([begins for begins, ends in months(setting) if ends <= now], dtype=np.int64)
    spans = [slice(int(day), int(day) + 31) for day in starts]
    lead_time = np.rint(chance.normal(18, 2.5, len(starts)) * 100).astype(np.int64)
    series.append(("production_lead_time", starts, lead_time, "days", "month", "mean", None, None))
    sold = np.array([seen["revenue"][span].sum() for span in spans])
    forecast = np.rint(sold * np.exp(chance.normal(0.01, 0.08, len(starts))) / STEP).astype(np.int64) * STEP
    series.append(("revenue_forecast", starts, forecast, "money", "month", "sum", "IDR", None))
    for team, (region, _, share) in enumerate(REGIONS):
        ours = sold * share
        market = np.rint(ours / (0.09 + 0.012 * team) * np.exp(chance.normal(0, 0.05, len(starts))) / STEP)
        series.append(("market_size", starts, market.astype(np.int64) * STEP, "money", "month", "sum", "IDR", region))
    stock = np.array([seen["cost"][span].sum() for span in spans]) * np.exp(chance.normal(0.5, 0.1, len(starts)))
    whole = np.rint(stock / STEP).astype(np.int64) * STEP
    series.append(("stock_value", starts, whole, "money", "month", "mean", "IDR", None))
    ends = np.array([last for _, last in months(setting) if last <= now], dtype=np.int64)
    series.append(("closing_stock_value", ends, whole[: len(ends)], "money", "month", "last", "IDR", None))
    years = starts[setting.dates(starts).astype("datetime64[M]").astype(int) % 12 == 0]
    customers = np.full(len(years), 14_500 * 100)
    series.append(("market_customers", years, customers, "count", "year", "last", None, None))
    return _stacked(setting, series)


def _stacked(setting: Setting, series: list[tuple[str, Ints, Ints, str, str, str, str | None, str | None]]) -> Table:
    lengths = [len(days) for _, days, *_ in series]

    def repeated(column: int) -> Texts:
        return texts([part[column] for part, length in zip(series, lengths, strict=True) for _ in range(length)])

    value = np.concatenate([part[2] for part in series])
    on = setting.dates(np.concatenate([part[1] for part in series]))
    names, regions = repeated(0), repeated(7)
    keys = zip(names.tolist(), regions.tolist(), on.astype(str).tolist(), strict=True)
    return {
        "source_id": texts(["/".join(part for part in key if part) for key in keys]),
        "series": names,
        "on": on,
        "value": maybe(value, np.ones(len(value), dtype=bool)),
        "unit": repeated(3),
        "grain": repeated(4),
        "roll_up": repeated(5),
        "currency": repeated(6),
        "region": regions,
    }
