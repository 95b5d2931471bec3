"""Money: exact amounts, rounded as each currency is counted, written as people read them.

Engines keep amounts as exact decimals; rounding happens here, once, for eyes only.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Literal

from tolok.errors import QuestionError

Language = Literal["en", "id"]
Number = Decimal | int | float
NO_ANSWER = "–"

# ISO 4217: currencies whose smallest unit is not a hundredth
_NO_MINOR_UNIT = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"
_MINOR_UNITS: dict[str, int] = {
    **dict.fromkeys(_NO_MINOR_UNIT.split(), 0),
    **dict.fromkeys(_THOUSANDTHS.split(), 3),
    "CLF": 4,
    "UYW": 4,
}
# currencies that have cents by law but are not written with them
_WRITTEN_WHOLE = frozenset(("IDR", "COP", "IRR", "LAK", "MMK", "IQD", "LBP", "SYP", "TZS", "HUF"))
_SYMBOLS: dict[str, str] = {
    "IDR": "Rp ",
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "¥",
    "CNY": "CN¥",
    "INR": "₹",
    "KRW": "₩",
    "PHP": "₱",
    "VND": "₫",
    "THB": "฿",
    "SGD": "S$",
    "AUD": "A$",
    "CAD": "C$",
    "HKD": "HK$",
    "NZD": "NZ$",
    "MYR": "RM ",
    "BRL": "R$ ",
}


@dataclass(frozen=True)
class _Words:
    """How one language writes numbers."""

    point: str
    group: str
    scales: tuple[str, str, str, str]  # thousand, million, billion, trillion
    days: tuple[str, str]
    hours: tuple[str, str]


_WORDS: dict[str, _Words] = {
    "en": _Words(".", ",", ("K", "M", "B", "T"), ("day", "days"), ("hour", "hours")),
    "id": _Words(",", ".", (" rb", " jt", " M", " T"), ("hari", "hari"), ("jam", "jam")),
}


def minor_units(currency: str) -> int:
    """Decimals of a currency by ISO 4217; 2 where it is not listed.

    >>> minor_units("JPY"), minor_units("IDR"), minor_units("KWD")
    (0, 2, 3)
    """
    return _MINOR_UNITS.get(currency.upper(), 2)


def shown_decimals(currency: str) -> int:
    """Decimals that people write: none for the rupiah, although it has sen by law.

    >>> shown_decimals("IDR"), shown_decimals("USD")
    (0, 2)
    """
    return 0 if currency.upper() in _WRITTEN_WHOLE else minor_units(currency)


def round_half_up(value: Number, decimals: int) -> Decimal:
    """Commercial rounding: halves away from zero, never through a binary fraction.

    >>> round_half_up(Decimal("2.675"), 2), round_half_up(Decimal("-0.5"), 0)
    (Decimal('2.68'), Decimal('-1'))
    """
    with localcontext() as context:
        context.prec = 60
        rounded = exact(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return rounded if rounded else abs(rounded)


def round_money(amount: Number, currency: str) -> Decimal:
    """An amount to the currency's smallest unit.

    >>> round_money(Decimal("10.005"), "USD"), round_money(Decimal("10.5"), "JPY")
    (Decimal('10.01'), Decimal('11'))
    """
    return round_half_up(amount, minor_units(currency))


def exact(value: Number) -> Decimal:
    """A number as a decimal; a float as its shortest written form, so that 0.1 is 0.1."""
    found = value if isinstance(value, Decimal) else Decimal(str(value))
    if not found.is_finite():
        raise QuestionError("An amount must be a finite number.", next_step="Look at the rows behind it with --rows.")
    return found


def format_number(value: Number, decimals: int, language: str = "en") -> str:
    """A number with so many decimals and its thousands grouped.

    >>> format_number(Decimal("1234567.891"), 2), format_number(Decimal("1234567.891"), 2, "id")
    ('1,234,567.89', '1.234.567,89')
    """
    words = _words(language)
    text = f"{round_half_up(value, decimals):,f}"
    return text.translate({ord(","): words.group, ord("."): words.point})


def compact_number(value: Number, language: str = "en") -> str:
    """At most three significant digits, with the unit that makes them short.

    >>> compact_number(68_412_345_678), compact_number(68_412_345_678, "id"), compact_number(Decimal("999999"))
    ('68.4B', '68,4 M', '1.00M')
    """
    number = exact(value)
    scale = 0
    while scale < 4 and abs(_three_digits(number.scaleb(-3 * scale))) >= 1000:
        scale += 1
    shown = _three_digits(number.scaleb(-3 * scale))
    if scale == 0:
        shown = shown.normalize() if shown else Decimal(0)
    decimals = max(0, -int(shown.as_tuple().exponent))
    return format_number(shown, decimals, language) + (_words(language).scales[scale - 1] if scale else "")


def format_money(amount: Number, currency: str, language: str = "en", *, full: bool = False) -> str:
    """An amount for people: short, or in full and exact as far as it is known to the sen.

    >>> format_money(Decimal("10005534"), "USD"), format_money(1_500_000, "IDR", "id")
    ('$10.0M', 'Rp 1,50 jt')
    >>> format_money(Decimal("10005534"), "USD", full=True), format_money(Decimal("-1500000.5"), "IDR", "id", full=True)
    ('$10,005,534.00', '-Rp 1.500.000,5')
    """
    number = exact(amount)
    code = currency.upper()
    symbol = _SYMBOLS.get(code, f"{code} " if code else "")
    size = abs(number)
    if full:
        text = format_number(size, _full_decimals(size, shown_decimals(code) if code else 0), language)
    elif _three_digits(size) < 1000:
        text = _small(size, shown_decimals(code) if code else 2, language)
    else:
        text = compact_number(size, language)
    negative = number < 0 and any(digit in text for digit in "123456789")
    return ("-" if negative else "") + symbol + text


def format_value(
    value: Number | None, unit: str, currency: str = "", language: str = "en", *, full: bool = False
) -> str:
    """A KPI's value for people, by its unit: money, count, percent, days, hours, ratio or score.

    ``full`` writes it exactly (for hover, drill-down and tables); else it is short. None is no answer.

    >>> [format_value(Decimal("63.1506"), "percent", language=language) for language in ("en", "id")]
    ['63.2%', '63,2%']
    >>> format_value(4238, "count"), format_value(Decimal("51.78"), "days"), format_value(None, "count")
    ('4,238', '51.8 days', '–')
    """
    if value is None:
        return NO_ANSWER
    if unit == "money":
        return format_money(value, currency, language, full=full)
    number, words = exact(value), _words(language)
    if unit == "count":
        if not full and abs(number) >= 100_000:
            return compact_number(number, language)
        return format_number(number, _full_decimals(number, 0, most=4 if full else 1), language)
    decimals = _full_decimals(number, 2) if full else 1
    if unit == "percent":
        return format_number(number, decimals, language) + "%"
    if unit in ("days", "hours"):
        text = format_number(number, decimals, language)
        names = words.days if unit == "days" else words.hours
        return f"{text} {names[0 if abs(round_half_up(number, decimals)) == 1 else 1]}"
    if unit == "ratio":
        return format_number(number, _full_decimals(number, 2), language) if full else _ratio(number, language)
    if unit == "score":
        return format_number(number, decimals, language)
    raise QuestionError(
        f"There is no unit {unit!r}.", next_step="Units are money, count, percent, days, hours, ratio and score."
    )


def _ratio(number: Decimal, language: str) -> str:
    return format_number(number, 2 if abs(number) < 10 else 1, language)


def _small(size: Decimal, most: int, language: str) -> str:
    """An amount below a thousand: three digits at most, cents only where they fit."""
    three = _three_digits(size)
    decimals = min(most, max(0, -int(three.as_tuple().exponent)))
    return format_number(size, decimals if size else 0, language)


def _three_digits(number: Decimal) -> Decimal:
    """A number rounded to three significant digits before the point is passed; whole above a hundred."""
    size = abs(number)
    decimals = 0 if size >= Decimal("99.95") else 1 if size >= Decimal("9.995") else 2
    return round_half_up(number, decimals)


def _full_decimals(number: Decimal, least: int, most: int = 4) -> int:
    """As many decimals as an exact number has, up to four; those of an endless one are cut to the least."""
    held = max(0, -int(number.normalize().as_tuple().exponent))
    return least if held > 4 else max(least, min(held, most))


def _words(language: str) -> _Words:
    return _WORDS.get(language.split("-")[0].split("_")[0].lower(), _WORDS["en"])
