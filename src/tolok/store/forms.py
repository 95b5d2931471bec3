"""The form that each engine has of what plans are built of. What an engine does not declare is refused.

Plans are SQLGlot trees. Printing a tree in another dialect does not make engines agree: some functions are printed as
they are although the engine reads them otherwise, or not at all. So every function, and every clause beyond plain SQL,
is listed here per engine: ``same`` where SQLGlot prints what the engine understands and the answers were compared,
else a function from the node to what stands in its place.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from tolok.errors import Unsupported

Form = Callable[[exp.Expr], exp.Expr]
Forms = dict[type[exp.Expr], Form]


def same(node: exp.Expr) -> exp.Expr:
    """The engine understands it as printed."""
    return node


def quotient(node: exp.Expr) -> exp.Expr:
    """Division in double precision, empty where the divisor is zero."""
    return exp.Div(
        this=exp.cast(node.this, "double"),
        expression=exp.Nullif(this=node.expression, expression=exp.Literal.number(0)),
    )


def text_in_json(node: exp.Expr) -> exp.Expr:
    """The text under a key of a JSON object: PostgreSQL takes text only after a cast."""
    node.set("this", exp.cast(node.this, "json"))
    return node


def lower_everywhere(node: exp.Expr) -> exp.Expr:
    """Lower case of all letters: under the collation of bytes PostgreSQL knows those of English alone."""
    collation = exp.to_identifier("und-x-icu", quoted=True)
    return exp.Lower(this=exp.Collate(this=exp.Paren(this=node.this), expression=collation))


EVERYWHERE: tuple[type[exp.Expr], ...] = (
    exp.Abs,
    exp.And,
    exp.Avg,
    exp.Case,
    exp.Cast,
    exp.Ceil,
    exp.Coalesce,
    exp.Count,
    exp.DenseRank,
    exp.Exists,
    exp.Extract,
    exp.FirstValue,
    exp.Floor,
    exp.Greatest,
    exp.If,
    exp.JSONExtractScalar,
    exp.Lag,
    exp.LastValue,
    exp.Lead,
    exp.Least,
    exp.Length,
    exp.Lower,
    exp.Max,
    exp.Min,
    exp.Nullif,
    exp.Or,
    exp.PercentileCont,
    exp.Rank,
    exp.Replace,
    exp.RowNumber,
    exp.Sum,
    exp.TimestampTrunc,
)
"""Functions whose answers were compared on all engines below."""

CLAUSES: tuple[type[exp.Expr], ...] = (exp.Qualify, exp.Pivot, exp.Lateral, exp.TableSample, exp.MatchRecognize)
"""Clauses beyond plain SQL, refused unless an engine declares them."""

FORMS: dict[str, Forms] = {
    "duckdb": {
        **dict.fromkeys(EVERYWHERE, same),
        exp.Div: quotient,
        exp.Qualify: same,
        exp.AnyValue: same,
    },
    "postgres": {
        **dict.fromkeys(EVERYWHERE, same),
        exp.Div: quotient,
        exp.JSONExtractScalar: text_in_json,
        exp.Lower: lower_everywhere,
    },
}


def translated(query: exp.Expr, engine: str) -> exp.Expr:
    """The query in the engine's forms; the one given is not changed. Raises Unsupported for what has none.

    >>> translated(exp.select(exp.Quantile(this=exp.column("x"))), "postgres")
    Traceback (most recent call last):
    tolok.errors.Unsupported: postgres has no declared form of quantile.
    """
    declared = FORMS[engine]
    changes = False
    for node in query.walk():
        kind = type(node)
        form = declared.get(kind)
        if form is None:
            if isinstance(node, exp.Func) or kind in CLAUSES:
                raise Unsupported(f"{engine} has no declared form of {_name(node)}.")
            if kind is exp.Join:
                _plain_join(node, engine)
        elif form is not same:
            changes = True
    if not changes:
        return query
    own = query.copy()
    for node in list(own.walk(bfs=False))[::-1]:  # inner nodes first, so that each is replaced once
        form = declared.get(type(node), same)
        if form is not same:
            replaced = form(node.copy())
            if node is own:
                return replaced
            node.replace(replaced)
    return own


def _plain_join(node: exp.Expr, engine: str) -> None:
    words = f"{node.args.get('method') or ''} {node.args.get('kind') or ''}".upper()
    for special in ("ASOF", "POSITIONAL", "SEMI", "ANTI"):
        if special in words:
            raise Unsupported(f"{engine} has no declared form of {special} JOIN.")


def _name(node: exp.Expr) -> str:
    return str(node.this) if isinstance(node, exp.Anonymous) else node.key
