"""Arithmetic over named numbers, against Python's own arithmetic."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tolok.errors import DefinitionError
from tolok.kpis.expression import evaluate, names, parse

VALUES = {"a": 2.0, "b": -3.5, "c": 0.0, "d.by_value": 7.25, "gone": math.nan}


def python_says(text: str) -> float:
    """What Python computes, with no answer for nan, infinity and division by zero."""
    readable = text.replace("d.by_value", "d")
    scope = {"a": 2.0, "b": -3.5, "c": 0.0, "d": 7.25, "gone": math.nan, "abs": abs, "min": min, "max": max}
    try:
        return float(eval(readable, {"__builtins__": {}}, scope))  # noqa: S307
    except ZeroDivisionError:
        return math.nan


leaves = st.sampled_from(["a", "b", "c", "d.by_value", "1", "0", "2.5", "100"])
expressions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
        st.builds("-{}".format, inner),
        st.builds("abs({})".format, inner),
        st.builds("max({}, {})".format, inner, inner),
        st.builds("min({}, {}, {})".format, inner, inner, inner),
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(expressions)
def test_any_expression_gives_what_python_gives(text: str) -> None:
    if len(text) > 500:
        return
    found = float(evaluate(parse(text), lambda name: np.array(VALUES[name])))
    expected = python_says(text)
    if math.isnan(expected):
        assert math.isnan(found)
    elif not math.isnan(found):
        assert found == pytest.approx(expected)


def test_many_rows_are_computed_at_once_and_no_answer_stays_no_answer() -> None:
    columns = {"won": np.array([1.0, 2.0, np.nan]), "decided": np.array([4.0, 0.0, 5.0])}
    found = evaluate(parse("100 * won / decided"), columns.__getitem__)
    assert found[0] == 25
    assert np.isnan(found[1:]).all()


def test_names_are_listed_once_and_in_order() -> None:
    assert names(parse("100 * (win_rate.by_value - cac) / cac + max(win_rate.by_value, revenue)")) == (
        "win_rate.by_value",
        "cac",
        "revenue",
    )


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "a.b.c",
        "a ** b",
        "a // b",
        "a if b else c",
        "[a]",
        "a[0]",
        "lambda: a",
        "'text'",
        "True",
        "a < b",
        "a and b",
        "open(a)",
        "abs(a, b)",
        "max(a)",
        "max(a, b, key=c)",
        "a; b",
        "a = b",
        "",
        "a" * 501,
        "a + " * 60 + "a",
        "\x00",
        "f'{a}'",
        "a := 3",
    ],
)
def test_what_is_no_plain_arithmetic_is_refused(text: str) -> None:
    with pytest.raises(DefinitionError):
        parse(text)
