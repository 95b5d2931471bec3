"""Revenue lines, from confirmed orders or from won deals, with what each says about the customer's buying life.

Returns count (negative), adjustments, drafts and cancelled orders do not. Kind of business, where the source does not
say: ``new`` on the day of the customer's first sale; afterwards ``cross_sell`` where the product's category was never
bought before, ``upsell`` where it was, but no product with so high a list price, else ``existing``. Without a customer
it is unknown; without categories there is no cross-selling to see, without list prices no upselling.
"""

from __future__ import annotations

NEEDED = {
    "orders": "id, document, ordered_on, account_id, owner_id, product_id, deal_id, kind, quantity, amount, cost, "
    "currency, channel, region, country, status",
    "deals": "id, closed_on, account_id, owner_id, owner_at_close_id, product_id, type, quantity, amount, currency, "
    "channel, region, status",
}
"""The columns of orders and deals from which lines are made."""

SOLD = {"orders": "status = 'confirmed'", "deals": "status = 'won'"}
"""Which orders and deals make lines at all."""


def select(revenue_from: str, *, orders: str, deals: str, lines: str, products: str) -> str:
    """The lines of a workspace that counts "orders" or "deals"."""
    rows = _from_orders(orders) if revenue_from == "orders" else _from_deals(deals, lines)
    return _with_business(rows, products)


def _from_orders(orders: str) -> str:
    return (
        f"SELECT id, document, ordered_on AS sold_on, account_id, owner_id, product_id, deal_id, kind, "
        f"CAST(NULL AS VARCHAR) AS given, quantity, amount, cost, currency, channel, region, country FROM {orders} "
        f"WHERE {SOLD['orders']} AND kind IN ('sale', 'return') AND amount IS NOT NULL"
    )


def _from_deals(deals: str, lines: str) -> str:
    """One line for each product of a won deal whose lines add up to its amount; else one line for the deal."""
    whole = (
        f"SELECT deal_id FROM {lines} l JOIN {deals} d ON d.id = l.deal_id GROUP BY deal_id "
        f"HAVING count(l.amount) = count(*) AND abs(sum(l.amount) - coalesce(any_value(d.amount), sum(l.amount))) < 0.01"
    )
    won = f"SELECT * FROM {deals} WHERE {SOLD['deals']}"
    owner = "coalesce(d.owner_at_close_id, d.owner_id)"
    return (
        f"SELECT d.id, d.id AS document, d.closed_on AS sold_on, d.account_id, {owner} AS owner_id, d.product_id, "
        f"d.id AS deal_id, 'sale' AS kind, d.type AS given, d.quantity, d.amount, CAST(NULL AS DECIMAL(18,4)) AS cost, "
        f"d.currency, d.channel, d.region, CAST(NULL AS VARCHAR) AS country FROM ({won}) d "
        f"WHERE d.amount IS NOT NULL AND d.id NOT IN ({whole}) "
        f"UNION ALL SELECT l.id, d.id, d.closed_on, d.account_id, {owner}, coalesce(l.product_id, d.product_id), d.id, "
        f"CASE WHEN l.amount < 0 THEN 'return' ELSE 'sale' END, coalesce(l.kind, d.type), l.quantity, l.amount, "
        f"CAST(NULL AS DECIMAL(18,4)), coalesce(l.currency, d.currency), d.channel, d.region, CAST(NULL AS VARCHAR) "
        f"FROM {lines} l JOIN ({won}) d ON d.id = l.deal_id WHERE l.deal_id IN ({whole})"
    )


def _with_business(rows: str, products: str) -> str:
    bought = "kind = 'sale' AND account_id IS NOT NULL AND sold_on IS NOT NULL"
    days = (
        f"SELECT account_id, p.category, sold_on, max(p.list_price) AS price FROM line LEFT JOIN {products} p "
        f"ON p.id = product_id WHERE {bought} GROUP BY ALL"
    )
    history = (
        f"SELECT *, min(sold_on) OVER (PARTITION BY account_id) AS first_on, "
        f"min(sold_on) OVER (PARTITION BY account_id, category) AS category_on, "
        f"max(price) OVER (PARTITION BY account_id, category ORDER BY sold_on "
        f"ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS dearest FROM ({days})"
    )
    shown = (
        "CASE WHEN f.first_on IS NULL OR l.sold_on IS NULL THEN NULL WHEN l.sold_on <= f.first_on THEN 'new' "
        "WHEN l.kind = 'sale' AND h.category IS NOT NULL AND h.category_on = l.sold_on THEN 'cross_sell' "
        "WHEN l.kind = 'sale' AND h.category IS NOT NULL AND p.list_price > h.dearest THEN 'upsell' "
        "ELSE 'existing' END"
    )
    return (
        f"SELECT id, document, sold_on, account_id, owner_id, product_id, deal_id, kind, business, quantity, amount, "
        f"cost, currency, channel, region, country, first_sale_on FROM (WITH line AS ({rows}), "
        f"history AS ({history}), firsts AS (SELECT account_id, min(sold_on) AS first_on FROM line WHERE {bought} "
        f"GROUP BY 1) SELECT l.*, coalesce(l.given, {shown}) AS business, f.first_on AS first_sale_on FROM line l "
        f"LEFT JOIN firsts f ON f.account_id = l.account_id LEFT JOIN {products} p ON p.id = l.product_id "
        f"LEFT JOIN history h ON h.account_id = l.account_id AND h.category = p.category AND h.sold_on = l.sold_on)"
    )
