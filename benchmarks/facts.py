"""A made-up company of any size, the same for the same scale, written as a snapshot by SQL alone."""

from __future__ import annotations

from pathlib import Path

from tolok.store.manifest import Snapshot
from tolok.store.snapshots import Snapshots

DEALS, ACTIVITIES, SALES, REPS = 5_000_000, 20_000_000, 2_000_000, 2_000
DAYS = 3 * 365  # 2023 to 2025


def chance(salt: int, row: str = "i") -> str:
    """A number from 0 up to 2⁶⁴ that depends on the row and the salt only."""
    return f"hash({row} * 1000003 + {salt})"


def below(limit: int | str, salt: int, row: str = "i") -> str:
    return f"CAST({chance(salt, row)} % {limit} AS BIGINT)"


def day(salt: int, row: str = "i", days: int = DAYS) -> str:
    return f"DATE '2023-01-01' + CAST({below(days, salt, row)} AS INTEGER)"


def facts(scale: float) -> dict[str, str]:
    """One SELECT per fact."""
    deals, activities, sales = (max(1000, int(count * scale)) for count in (DEALS, ACTIVITIES, SALES))
    reps, accounts = max(50, int(REPS * scale)), max(500, int(200_000 * scale))
    owner = f"'rep:' || {{}} % {reps}"
    deal_rows = f"""
        SELECT i, {day(1)} AS created_on, {below(100, 2)} AS fate, {below(120, 3)} AS life,
            ({below(5_000_000, 4)} / 100 + 100)::DECIMAL(18, 4) AS amount,
            {owner.format(chance(5))} AS owner_id, 'account:' || {below(accounts, 6)} AS account_id
        FROM range({deals}) AS t(i)"""
    closes = "created_on + life::INTEGER"
    closed = f"CASE WHEN fate < 90 AND {closes} <= DATE '2025-12-31' THEN {closes} END"
    status = f"CASE WHEN ({closed}) IS NULL THEN 'open' WHEN fate < 30 THEN 'won' ELSE 'lost' END"
    return {
        "teams": f"SELECT 'team:' || i AS id, 'Team ' || i AS name FROM range({max(2, reps // 10)}) AS t(i)",
        "reps": f"""SELECT 'rep:' || i AS id, 'Rep ' || i AS name, 'team:' || i // 10 AS team_id,
            DATE '2022-01-01' AS hired_on FROM range({reps}) AS t(i)""",
        "memberships": f"""SELECT 'm:' || i AS id, 'rep:' || i % {reps} AS rep_id,
            'team:' || (i * 7 // 10) % {max(2, reps // 10)} AS team_id,
            CASE WHEN i < {reps} THEN NULL ELSE DATE '2024-07-01' END AS from_on FROM range({2 * reps}) AS t(i)""",
        "accounts": f"""SELECT 'account:' || i AS id, 'Account ' || i AS name,
            'Region ' || {below(12, 7)} AS region FROM range({accounts}) AS t(i)""",
        "deals": f"""SELECT 'deal:' || i AS id, 'Deal ' || i AS name, account_id, owner_id, amount, created_on,
            {status} AS status, {closed} AS closed_on, created_on + 90 AS expected_close_on FROM ({deal_rows})""",
        "deal_states": f"""SELECT 'deal:' || i AS deal_id, owner_id, account_id, 'stage:' || part AS stage_id,
            created_on + (days * part // 2)::INTEGER AS from_on,
            CASE WHEN part < 2 THEN created_on + (days * (part + 1) // 2)::INTEGER END AS to_on,
            CASE WHEN part < 2 THEN 'open' ELSE {status} END AS status, amount * (8 + part) / 10 AS amount
            FROM (SELECT *, coalesce({closed}, DATE '2026-06-30') - created_on AS days FROM ({deal_rows})),
            range(3) AS parts(part)""",
        "activities": f"""SELECT 'activity:' || i AS id,
            ['call', 'call', 'call', 'email', 'meeting', 'visit', 'demo', 'proposal'][1 + {below(8, 11)}] AS kind,
            {owner.format(chance(12))} AS rep_id, 'account:' || {below(accounts, 13)} AS account_id,
            {below(10, 14)} < 9 AS done, {day(15)} AS happened_on FROM range({activities}) AS t(i)""",
        "sales": f"""SELECT 'sale:' || i AS id, 'order:' || i // 2 AS document, {day(21, "(i // 2)")} AS sold_on,
            'account:' || {below(accounts, 22, "(i // 2)")} AS account_id,
            {owner.format(chance(23, "(i // 2)"))} AS owner_id,
            CASE WHEN {below(20, 24)} = 0 THEN 'return' ELSE 'sale' END AS kind,
            ({below(1_000_000, 25)} / 100)::DECIMAL(18, 4) AS amount, DATE '2023-01-01' AS first_sale_on
            FROM range({sales}) AS t(i)""",
    }


def snapshot(folder: Path, scale: float) -> Snapshot:
    """The snapshot of this scale, made once."""
    kept = Snapshots(folder / f"{scale:g}")
    found = kept.current()
    if found is None:
        with kept.write() as draft:
            for fact, select in facts(scale).items():
                draft.put(fact, select)
            draft.publish("derive")
        found = kept.current()
    assert found is not None
    return found
