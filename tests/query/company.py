"""Small random companies: few rows, many coincidences, gaps, transfers, several currencies and hostile names."""

from __future__ import annotations

import json
import random
from datetime import date, datetime, time, timedelta
from typing import Any

FIRST, LAST = date(2024, 11, 3), date(2026, 2, 17)
HOSTILE = ["Jawa", 'O\'Neill "x"; DROP TABLE deals; --', "'; SELECT 1", "Sumatra %_\\", ""]
Rows = dict[str, list[dict[str, Any]]]


class Dice(random.Random):
    """Seeded chance."""

    def day(self, first: date = FIRST, last: date = LAST) -> date:
        return first + timedelta(days=self.randrange((last - first).days + 1))

    def maybe(self, value: Any, share: float = 0.8) -> Any:
        return value if self.random() < share else None

    def moment(self, day: date | None) -> datetime | None:
        return datetime.combine(day, time(self.randrange(24), self.randrange(60))) if day else None

    def money(self) -> str:
        return self.choice(["0", "10", "99.99", "0.01", "1234.5678", "100", "100", "33.3333"])


def company(seed: int, size: int = 40, *, currencies: bool | None = None) -> Rows:
    """Rows of all facts that questions are asked about; the same seed gives the same company."""
    dice = Dice(seed)
    mixed = dice.random() < 0.5 if currencies is None else currencies
    reps, teams, accounts, products = (
        [f"{kind}{number}" for number in range(count)] for kind, count in (("r", 4), ("t", 3), ("a", 6), ("p", 3))
    )

    def someone(pool: list[str]) -> str | None:
        return dice.maybe(dice.choice(pool), 0.9)

    def currency() -> str | None:
        return dice.choice(["USD", "USD", "EUR", "IDR", None, ""]) if mixed else dice.choice(["USD", None, ""])

    rows: Rows = {
        "reps": [
            {
                "id": rep,
                "name": dice.choice([f"Rep {rep}", "Ann", HOSTILE[1]]),
                "team_id": someone(teams),
                "hired_on": dice.maybe(dice.day(date(2024, 1, 1)), 0.9),
                "left_on": dice.maybe(dice.day(date(2025, 6, 1), date(2026, 3, 1)), 0.4),
                "region": dice.choice(HOSTILE),
            }
            for rep in reps
        ],
        "teams": [{"id": team, "name": f"Team {team}"} for team in teams],
        "accounts": [
            {
                "id": account,
                "name": f"Account {account}",
                "owner_id": someone(reps),
                "region": dice.maybe(dice.choice(HOSTILE)),
                "industry": dice.maybe(dice.choice(["steel", "food"])),
                "created_on": dice.day(),
            }
            for account in accounts
        ],
        "products": [
            {"id": product, "name": f"Product {product}", "category": dice.maybe(dice.choice(["A", HOSTILE[1]]))}
            for product in products
        ],
        "memberships": [],
        "exchange_rates": [],
    }
    for rep in reps:
        for _ in range(dice.randrange(4)):
            start = dice.maybe(dice.day())
            end = dice.maybe((start or FIRST) + timedelta(days=dice.randrange(200)), 0.5)
            rows["memberships"].append({"rep_id": rep, "team_id": dice.choice(teams), "from_on": start, "to_on": end})
    for number in range(60 if mixed else 0):
        rows["exchange_rates"].append(
            {
                "id": f"x{number:03}",
                "currency": dice.choice(["EUR", "IDR"]),
                "into": dice.choice(["USD", "USD", "SGD"]),
                "on": dice.day(),
                "rate": dice.choice(["1.1", "0.000065", "1.234567891"]),
            }
        )
    if dice.random() < 0.2:
        rows["memberships"] = []
    deals, states = [], []
    for number in range(size):
        created = dice.day()
        status = dice.choice(["open", "won", "won", "lost"])
        closed = dice.maybe(created + timedelta(days=dice.randrange(120)), 0.95) if status != "open" else None
        deal = {
            "id": f"d{number}",
            "account_id": someone(accounts),
            "owner_id": someone(reps),
            "owner_at_close_id": dice.maybe(dice.choice(reps), 0.2),
            "owner_at_creation_id": dice.maybe(dice.choice(reps), 0.2),
            "status": dice.maybe(status, 0.95),
            "amount": dice.maybe(dice.money(), 0.9),
            "currency": currency(),
            "type": dice.maybe(dice.choice(["new", "existing", "upsell", "cross_sell"])),
            "region": dice.maybe(dice.choice(HOSTILE)),
            "product_id": someone(products),
            "lead_source": dice.maybe(dice.choice(["web", "fair"])),
            "created_on": created,
            "created_at": dice.moment(created),
            "qualified_on": dice.maybe(created + timedelta(days=dice.randrange(30)), 0.5),
            "closed_on": closed,
            "closed_at": dice.moment(closed),
            "expected_close_on": dice.maybe(created + timedelta(days=dice.randrange(200))),
        }
        deals.append(deal)
        start = dice.maybe(created, 0.97)
        for _ in range(1 + dice.randrange(3)):
            end = dice.maybe((start or created) + timedelta(days=dice.randrange(90)), 0.8)
            states.append(
                {
                    "deal_id": deal["id"],
                    "from_on": start,
                    "to_on": end,
                    "status": dice.choice(["open", "open", "won", "lost"]),
                    "owner_id": someone(reps),
                    "account_id": deal["account_id"],
                    "product_id": deal["product_id"],
                    "amount": dice.maybe(dice.money(), 0.85),
                    "currency": deal["currency"],
                    "expected_close_on": deal["expected_close_on"],
                }
            )
            if end is None:
                break
            start = end
    rows["deals"], rows["deal_states"] = deals, states
    rows["sales"] = [
        {
            "document": f"doc{dice.randrange(size)}",
            "sold_on": dice.day(),
            "account_id": someone(accounts),
            "owner_id": someone(reps),
            "product_id": someone(products),
            "kind": dice.choice(["sale", "sale", "return", "adjustment"]),
            "business": dice.maybe(dice.choice(["new", "existing", "renewal", "upsell"])),
            "quantity": dice.maybe(str(dice.randrange(10))),
            "amount": dice.maybe(dice.money(), 0.95),
            "cost": dice.maybe(dice.money()),
            "currency": currency(),
            "region": dice.maybe(dice.choice(HOSTILE)),
            "first_sale_on": dice.maybe(dice.day()),
        }
        for _ in range(size * 2)
    ]
    rows["subscriptions"] = []
    for _ in range(size // 2):
        start = dice.day()
        rows["subscriptions"].append(
            {
                "account_id": someone(accounts),
                "owner_id": someone(reps),
                "product_id": someone(products),
                "amount": dice.money(),
                "currency": currency(),
                "started_on": dice.maybe(start, 0.95),
                "ended_on": dice.maybe(start + timedelta(days=dice.randrange(-5, 300)), 0.6),
                "trial_started_on": dice.maybe(start - timedelta(days=14), 0.4),
                "status": dice.choice(["trial", "active", "ended"]),
            }
        )
    rows["activities"] = []
    for _ in range(size * 2):
        happened = dice.maybe(dice.day(), 0.95)
        rows["activities"].append(
            {
                "kind": dice.choice(["call", "meeting", "demo", "visit", "offer", "proposal", "email"]),
                "rep_id": someone(reps),
                "account_id": someone(accounts),
                "deal_id": dice.maybe(dice.choice(deals)["id"]),
                "product_id": someone(products),
                "accepted": dice.maybe(dice.random() < 0.5),
                "done": dice.maybe(dice.random() < 0.7),
                "booked_on": dice.maybe(dice.day()),
                "happened_on": happened,
                "started_at": dice.moment(happened),
                "duration_minutes": dice.maybe(str(dice.randrange(90))),
                "outcome": dice.maybe(dice.choice(["interested", HOSTILE[2]])),
            }
        )
    rows["answers"] = [
        {
            "survey": dice.choice(["s1", "s2"]),
            "kind": dice.choice(["nps", "csat", "enps", "loyalty", "ces"]),
            "scale_min": dice.choice(["0", "0", "1"]),
            "scale_max": "10" if dice.random() < 0.9 else "5",
            "value": dice.maybe(str(dice.randrange(11)), 0.95),
            "account_id": someone(accounts),
            "rep_id": someone(reps),
            "answered_on": dice.day(),
        }
        for _ in range(size)
    ]
    rows["leads"] = []
    for _ in range(size):
        created = dice.day()
        rows["leads"].append(
            {
                "owner_id": someone(reps),
                "lead_source": dice.maybe(dice.choice(["web", "fair"])),
                "status": dice.choice(["open", "qualified", "disqualified", "converted"]),
                "quality": dice.maybe(dice.choice(["good", "bad"])),
                "is_enquiry": dice.maybe(dice.random() < 0.5),
                "created_on": created,
                "qualified_on": dice.maybe(created + timedelta(days=dice.randrange(60)), 0.5),
                "converted_on": dice.maybe(created + timedelta(days=dice.randrange(120)), 0.4),
                "won_on": dice.maybe(created + timedelta(days=dice.randrange(200)), 0.3),
            }
        )
    rows["costs"] = [
        {
            "kind": dice.choice(["marketing", "sales", "service", "production"]),
            "spent_on": dice.day(),
            "amount": dice.money(),
            "currency": currency(),
            "region": dice.maybe(dice.choice(HOSTILE)),
        }
        for _ in range(size // 2)
    ]
    series = [
        ("web_visits", "sum", "day", None),
        ("stock", "last", "day", "pieces"),
        ("weekly_teams", "mean", "week", None),
        ("trust", "never", "month", None),
        ("lead_days", "mean", "day", None),
        ("price", "last", "day", "ratio"),
        ("sign_ups", "sum", "day", "events"),
    ]
    rows["observations"] = []
    for name, roll_up, grain, unit in series:
        for _ in range(size // 2):
            rows["observations"].append(
                {
                    "series": name,
                    "on": dice.day(),
                    "value": dice.maybe(dice.money(), 0.95),
                    "grain": grain,
                    "roll_up": roll_up,
                    "unit": unit,
                    "region": dice.choice(["Jawa", "Bali", None]),
                    "product_id": dice.choice([*products, None]),
                }
            )
    rows["targets"] = targets(dice, reps, teams)
    other = Dice(-seed - 1)  # of its own, so that older companies stay what they were
    for number, team in enumerate(rows["teams"]):
        team["parent_id"] = other.choice([None, *teams[:number]])
        team["region"] = other.maybe(other.choice(HOSTILE), 0.6)
    for fact in ("deals", "activities", "leads"):
        for row in rows[fact]:
            row["extra"] = json.dumps({"Colour of it": other.choice(["red", HOSTILE[1], None])})
    rows["targets"] += more_targets(other, rows, ["USD", "EUR", "IDR", None, ""] if mixed else ["USD", None, ""])
    return rows


def targets(dice: Dice, reps: list[str], teams: list[str]) -> list[dict[str, Any]]:
    """Monthly, quarterly and yearly targets of two KPIs for the company, teams and reps."""
    found = []
    months = [date(2025, month, 1) for month in range(1, 13)]
    for kpi in ("deals_won", "win_rate"):
        for scopes in dice.sample([{}, {"team_id": teams}, {"rep_id": reps}], dice.randrange(1, 4)):
            for step in dice.sample((1, 3, 12), dice.randrange(1, 3)):
                for start in months[::step]:
                    end = date(start.year + (start.month + step > 12), (start.month + step - 1) % 12 + 1, 1)
                    whose = [{name: member} for name, pool in scopes.items() for member in pool] or [{}]
                    for scope in whose:
                        if dice.random() < 0.8:
                            written = {"kpi": kpi, "from_on": start, "to_on": end - timedelta(days=1)}
                            found.append({**written, "value": str(dice.randrange(1, 100)), **scope})
    for number, row in enumerate(list(found)):
        row["id"], row["source"] = f"plan:{number}", "plan"
        if dice.random() < 0.25:  # approved in Tolok as well
            found.append({**row, "id": f"tolok:{number}", "source": "tolok", "value": str(dice.randrange(1, 100))})
    return found


def more_targets(dice: Dice, rows: Rows, currencies: list[str | None]) -> list[dict[str, Any]]:
    """Targets of money, levels and averages at odd scopes and lengths, in several currencies, some approved."""
    pools: dict[str, list[Any]] = {
        name: [row["id"] for row in rows[fact]]
        for name, fact in (("rep_id", "reps"), ("team_id", "teams"), ("product_id", "products"))
    }
    pools |= {"account_id": ["a0", "a1"], "region": ["Jawa", HOSTILE[1]], "segment": ["big"], "category": ["A"]}
    found: list[dict[str, Any]] = []
    for kpi in ("revenue", "open_pipeline", "average_deal_size", "deals_won"):
        for _ in range(dice.randrange(3)):
            scopes = dice.sample(sorted(pools), dice.choice([0, 1, 1, 2]))
            for _ in range(dice.randrange(12)):
                start = dice.choice([date(2025, dice.randrange(1, 13), 1), dice.day()])
                days = dice.choice([0, 6, 27, 30, 30, 89, 90, 181, 364])
                scope = {name: dice.choice(pools[name]) for name in scopes}
                source = dice.choice(["plan", "plan", "tolok"])
                written = {"kpi": kpi, "from_on": start, "to_on": start + timedelta(days=days), "source": source}
                value = {"value": str(dice.randrange(1, 1000)), "currency": dice.choice(currencies)}
                found.append({"id": f"more:{len(found)}:{kpi}", **written, **value, **scope})
    return found
