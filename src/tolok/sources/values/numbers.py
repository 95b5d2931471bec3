"""Numbers and amounts as people write them, read exactly.

``1.234.567,89``, ``Rp 1.500.000,-``, ``1,5 jt``, ``$1,234.00 ``, ``(1,234.00)``, ``1'234.50``, ``1.2E+05``, ``63 %``.
A grouping mark is taken out only where the groups are whole, so ``1,23`` never becomes 123.
"""

from __future__ import annotations

from tolok.sources.values.quoting import literal
from tolok.sources.values.words import BLANKS, CODES, SYMBOLS, UNITS

SPACE = r"[\s\x{a0}\x{2007}\x{2009}\x{202f}]"
_MONEY = r"(?:[A-Za-z]{0,3}[$€£¥₹₱฿₫₩₺₽₴]|Rp\.?|RM|kr\.?|zł|[A-Z]{3})"
_MARKS = r"'’\s\x{a0}\x{2007}\x{2009}\x{202f}"
WIDE = "DECIMAL(24,6)"
LIMIT = "99,999,999,999,999"


def body(decimal: str) -> str:
    """The pattern of digits with this decimal mark: whole groups, or no groups."""
    group = r"\." if decimal == "," else ","
    mark = "," if decimal == "," else r"\."
    marks = rf"(?:{group}|'|’|{SPACE})"
    groups = rf"[0-9]{{1,3}}(?:{marks}[0-9]{{3}})+"
    indian = rf"[0-9]{{1,2}}(?:{group}[0-9]{{2}})+{group}[0-9]{{3}}"
    return rf"(?:(?:{groups}|{indian}|[0-9]+)(?:{mark}[0-9]*)?|{mark}[0-9]+)(?:[eE][+-]?[0-9]{{1,3}})?"


def pattern(decimal: str) -> str:
    """The pattern of a whole cell: sign, currency, digits, unit, percent, in the orders in which they occur."""
    units = "|".join(sorted(UNITS, key=len, reverse=True))
    inside = (
        rf"{SPACE}*(?:[-−+]?{SPACE}*(?:{_MONEY})?|{_MONEY}{SPACE}*[-−+]){SPACE}*{body(decimal)}(?:,-+|\.-+|,–)?"
        rf"{SPACE}*(?:(?i:{units})\b\.?)?{SPACE}*%?{SPACE}*(?:{_MONEY})?{SPACE}*"
    )
    return rf"{inside}-?|\({inside}\)"


def number_sql(cell: str, *, decimal: str, type: str, factor: str = "1", units: dict[str, str] | None = None) -> str:
    """The typed number of a cell, null where it is none or beyond the type.

    ``factor`` multiplies every cell (the header says thousands), ``units`` overrides what a unit word means.
    """
    plain = f"TRY_CAST({cell} AS {WIDE})"
    if decimal == ",":
        # a dot groups here, and TRY_CAST would read it as the decimal mark
        plain = f"CASE WHEN NOT contains({cell}, '.') THEN TRY_CAST(replace({cell}, ',', '.') AS {WIDE}) END"
    elif factor == "1":
        plain = f"TRY_CAST({cell} AS {type})"
    if factor != "1":
        plain = _cast(f"({plain}) * {_factor(factor)}", type)
    elif decimal == ",":
        plain = _cast(plain, type)
    product = f"{_written('bare', decimal, units or {})} * {_factor(factor)}"
    written = f"TRY({_cast(product, type)})"
    said = f"CASE WHEN regexp_full_match(bare, {literal(pattern(decimal))}) THEN {written} END"
    # in a lambda, for what stands twice in a statement is computed for every row
    return f"coalesce({plain}, list_transform([trim({cell}, {literal(BLANKS)})], lambda bare: {said})[1])"


def _cast(value: str, type: str) -> str:
    return f"TRY_CAST({value} AS {type})"


def _factor(factor: str) -> str:
    """A multiplier as a decimal literal that leaves room for the digits of the number."""
    whole, _, fraction = factor.partition(".")
    return f"CAST({literal(factor)} AS DECIMAL({len(whole) + len(fraction)},{len(fraction)}))"


def _written(cell: str, decimal: str, units: dict[str, str]) -> str:
    """A decimal from a cell that has the pattern: with currency, groups, unit, sign or brackets."""
    found = f"regexp_extract(replace({cell}, 'Rp.', 'Rp'), '[.,]?[0-9](?:.*[0-9])?')"
    group = "." if decimal == "," else ","
    digits = f"regexp_replace({found}, {literal(f'[{group}' + _MARKS + ']')}, '', 'g')"
    if decimal == ",":
        digits = f"replace({digits}, ',', '.')"
    minus = f"regexp_matches({cell}, '^[^0-9]*[-−(]|[0-9 ]-$')"
    factors = {**{word: str(value) for word, value in UNITS.items()}, **{w.casefold(): f for w, f in units.items()}}
    cases = " ".join(f"WHEN {literal(word)} THEN {int(value)}" for word, value in factors.items())
    unit = rf"CASE lower(regexp_extract({cell}, '[0-9]{SPACE}*([a-zA-Z]+)', 1)) {cases} ELSE 1 END"
    return (
        f"TRY_CAST({digits} AS {WIDE}) * CAST({unit} AS DECIMAL(13,0)) "
        f"* CAST(CASE WHEN {minus} THEN -1 ELSE 1 END AS DECIMAL(1,0))"
    )


def currency_sql(cell: str, *, dollar: str = "USD") -> str:
    """ISO code of the currency written in a cell: a code, or a symbol beside the amount; null where there is none."""
    code = rf"upper(regexp_extract({cell}, '\b([A-Za-z]{{3}})\b', 1))"
    known = ", ".join(literal(c) for c in sorted(CODES))
    symbols = sorted(SYMBOLS, key=len, reverse=True)
    cases = " ".join(
        f"WHEN contains(lower({cell}), {literal(symbol.lower())}) THEN {literal(dollar if symbol == '$' else SYMBOLS[symbol])}"
        for symbol in symbols
    )
    return f"CASE WHEN {code} IN ({known}) THEN {code} {cases} END"
