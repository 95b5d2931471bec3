"""The columns of a table as a person edits them: what each was taken for and why, its samples, and how it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from tolok.imports.editing import EXTRA, LEFT_OUT, Choice, choosable, sibling, target_of
from tolok.imports.look import TableLook
from tolok.sources.mapping import BESIDE, ColumnMapping, TableMapping
from tolok.web.kpis import words

SHOWN = 4
MOST_WORDS = 60
FORMS = ("iso", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y", "%Y/%m/%d", "%d/%m/%y", "%m/%d/%y")
FORMS_TOO = ("%d %b %Y", "%b %d, %Y", "%Y%m%d", "excel")
_DAY = datetime(2026, 12, 31, 14, 5)  # noqa: DTZ001 - an example of how a date is written
_NAMED = {"iso": "2026-12-31", "iso time": "2026-12-31 14:05", "iso zone": "2026-12-31T14:05Z", "excel": "46387"}
REST = "*"
BESIDES = {
    "updated_at": gettext_lazy("When the source last changed the row"),
    "discount": gettext_lazy("Discount in percent"),
    "discount_amount": gettext_lazy("Discount as an amount"),
}
WHYS = {
    r"“(?P<a>.+)” is a known heading": gettext_lazy("“%(a)s” is a known heading"),
    r"“(?P<a>.+)” contains “(?P<b>.+)”": gettext_lazy("“%(a)s” contains “%(b)s”"),
    r"“(?P<a>.+)” is short for “(?P<b>.+)”": gettext_lazy("“%(a)s” is short for “%(b)s”"),
    r"chosen by a person": gettext_lazy("chosen by a person"),
    r"a date says so": gettext_lazy("a date says so"),
    r"periods as headings": gettext_lazy("periods as headings"),
    r"cells under the periods": gettext_lazy("cells under the periods"),
    r"first and last name": gettext_lazy("first and last name"),
    r"month and year": gettext_lazy("month and year"),
    r"currency beside the amount": gettext_lazy("currency beside the amount"),
}


@dataclass(frozen=True)
class Option:
    """One entry of a list to choose from."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True)
class Word:
    """A word of the column, how often it stands there, and what it may mean."""

    field: str
    word: str
    count: int | None
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Row:
    """One column of the file."""

    number: int
    header: str
    was: str
    samples: tuple[str, ...]
    options: tuple[Option, ...]
    confidence: str = ""
    why: str = ""
    assumption: str = ""
    forms: tuple[Option, ...] = ()
    decimals: tuple[Option, ...] = ()
    bys: tuple[Option, ...] = ()
    words: tuple[Word, ...] = ()
    more_words: int = 0
    notes: tuple[str, ...] = ()
    fault: str = ""

    @property
    def used(self) -> bool:
        return self.was not in (EXTRA, LEFT_OUT)


def field_words(fact: str, to: str) -> str:
    """What a column of a fact is called in words."""
    if to in (EXTRA, LEFT_OUT):
        return _("kept beside") if to == EXTRA else _("left out")
    if to in BESIDE:
        return str(BESIDES[to])
    if to == "source_id":
        return _("Number in the source")
    if to.startswith("new:"):
        return f"{words.column(to.removeprefix('new:'))} {pgettext('of a change', '(after)')}"
    return words.column(to)


def rows(
    table: TableMapping,
    seen: TableLook | None,
    others: frozenset[str] = frozenset(),
    notes: Mapping[tuple[str, str, str, str], str] | None = None,
    faults: Mapping[str, str] | None = None,
) -> list[Row]:
    """The rows of the form: what is mapped, and then what else the table holds that no other mapping of it takes."""
    found = []
    for number, column in enumerate(_listed(table, seen, others)):
        note = (notes or {}).get((table.table, table.fact, column.header, column.to), "")
        found.append(_row(number, table, column, seen, note, (faults or {}).get(column.header, "")))
    return found


