"""A company of any size for benchmarks: plain, without a story, generated inside DuckDB as a stream.

Every value is a function of the row's number, so that rows need not be held or joined: memory stays small at any size,
and the same numbers give the same rows. Facts become Parquet files with exactly the model's columns and types.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tolok.demo.deal_records import STAGES
from tolok.demo.names import COMPETITORS, LOSS_REASONS, REGIONS, SEGMENTS
from tolok.model import FACTS
from tolok.store.connection import Limits, connect
from tolok.store.quoting import identifier, literal

FIRST_DAY, LAST_DAY, DAYS = "2021-11-01", "2026-10-31", 1826
REPS_A_TEAM = 10
DEALS_AN_ACCOUNT = 12
PRODUCTS = 400
SOURCES = ("Website", "Referensi", "Pameran", "Telepon", "Iklan")
CATEGORIES = ("Mesin", "Pendingin", "Dapur", "Bahan", "Kemasan", "Layanan", "Suku cadang", "Lainnya")
KINDS = (
    "call",
    "call",
    "call",
    "message",
    "message",
    "email",
    "email",
    "visit",
    "visit",
    "meeting",
    "demo",
    "proposal",
)

# u: chance from 0 to 1 by row number and purpose; z: a normal draw; one_of: an item of a list
MACROS = """
CREATE MACRO u(i, salt) AS (hash(i * 4093 + salt) >> 11)::DOUBLE / 9007199254740992.0;
CREATE MACRO z(i, salt) AS sqrt(-2 * ln(u(i, salt) + 1e-12)) * cos(6.283185307179586 * u(i, salt + 1000));
CREATE MACRO one_of(list, i, salt) AS list[1 + (u(i, salt) * len(list))::BIGINT % len(list)];
CREATE MACRO owner(i) AS (power(u(i, 1), 1.6) * {reps})::BIGINT % {reps};
CREATE MACRO account(i) AS (power(u(i, 2), 1.3) * {accounts})::BIGINT % {accounts};
CREATE MACRO product(i) AS (power(u(i, 3), 1.4) * {products})::BIGINT % {products};
CREATE MACRO opened(i) AS DATE '{first}' + (power(u(i, 4), 0.85) * {days})::INTEGER % {days};
CREATE MACRO lasted(i) AS 3 + least(exp(3.9 + 0.6 * z(i, 5)), 700)::INTEGER;
CREATE MACRO decided(i) AS opened(i) + lasted(i) <= DATE '{last}';
CREATE MACRO outcome(i) AS CASE WHEN NOT decided(i) THEN 'open' WHEN u(i, 6) < 0.34 THEN 'won' ELSE 'lost' END;
CREATE MACRO price(i) AS greatest(round(exp(17.3 + 0.9 * z(i, 7)) / 1000) * 1000, 50000)::BIGINT;
CREATE MACRO steps(i) AS CASE WHEN decided(i) THEN 2 + (u(i, 8) * 3)::BIGINT % 3 ELSE 1 + (u(i, 8) * 3)::BIGINT % 3 END;
CREATE MACRO stage_at(i, step) AS CASE
    WHEN decided(i) AND step = steps(i) THEN CASE WHEN outcome(i) = 'won' THEN 6 ELSE 7 END ELSE 2 * step - 1 END;
