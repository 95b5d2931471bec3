"""JSON lines and JSON arrays of objects: every key a column, nested objects as ``a.b``, arrays kept as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from tolok.errors import SourceError
from tolok.sources.files import encoding
from tolok.sources.files.header import unique
from tolok.sources.files.reading import Limits, Reading
from tolok.sources.files.scratch import CleanCopy, Scratch
from tolok.sources.table import RawTable, Reject

ENVELOPES = (
    "data", "records", "results", "items", "value", "values", "rows", "result", "objects", "entities", "list", "d", "deals",
    "opportunities", "leads", "contacts", "accounts", "companies", "organizations", "orders", "invoices", "products",
    "activities", "tickets", "users",
)  # fmt: skip
"""Keys under which answers of web services wrap their records."""
WRAPPERS = ("properties", "fields")
"""Keys of a record under which its own fields lie."""
SHOWN_VALUE = "@OData.Community.Display.V1.FormattedValue"
PIECE = 1024 * 1024
SHOWN = 2_000
SPACE = " \t\r\n\ufeff,"


class Digits(str):
    """A number as it is written, so that long ids and exact amounts keep every digit."""

    __slots__ = ()


class Reference(list[Any]):
    """Whom or what a record points to: id and name."""


DECODER = json.JSONDecoder(parse_int=Digits, parse_float=Digits, parse_constant=lambda _: None)


@dataclass
class Column:
    """What the values of one key have been so far."""

    pair: bool = True  # [id, "name"], as Odoo writes a reference, or false for none
    pairs: int = 0
    types: set[str] = field(default_factory=set)


def read_json(
    path: Path, file: str, connection: duckdb.DuckDBPyConnection, scratch: Scratch, limits: Limits
) -> Reading:
    """The one table of a JSON file."""
    spelled = encoding.recognise(path)
    if not spelled.clean:
        clean = scratch.new("json")
        encoding.rewrite(path, spelled, clean)
        path = clean
    columns: dict[str, Column] = {}
    rejects: list[Reject] = []
    count = 0
    for number, value, text in _values(path, file, limits):
        if not isinstance(value, dict):
            rejects.append(Reject(file, number, "", "not a JSON object", text[:SHOWN]))
            if len(rejects) > limits.max_rejects or (len(rejects) > 100 and not count):
                raise SourceError(
                    f"{file} holds JSON that is not a list of records.", next_step="Export it as CSV or XLSX."
                )
            continue
        count += 1
        for key, cell in _flat(value):
            _learn(columns.setdefault(key, Column()), cell)
        if len(columns) > limits.max_columns:
            raise SourceError(
                f"{file} has more than {limits.max_columns:,} columns.",
                next_step="Export only the columns that are needed.",
            )
    if not columns:
        raise SourceError(f"{file} has no table in it.", next_step="Give a list of JSON objects.")
    places: dict[str, int] = {}
    written: list[str] = []
    types: list[str] = []
    for key, column in columns.items():
        column.pair = column.pair and column.pairs > 0
        places[key] = len(written)
        written.append(" ".join(key.split()))
        types.append("text" if column.pair else _type(column.types))
        if column.pair:
            written.append(f"{key}.id")
            types.append("")
    copy = CleanCopy(scratch.new("csv"), len(written))
    try:
        for number, value, _ in _values(path, file, limits):
            if isinstance(value, dict):
                copy.add(number, _cells(value, columns, places, len(written)))
    finally:
        copy.close()
    table = RawTable(
        file=file,
        sheet="",
        headers=unique(written),
        relation=copy.relation(range(len(written)), limits.max_record),
        rows=copy.rows,
        first_line=1,
        has_line=True,
        rejects=tuple(rejects),
        notes=(spelled.note,) if spelled.note else (),
        types=tuple(types),
    )
    return Reading((table,))


def _values(path: Path, file: str, limits: Limits) -> Iterator[tuple[int, Any, str]]:
    """The values of the file one by one, with their number from 1 and their text where they are broken."""
    with path.open(encoding="utf-8-sig", newline="") as opened:
        start = opened.read(4096).lstrip(SPACE)[:1]
        opened.seek(0)
        if start == "[":
            yield from _array(opened, file, limits)
            return
        lines = (opened.readline(limits.max_record) for _ in iter(int, 1))
        number = 0
        for line in lines:
            if not line:
                return
            if not line.strip():
                continue
            number += 1
            try:
                value = DECODER.decode(line.strip("\ufeff \t\r\n"))
            except (ValueError, RecursionError):
                if number == 1:
                    break
                yield number, None, line
                continue
            if number == 1 and isinstance(value, dict) and _envelope(value) is not None:
                break
            yield number, value, line
        else:
            return
    yield from _document(path, file, limits)


def _document(path: Path, file: str, limits: Limits) -> Iterator[tuple[int, Any, str]]:
    """One JSON object over many lines: the list of records that it wraps, or itself."""
    if path.stat().st_size > limits.max_document_bytes:
        raise SourceError(
            f"{file} is one JSON object of more than {limits.max_document_bytes // 1024 // 1024:,} MB.",
            next_step="Export it as JSON lines.",
        )
    try:
        value = DECODER.decode(path.read_text(encoding="utf-8-sig").strip())
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{file} is damaged JSON.", next_step="Export it again, or as CSV.") from error
    inner = _envelope(value)
    for number, record in enumerate(inner if inner is not None else [value], start=1):
        yield number, record, str(record)[:SHOWN]


def _envelope(value: dict[str, Any]) -> list[Any] | None:
    """The records that an object wraps, as answers of web services do."""
    for key in ENVELOPES:
        inner = value.get(key)
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            return inner
        if isinstance(inner, dict):
            deeper = _envelope(inner)
            if deeper is not None:
                return deeper
    lists = [inner for inner in value.values() if isinstance(inner, list) and inner and isinstance(inner[0], dict)]
    return lists[0] if len(lists) == 1 and len(value) == 1 else None


def _array(opened: Any, file: str, limits: Limits) -> Iterator[tuple[int, Any, str]]:
    """The members of an array, read a piece at a time."""
    buffer = opened.read(PIECE).lstrip(SPACE)[1:]
    number = 0
    while True:
        buffer = buffer.lstrip(SPACE)
        if not buffer:
            buffer = opened.read(PIECE)
            if not buffer:
                raise SourceError(f"{file} is JSON that ends in the middle.", next_step="Export it again.")
            continue
        if buffer[0] == "]":
            return
        try:
            value, end = DECODER.raw_decode(buffer)
        except (ValueError, RecursionError) as error:
            more = opened.read(max(PIECE, len(buffer)))
            if not more or len(buffer) > limits.max_record:
                raise SourceError(
                    f"{file} is damaged JSON after record {number:,}.", next_step="Export it again, or as CSV."
                ) from error
            buffer += more
            continue
        number += 1
        yield number, value, buffer[: min(end, SHOWN)]
        buffer = buffer[end:]


def _flat(record: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """The fields of a record by name; those of an object within it by both names, but for references and wrappers."""
    for key, value in record.items():
        if key == "attributes" and isinstance(value, dict):
            continue
        if not isinstance(value, dict) or not value:
            shown = key.endswith(SHOWN_VALUE)  # the name that stands for an id or a number
            yield before + (key.removesuffix(SHOWN_VALUE) + " name" if shown else key), value
        elif not before and key in WRAPPERS:
            own = {name for name in record if name != key}
            yield from ((name if name not in own else f"{key}.{name}", inner) for name, inner in _flat(value))
        elif "name" in value and ("id" in value or "value" in value) and len(value) <= 12:
            yield before + key, Reference([value.get("id", value.get("value")), value["name"]])
        else:
            yield from _flat(value, f"{before}{key}.")


def _learn(column: Column, value: Any) -> None:
    if value is None or value is False:
        if value is False:
            column.types.add("boolean") if not column.pairs else None
        return
    odoo = isinstance(value, list) and len(value) == 2 and isinstance(value[0], Digits) and type(value[1]) is str
    if odoo or isinstance(value, Reference):
        column.pairs += 1
        return
    column.pair = False
    column.types.add("number" if isinstance(value, Digits) else "text" if isinstance(value, str) else "other")


def _cells(record: dict[str, Any], columns: dict[str, Column], places: dict[str, int], width: int) -> list[str]:
    cells = [""] * width
    for key, value in _flat(record):
        place, column = places[key], columns[key]
        if column.pair:
            if isinstance(value, list):
                cells[place], cells[place + 1] = _text(value[1]), _text(value[0])
        elif value is False and column.types & {"text", "number"} and "other" not in column.types:
            continue
        else:
            cells[place] = _text(value)
    return cells


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Reference):
        return _text(value[1])
    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Numbers as numbers again, for a list that is kept as JSON."""
    if isinstance(value, Digits):
        return int(value) if value.lstrip("-").isdecimal() and len(value) < 4000 else float(value)
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return value


def _type(types: set[str]) -> str:
    only = next(iter(types)) if len(types) == 1 else ""
    return only if only in ("number", "text") else ""
