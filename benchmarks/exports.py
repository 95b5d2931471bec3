"""The big company's stage history, activities and orders as a CRM would export them, beside the deals of ``demo.big``."""

from __future__ import annotations

from pathlib import Path

from tolok.demo.big import BigCompany
from tolok.demo.deal_records import STAGES
from tolok.store.connection import Limits, connect
from tolok.store.quoting import literal

_NAMES = "[" + ", ".join(literal(name) for name, *_ in STAGES) + "]"
_LOCAL = "strftime({} + INTERVAL 7 HOUR, '%Y-%m-%d %H:%M:%S')"

QUERIES = {
    "deal_events": f"""
        SELECT source_id AS "History ID", substr(deal_id, 6) AS "Opportunity ID", field AS "Field",
               {_NAMES}[CAST(right(old, 2) AS INTEGER)] AS "Old Value",
               {_NAMES}[CAST(right(new, 2) AS INTEGER)] AS "New Value",
               {_LOCAL.format('"at"')} AS "Changed At", substr(by_id, 6) AS "Changed By" FROM rows""",
    "activities": f"""
        SELECT source_id AS "Activity ID", kind AS "Type", substr(rep_id, 6) AS "Assigned To",
               substr(account_id, 6) AS "Account ID", substr(deal_id, 6) AS "Opportunity ID",
               {_LOCAL.format("started_at")} AS "Start Time", duration_minutes AS "Duration Minutes",
               direction AS "Direction", CASE WHEN done THEN 'Yes' ELSE 'No' END AS "Completed" FROM rows""",
    "orders": """
        SELECT document AS "Order Number", line AS "Line", kind AS "Order Type", status AS "Order Status",
               substr(account_id, 6) AS "Account ID", substr(owner_id, 6) AS "Owner ID",
               substr(product_id, 6) AS "Product ID", quantity AS "Quantity", unit_price AS "Unit Price",
               CAST(amount AS DECIMAL(18, 2)) AS "Amount", cost AS "Cost", currency AS "Currency", channel AS "Channel",
               region AS "Region", ordered_on AS "Order Date" FROM rows""",
}
"""Each fact as an export, over ``rows`` of the fact."""


def write_exports(big: BigCompany, folder: Path) -> list[Path]:
    """One CSV for each of these facts."""
    connection = connect(None, Limits(memory="1500MB"), spill=big.folder / "spill")
    written = []
    try:
        for fact, query in QUERIES.items():
            target = folder / f"{fact}.csv"
            connection.execute(f"CREATE OR REPLACE VIEW rows AS FROM read_parquet({literal(str(big.parquet(fact)))})")
            connection.execute(f"COPY ({query}) TO {literal(str(target))} (FORMAT csv, HEADER true)")
            written.append(target)
    finally:
        connection.close()
    return written