CREATE MACRO lived(i) AS CASE WHEN decided(i) THEN lasted(i) ELSE least(lasted(i), DATE '{last}' - opened(i)) END;
CREATE MACRO gaps(i) AS CASE WHEN decided(i) THEN steps(i) - 1 ELSE steps(i) END;
CREATE MACRO came(i, step) AS opened(i) + ((step - 1) * (lived(i) // gaps(i))
    + CASE WHEN decided(i) AND step = steps(i) THEN lived(i) % gaps(i) ELSE 0 END)::INTEGER;
CREATE MACRO minute_of(i, salt) AS INTERVAL (60 + (u(i, salt) * 540)::INTEGER) MINUTE;
CREATE MACRO seconds_at(day, i, salt) AS day::TIMESTAMP + minute_of(i, salt);
"""


@dataclass(frozen=True)
class BigCompany:
    """Where the files of a big company are, and how many rows each fact has."""

    folder: Path
    rows: dict[str, int]

    def parquet(self, fact: str) -> Path:
        return self.folder / f"{fact}.parquet"


def simulate_big(
    folder: Path,
    *,
    deals: int = 5_000_000,
    activities: int = 20_000_000,
    orders: int = 2_000_000,
    reps: int = 2_000,
    memory: str = "1500MB",
    told: Callable[[str], None] = lambda fact: None,
) -> BigCompany:
    """Write every fact of a big company as Parquet; stage changes come to about three per deal.

    ``told`` hears the name of each fact before it is written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    accounts = max(deals // DEALS_AN_ACCOUNT, 10)
    sizes = {"reps": reps, "accounts": accounts, "products": PRODUCTS}
    connection = connect(None, Limits(memory=memory), spill=folder / "spill")
    try:
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(MACROS.format(**sizes, first=FIRST_DAY, last=LAST_DAY, days=DAYS))
        counted = {}
        for fact, made in _facts(deals, activities, orders, **sizes).items():
            told(fact)
            target = literal(str(folder / f"{fact}.parquet"))
            row = connection.execute(f"COPY ({made.in_full(fact)}) TO {target} (FORMAT parquet)").fetchone()
            counted[fact] = int(row[0]) if row else 0
    finally:
        connection.close()
    return BigCompany(folder, counted)


def write_big_csv(big: BigCompany, file: Path, *, changed: float = 0.0, memory: str = "1500MB") -> Path:
    """The deals of a big company as the export of a CRM, 23 columns.

    ``changed`` is a share of the deals whose amount and next step are others than before, as a later export would say.
    """
    connection = connect(None, Limits(memory=memory), spill=big.folder / "spill")
    moved = f"hash(source_id, 77) % 1000000 < {round(changed * 1_000_000)}"
    stages = "[" + ", ".join(literal(name) for name, *_ in STAGES) + "]"
    query = f"""
        SELECT source_id AS "Opportunity ID", name AS "Opportunity Name", substr(account_id, 6) AS "Account ID",
               substr(owner_id, 6) AS "Owner ID", 'Penjualan' AS "Pipeline",
               {stages}[CAST(right(stage_id, 2) AS INTEGER)] AS "Stage", status AS "Status",
               CAST(CASE WHEN {moved} THEN amount + 1000 ELSE amount END AS DECIMAL(18, 2)) AS "Amount",
               currency AS "Currency", CAST(probability AS INTEGER) AS "Probability (%)",
               forecast_category AS "Forecast Category", type AS "Type", lead_source AS "Lead Source",
               channel AS "Channel", region AS "Region", segment AS "Segment", substr(product_id, 6) AS "Product ID",
               competitor AS "Competitor", loss_reason AS "Loss Reason",
               CASE WHEN {moved} THEN 'Telepon ulang' ELSE next_step END AS "Next Step",
               strftime(created_at + INTERVAL 7 HOUR, '%Y-%m-%d %H:%M:%S') AS "Created Date",
               closed_on AS "Close Date", expected_close_on AS "Expected Close Date"
        FROM read_parquet({literal(str(big.parquet("deals")))})
    """
    try:
        connection.execute(f"COPY ({query}) TO {literal(str(file))} (FORMAT csv, HEADER true)")
    finally:
        connection.close()
    return file


@dataclass(frozen=True)
class Made:
    """How a fact is made: its columns as expressions of the row's number, and where the numbers come from."""

    columns: dict[str, str]
    rows: str

    def in_full(self, fact: str) -> str:
        """A query of all the model's columns with their types."""
        chosen = []
        for column in FACTS[fact].columns:
            value = {"id": f"'demo:' || {self.columns['source_id']}", "source": "'demo'"}.get(column.name)
            value = value or self.columns.get(column.name, "NULL")
            chosen.append(f"CAST({value} AS {column.sql_type}) AS {identifier(column.name)}")
        return f"SELECT {', '.join(chosen)} FROM {self.rows}"


def _list(values: tuple[str, ...]) -> str:
    return "[" + ", ".join(literal(value) for value in values) + "]"


def _facts(deals: int, activities: int, orders: int, *, reps: int, accounts: int, products: int) -> dict[str, Made]:
    """How every fact is made."""
    teams = max(reps // REPS_A_TEAM, 1)
    regions, segments = _list(tuple(name for name, *_ in REGIONS)), _list(SEGMENTS)
    region = f"{regions}[1 + i % {len(REGIONS)}]"
    lost = "outcome(i) = 'lost'"
    stage_rows = ", ".join(
        f"({n + 1}, {literal(name)}, {chance}, {literal(outcome)})" for n, (name, chance, outcome) in enumerate(STAGES)
    )
    return {
        "teams": Made(
            {
                "source_id": "'T' || i",
                "name": "'Tim ' || i",
                "parent_id": "CASE WHEN i > 0 THEN 'demo:T0' END",
                "region": region,
            },
            f"range({teams}) AS r(i)",
        ),
        "reps": Made(
            {
                "source_id": "'R' || i",
                "name": "'Sales ' || i",
                "email": "'sales' || i || '@besar.example'",
                "team_id": f"'demo:T' || ((i + CASE WHEN i % 10 = 0 THEN 1 ELSE 0 END) % {teams})",
                "role": "'Sales Executive'",
                "hired_on": "DATE '2015-01-01' + (u(i, 20) * 2400)::INTEGER",
                "active": "true",
                "quota_carrying": "true",
            },
            f"range({reps}) AS r(i)",
        ),
        # every tenth rep has changed team once
        "memberships": Made(
            {
                "source_id": "'M' || i || '-' || part",
                "rep_id": "'demo:R' || i",
                "team_id": f"'demo:T' || ((i + part) % {teams})",
                "from_on": "CASE WHEN part = 1 THEN DATE '2024-07-01' END",
                "to_on": "CASE WHEN part = 0 AND i % 10 = 0 THEN DATE '2024-06-30' END",
            },
            f"range({reps}) AS r(i), range(2) AS p(part) WHERE part = 0 OR i % 10 = 0",
        ),
        "accounts": Made(
            {
                "source_id": "'A' || i",
                "name": "'Pelanggan ' || i",
                "owner_id": "'demo:R' || owner(i)",
                "segment": f"one_of({segments}, i, 21)",
                "industry": "'Industri ' || (hash(i, 22) % 12)",
                "region": region,
                "country": "'Indonesia'",
                "created_on": "DATE '2018-01-01' + (u(i, 23) * 1300)::INTEGER",
            },
            f"range({accounts}) AS r(i)",
        ),
        "products": Made(
            {
                "source_id": "'P' || i",
                "name": "'Produk ' || i",
                "code": "'SKU' || i",
                "category": f"{_list(CATEGORIES)}[1 + i % {len(CATEGORIES)}]",
                "list_price": "round(exp(13 + 1.5 * z(i, 24)))",
                "active": "true",
            },
            f"range({products}) AS r(i)",
        ),
        "pipelines": Made(
            {
                "source_id": "'PL1'",
                "name": "'Penjualan'",
                "position": "1",
            },
            "range(1) AS r(i)",
        ),
        "stages": Made(
            {
                "source_id": "'S-0' || n",
                "pipeline_id": "'demo:PL1'",
                "name": "name",
                "position": "n",
                "probability": "chance",
                "outcome": "outcome",
            },
            f"(VALUES {stage_rows}) AS s(n, name, chance, outcome)",
        ),
        "deals": Made(
            {
                "source_id": "'D' || i",
                "name": "'Peluang ' || i",
                "account_id": "'demo:A' || account(i)",
                "owner_id": "'demo:R' || owner(i)",
                "pipeline_id": "'demo:PL1'",
                "stage_id": "'demo:S-0' || stage_at(i, steps(i))",
                "status": "outcome(i)",
                "amount": "price(i)",
                "currency": "'IDR'",
                "probability": "[10, 20, 40, 60, 80, 100, 0][stage_at(i, steps(i))]",
                "forecast_category": "MAP {'open': 'Pipeline', 'won': 'Closed', 'lost': 'Omitted'}[outcome(i)]",
                "type": "CASE WHEN u(i, 30) < 0.5 THEN 'new' ELSE 'existing' END",
                "lead_source": f"one_of({_list(SOURCES)}, i, 31)",
                "channel": "one_of(['Langsung', 'Agen', 'Online'], i, 32)",
                "region": f"one_of({regions}, i, 33)",
                "segment": f"one_of({segments}, i, 34)",
                "product_id": "'demo:P' || product(i)",
                "competitor": f"CASE WHEN {lost} AND u(i, 35) < 0.4 THEN one_of({_list(COMPETITORS)}, i, 36) END",
                "loss_reason": f"CASE WHEN {lost} THEN one_of({_list(LOSS_REASONS)}, i, 37) END",
                "next_step": "CASE WHEN u(i, 38) < 0.3 THEN 'Kirim penawaran' END",
                "created_on": "opened(i)",
                "created_at": "seconds_at(opened(i), i, 39)",
                "closed_on": "CASE WHEN decided(i) THEN opened(i) + lasted(i) END",
                "closed_at": "CASE WHEN decided(i) THEN seconds_at(opened(i) + lasted(i), i, 40) END",
                "expected_close_on": "opened(i) + lasted(i) + (z(i, 41) * 6)::INTEGER",
            },
            f"range({deals}) AS r(i)",
        ),
        "deal_events": Made(
            {
                "source_id": "'E' || i || '-' || step",
                "deal_id": "'demo:D' || i",
                "field": "'stage_id'",
                "old": "CASE WHEN step > 1 THEN 'demo:S-0' || stage_at(i, step - 1) END",
                "new": "'demo:S-0' || stage_at(i, step)",
                "at": "seconds_at(came(i, step), i, CASE WHEN step = 1 THEN 39 ELSE 40 END)",
                "on": "came(i, step)",
                "by_id": "'demo:R' || owner(i)",
                "origin": "'history'",
            },
            f"(SELECT i, unnest(range(1, steps(i) + 1)) AS step FROM range({deals}) AS r(i))",
        ),
        "activities": Made(
            {
                "source_id": "'V' || i",
                "kind": f"{_list(KINDS)}[1 + (hash(i, 50) % {len(KINDS)})::INTEGER]",
                "rep_id": "'demo:R' || owner(deal)",
                "account_id": "'demo:A' || account(deal)",
                "deal_id": "CASE WHEN u(i, 51) < 0.7 THEN 'demo:D' || deal END",
                "direction": "'out'",
                "done": "u(i, 52) < 0.94",
                "started_at": "seconds_at(day, i, 53)",
                "happened_on": "day",
                "duration_minutes": "5 + (u(i, 54) * 55)::INTEGER",
            },
            f"(SELECT i, deal, opened(deal) + (u(i, 55) * lived(deal))::INTEGER AS day"
            f" FROM (SELECT i, (u(i, 56) * {deals})::BIGINT % {deals} AS deal FROM range({activities}) AS r(i)))",
        ),
        "orders": Made(
            {
                "source_id": "'O' || document || '/' || (i % 2 + 1)",
                "document": "'INV' || document",
                "line": "i % 2 + 1",
                "kind": "CASE WHEN back THEN 'return' ELSE 'sale' END",
                "status": "CASE WHEN u(document, 60) < 0.02 THEN 'cancelled' ELSE 'confirmed' END",
                "account_id": "'demo:A' || account(document)",
                "owner_id": "'demo:R' || owner(account(document))",
                "product_id": "'demo:P' || product(i)",
                "quantity": "CASE WHEN back THEN -units ELSE units END",
                "unit_price": "each",
                "amount": "CASE WHEN back THEN -units ELSE units END * each",
                "cost": "CASE WHEN back THEN -units ELSE units END * (each * 7 // 10)",
                "currency": "'IDR'",
                "channel": "one_of(['Sales', 'Aplikasi'], document, 61)",
                "region": f"one_of({regions}, document, 62)",
                "ordered_on": "opened(document + 7)",
                "ordered_at": "seconds_at(opened(document + 7), document, 63)",
            },
            "(SELECT i, i // 2 AS document, u(i // 2, 64) < 0.03 AS back, 1 + (u(i, 65) * 20)::BIGINT AS units,"
            " greatest(round(exp(12.2 + z(i, 66)) / 500) * 500, 5000)::BIGINT AS each"
            f" FROM range({orders}) AS r(i))",
        ),
    }