def choices(
    table: TableMapping, seen: TableLook | None, others: frozenset[str], posted: Mapping[str, str]
) -> list[Choice]:
    """What was chosen in the form; what is not one of its own options is as if it had not been sent."""
    found = []
    legal = {EXTRA, LEFT_OUT, *choosable(table.fact)}
    for row in rows(table, seen, others):
        to = posted.get(f"to-{row.number}", row.was)
        if to not in legal and to != row.was:
            to = row.was
        found.append(
            Choice(
                row.header,
                row.was,
                to,
                format=_changed(row.forms, posted.get(f"form-{row.number}")),
                decimal=_changed(row.decimals, posted.get(f"decimal-{row.number}")),
                by=_changed(row.bys, posted.get(f"by-{row.number}")),
                values=_values(table, row, posted),
            )
        )
    return found


def _listed(table: TableMapping, seen: TableLook | None, others: frozenset[str]) -> Iterator[ColumnMapping]:
    folded = [one for column in table.columns if (one := sibling(table.fact, column, table.columns)) is not None]
    known = {header for column in table.columns for header in (column.header, *column.joined)}
    order = {header: place for place, header in enumerate(seen.headers)} if seen else {}
    listed = [column for column in table.columns if not any(column is one for one in folded)]
    listed += [
        ColumnMapping(header, EXTRA)
        for header in (seen.headers if seen else ())
        if header not in known and header not in others and header not in table.unpivot
    ]
    yield from sorted(listed, key=lambda column: order.get(column.header, -1))


def _row(number: int, table: TableMapping, column: ColumnMapping, seen: TableLook | None, note: str, fault: str) -> Row:
    samples = seen.samples(column.header)[:SHOWN] if seen else ()
    target = target_of(table.fact, column.to)
    sure, _mark, why = note.partition("%")
    if not sure.isdecimal():
        sure, why = "", note
    kind = target.type if target is not None and column.to not in (EXTRA, LEFT_OUT) else ""
    dated = kind in ("date", "instant")
    numeric = kind in ("money", "number", "rate", "integer")
    listed, more = _words(number, table, column, seen) if kind in ("choice", "boolean") else ((), 0)
    return Row(
        number=number,
        header=column.header,
        was=column.to,
        samples=samples,
        options=_fields(table.fact, column.to),
        confidence=sure,
        why=_why(why.strip(" ,")),
        assumption=column.assumption,
        forms=_forms(column.format or "iso") if dated else (),
        decimals=_decimals(column.decimal) if numeric else (),
        bys=_bys(column.by) if kind == "ref" else (),
        words=listed,
        more_words=more,
        notes=tuple(_notes(table, column)),
        fault=fault,
    )


def _fields(fact: str, chosen: str) -> tuple[Option, ...]:
    named = sorted((field_words(fact, to), to) for to in choosable(fact))
    if chosen not in (EXTRA, LEFT_OUT) and chosen not in [to for _label, to in named]:
        named.append((field_words(fact, chosen), chosen))
    counted: dict[str, int] = {}
    for label, _to in named:
        counted[label] = counted.get(label, 0) + 1
    first = [(_("keep beside, without a meaning"), EXTRA), (_("leave out"), LEFT_OUT)]
    return tuple(
        Option(to, f"{label} ({to})" if counted.get(label, 0) > 1 else label, to == chosen)
        for label, to in (*first, *named)
    )


def form_words(form: str) -> str:
    """A way of writing dates by an example and its order: 31/12/2026, day first."""
    shown = []
    for part in form.split("|"):
        try:
            shown.append(_NAMED.get(part) or (_DAY.strftime(part) if "%" in part else part))
        except ValueError:
            shown.append(part)
    first = re.search(r"%[dmYybB]", form)
    order = {"d": _("day first"), "m": _("month first"), "b": _("month first"), "B": _("month first")}
    said = order.get(first[0][1], "") if first else ""
    said = said or (_("year first") if "iso" in form or (first and first[0][1] in "Yy") else "")
    example = " | ".join(dict.fromkeys(shown))
    return f"{example}, {said}" if said else example


def _forms(chosen: str) -> tuple[Option, ...]:
    turned = chosen.replace("%d", "\0").replace("%m", "%d").replace("\0", "%m")
    listed = dict.fromkeys((chosen, turned, *FORMS, *FORMS_TOO))
    return tuple(Option(form, form_words(form), form == chosen) for form in listed)


