"""Arithmetic over named numbers: ``100 * (opening - lost) / opening``, ``ltv / cac``, ``win_rate.by_value``.

Only + − * /, parentheses, numbers, names (with dots) and abs(), min(), max() exist; nothing else can be written, so
nothing else can run. Values are those that people see: a percent is 0–100. No answer is nan, and stays nan.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tolok.errors import DefinitionError

Numbers = NDArray[np.float64]

_OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_FUNCTIONS = ("abs", "min", "max")
_LONGEST = 500
_DEEPEST = 40


@dataclass(frozen=True)
class Name:
    """A KPI, a variant of one (``win_rate.by_value``), or a part of a movement."""

    name: str


@dataclass(frozen=True)
class Number:
    value: float


@dataclass(frozen=True)
class Operation:
    """One operator or function over other expressions."""

    sign: str  # + - * / abs min max
    parts: tuple[Expression, ...]


Expression = Name | Number | Operation


@lru_cache(maxsize=1024)
def parse(text: str) -> Expression:
    """Read an expression; DefinitionError says what cannot be written in one.

    >>> names(parse("100 * (opening - lost) / opening"))
    ('opening', 'lost')
    """
    if len(text) > _LONGEST:
        raise DefinitionError(f"The expression is longer than {_LONGEST} characters.")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise DefinitionError(
            f"{text!r} is not arithmetic.", next_step="Use KPI ids, numbers, + - * / and parentheses."
        ) from None
    return _read(tree.body, 0)


def names(expression: Expression) -> tuple[str, ...]:
    """The names in an expression, each once, in the order in which they are written."""
    return tuple(dict.fromkeys(_names(expression)))


def evaluate(expression: Expression, lookup: Callable[[str], Numbers]) -> Numbers:
    """Compute an expression for many rows at once; nan is "no answer", and dividing by zero gives it.

    >>> values = {"won": np.array([1.0, 2.0]), "decided": np.array([4.0, 0.0])}
    >>> evaluate(parse("100 * won / decided"), values.__getitem__).tolist()
    [25.0, nan]
    """
    if isinstance(expression, Name):
        return np.asarray(lookup(expression.name), dtype=np.float64)
    if isinstance(expression, Number):
        return np.asarray(expression.value, dtype=np.float64)
    parts = [evaluate(part, lookup) for part in expression.parts]
    with np.errstate(all="ignore"):
        result = _apply(expression.sign, parts)
    return np.where(np.isfinite(result), result, np.nan)


def _apply(sign: str, parts: list[Numbers]) -> Numbers:
    if sign == "abs":
        return np.abs(parts[0])
    if len(parts) == 1:
        return -parts[0] if sign == "-" else parts[0]
    first, *others = parts
    for other in others:
        if sign == "+":
            first = first + other
        elif sign == "-":
            first = first - other
        elif sign == "*":
            first = first * other
        elif sign == "/":
            first = np.divide(first, np.where(other == 0, np.nan, other))
        elif sign == "min":
            first = np.minimum(first, other)
        else:
            first = np.maximum(first, other)
    return first


def _names(expression: Expression) -> Iterator[str]:
    if isinstance(expression, Name):
        yield expression.name
    elif isinstance(expression, Operation):
        for part in expression.parts:
            yield from _names(part)


def _read(node: ast.expr, depth: int) -> Expression:
    if depth > _DEEPEST:
        raise DefinitionError("The expression is nested too deeply.")
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return Operation(_OPERATORS[type(node.op)], (_read(node.left, depth + 1), _read(node.right, depth + 1)))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        return Operation("-" if isinstance(node.op, ast.USub) else "+", (_read(node.operand, depth + 1),))
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        try:
            return Number(float(node.value))  # type: ignore[arg-type]
        except OverflowError:
            raise DefinitionError("The expression holds a number that is too large.") from None
    if isinstance(node, ast.Name):
        return Name(node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return Name(f"{node.value.id}.{node.attr}")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS:
        count = len(node.args)
        if not node.keywords and (count == 1 if node.func.id == "abs" else count >= 2):
            return Operation(node.func.id, tuple(_read(part, depth + 1) for part in node.args))
    raise DefinitionError(
        f"{ast.unparse(node)!r} cannot be part of an expression.",
        next_step="Use KPI ids, numbers, + - * /, parentheses, abs(), min() and max().",
    )
