"""Each customer's buying life in one row, from the revenue lines."""

from __future__ import annotations


def select(sales: str, accounts: str) -> str:
    """One row for each account that ever bought. A purchase is a document with a sale; returns only lower the amount."""
    bought = "s.kind = 'sale' AND s.sold_on IS NOT NULL"
    documents = (
        f"SELECT account_id, document, min(sold_on) AS bought_on FROM {sales} s WHERE {bought} AND account_id IS NOT NULL "
        f"GROUP BY ALL"
    )
    second = (
        f"SELECT account_id, min(bought_on) FILTER (place = 2) AS second_on, count(*) AS documents FROM (SELECT *, "
        f"row_number() OVER (PARTITION BY account_id ORDER BY bought_on, document) AS place FROM ({documents})) GROUP BY 1"
    )
    return (
        f"SELECT s.account_id, coalesce(any_value(a.owner_id), arg_min(s.owner_id, (s.sold_on, s.id)) FILTER ({bought} "
        f"AND s.owner_id IS NOT NULL)) AS owner_id, min(s.sold_on) FILTER ({bought}) AS first_sale_on, "
        f"any_value(n.second_on) AS second_sale_on, max(s.sold_on) FILTER ({bought}) AS last_sale_on, "
        f"any_value(n.documents) AS documents, sum(s.amount) AS amount, "
        f"CASE WHEN count(DISTINCT coalesce(s.currency, '')) = 1 THEN any_value(s.currency) END AS currency "
        f"FROM {sales} s JOIN ({second}) n ON n.account_id = s.account_id LEFT JOIN {accounts} a ON a.id = s.account_id "
        f"GROUP BY s.account_id"
    )