def _decimals(chosen: str) -> tuple[Option, ...]:
    return (Option(".", "1,234.56", chosen == "."), Option(",", "1.234,56", chosen == ","))


def _bys(chosen: str) -> tuple[Option, ...]:
    named = (("id", _("by its number")), ("name", _("by its name")))
    return tuple(Option(value, label, value == (chosen or "id")) for value, label in named)


def _words(
    number: int, table: TableMapping, column: ColumnMapping, seen: TableLook | None
) -> tuple[tuple[Word, ...], int]:
    target = target_of(table.fact, column.to)
    values = (target.values or ("true", "false")) if target is not None else ()
    own = {key.casefold(): value for key, value in column.values.items() if key != REST and not key.startswith("^")}
    counted = dict(seen.words.get(column.header, ())) if seen else {}
    listed = dict.fromkeys([*counted, *(k for k in column.values if k != REST and not k.startswith("^"))])
    different: dict[str, str] = {}
    for word in listed:
        different.setdefault(word.casefold(), word)
    found = []
    for place, word in enumerate(list(different.values())[:MOST_WORDS]):
        meant = own.get(word.casefold())
        if meant is None and word.casefold() in values:
            meant = word.casefold()
        found.append(Word(f"word-{number}-{place}", word, counted.get(word), _meanings(values, meant)))
    rest = column.values.get(REST)
    found.append(Word(f"rest-{number}", "", None, _meanings(values, rest)))
    return tuple(found), max(0, len(different) - MOST_WORDS)


UNSAID = "?"
"""The option of a word that the mapping does not speak of."""


def _meanings(values: tuple[str, ...], chosen: str | None) -> tuple[Option, ...]:
    called = {"true": _("yes"), "false": _("no")}
    options = [Option(UNSAID, _("not said"), chosen is None), Option("", _("says nothing"), chosen == "")]
    options += [Option(value, called.get(value) or words.value(value), value == chosen) for value in values]
    if chosen and chosen not in values:
        options.append(Option(chosen, chosen, True))
    return tuple(options)


def _values(table: TableMapping, row: Row, posted: Mapping[str, str]) -> dict[str, str] | None:
    """What the words of a column mean now; None where the form did not speak of them."""
    if not row.words or row.words[-1].field not in posted:
        return None
    column = next(one for one in table.columns if (one.header, one.to) == (row.header, row.was))
    kept = dict(column.values)
    written = {key.casefold(): key for key in kept}
    for word in row.words:
        said = _chosen(word.options, posted.get(word.field))
        key = written.get(word.word.casefold(), word.word) if word.word else REST
        was = next((option.value for option in word.options if option.chosen), UNSAID)
        if said is None or said == was:
            continue
        if said == UNSAID:
            kept.pop(key, None)
        else:
            kept[key] = said
    return kept


def _chosen(options: tuple[Option, ...], value: str | None) -> str | None:
    return value if any(option.value == value for option in options) else None


def _changed(options: tuple[Option, ...], value: str | None) -> str | None:
    """What was chosen, where it is another than before."""
    return next((option.value for option in options if option.value == value and not option.chosen), None)


def _notes(table: TableMapping, column: ColumnMapping) -> Iterator[str]:
    if column.joined:
        yield _("joined with %(others)s") % {"others": ", ".join(column.joined)}
    if column.unit:
        yield _("the cells are in %(unit)s") % {"unit": column.unit}
    if column.header == "@header":
        yield _("the headings %(first)s …") % {"first": ", ".join(table.unpivot[:3])}
    if column.header == "@cell":
        yield _("the cells below these headings")
    if sibling(table.fact, column, table.columns) is not None:
        yield _("with the time of day")
    if any(key.startswith("^") for key in column.values):
        yield _("some words by their form, as the file says")


def _why(note: str) -> str:
    for form, text in WHYS.items():
        if found := re.fullmatch(form, note):
            return str(text) % found.groupdict()
    return note
