"""Tables that are no data: data dictionaries, read-me sheets, summaries; and what a dictionary says about columns."""

from __future__ import annotations

import duckdb

from tolok.sources.headings import Aside, aside, normal
from tolok.sources.table import RawTable

_FIELD = {"field", "column", "column name", "field name", "variable", "attribute", "kolom", "nama kolom", "campo", "champ", "feld", "spalte", "veld"}  # fmt: skip  # noqa: E501
_TEXT = {"description", "meaning", "definition", "deskripsi", "keterangan", "descripcion", "descricao", "beschreibung", "descrizione", "omschrijving"}  # fmt: skip  # noqa: E501
_NAMES = {"read me", "readme", "instructions", "notes", "about", "petunjuk", "keterangan", "legend", "info", "cover", "contents", "daftar isi", "data dictionary"}  # fmt: skip  # noqa: E501


def why_no_data(table: RawTable) -> str:
    """Why a table is no data, "" where it may be."""
    headings = {normal(header) for header in table.headers}
    if headings & _FIELD and headings & _TEXT and len(headings) <= 8:
        return "a data dictionary: it describes the columns of other tables"
    if normal(table.sheet) in _NAMES or normal(table.file.rsplit("/", 1)[-1].rsplit(".", 1)[0]) in _NAMES:
        return "a sheet of notes by its name"
    if {"record count", "count", "count of id", "row labels"} & headings and len(headings) <= 4 and table.rows <= 200:
        return "a summary of counts, which Tolok computes from the records themselves"
    return ""


def descriptions(
    tables: list[RawTable], connection: duckdb.DuckDBPyConnection
) -> dict[tuple[str, str], tuple[Aside, str]]:
    """Unit and currency that a data dictionary states, by plain table name ("" for any) and plain heading."""
    found: dict[tuple[str, str], tuple[Aside, str]] = {}
    for table in tables:
        plain_headings = [normal(header) for header in table.headers]
        field = next((i for i, h in enumerate(plain_headings) if h in _FIELD), None)
        text = next((i for i, h in enumerate(plain_headings) if h in _TEXT), None)
        owner = next((i for i, h in enumerate(plain_headings) if h in ("table", "table name", "tabel", "file")), None)
        if field is None or text is None:
            continue
        of = f"c{owner}" if owner is not None else "''"
        rows = connection.execute(f"SELECT {of}, c{field}, c{text} FROM {table.relation} LIMIT 5000").fetchall()
        for name, heading, said in rows:
            stated = aside(said or "")
            if heading and (stated.unit or stated.currency):
                found[normal(name or ""), normal(heading)] = (stated, said)
    return found
