"""A query that a person gives: one statement that reads, and nothing else."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from tolok.errors import SourceError
from tolok.sources.databases.address import Kind

DIALECTS: dict[Kind, str] = {"sqlite": "sqlite", "postgresql": "postgres", "mysql": "mysql"}
_WRITES = (
    exp.Insert,
    exp.Update,
    exp.Delete,
    exp.Merge,
    exp.Create,
    exp.Drop,
    exp.Alter,
    exp.Command,
    exp.Into,
    exp.Lock,
)
_WORDS = "Give one SELECT; to bring tables in as they are, name them with --table."


def of_one_table(query: str, kind: Kind) -> tuple[str, str]:
    """Schema and name of the one table whose rows a query takes whole, with or without a condition; "" where it is another.

    >>> of_one_table("SELECT * FROM crm_lead WHERE id > 5", "postgresql"), of_one_table("SELECT id FROM x", "sqlite")
    (('', 'crm_lead'), ('', ''))
    """
    tree = sqlglot.parse_one(query, dialect=DIALECTS[kind])
    if not isinstance(tree, exp.Select) or not tree.is_star or len(tree.expressions) != 1:
        return "", ""
    asks = [
        name for name in ("joins", "group", "having", "distinct", "with_", "with", "laterals") if tree.args.get(name)
    ]
    main = tree.find(exp.From)
    if asks or main is None or not isinstance(main.this, exp.Table):
        return "", ""
    return main.this.db, main.this.name


def reading_only(query: str, kind: Kind) -> str:
    """The statement itself, if it only reads; else refused. The transaction is read-only besides.

    >>> reading_only("select 1;", "sqlite")
    'select 1'
    """
    text = query.strip().rstrip(";").strip()
    try:
        found = [item for item in sqlglot.parse(text, dialect=DIALECTS[kind]) if item is not None]
    except SqlglotError:
        raise SourceError("The query cannot be read as SQL.", next_step=_WORDS) from None
    if len(found) != 1:
        raise SourceError(f"The query holds {len(found)} statements.", next_step=_WORDS)
    if not isinstance(found[0], exp.Query) or found[0].find(*_WRITES):
        raise SourceError("The query does more than read.", next_step=_WORDS)
    return text
