"""The mapping of a connection as a file that people read and edit: ``mappings/*.toml``."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array, Comment, InlineTable, Item, Null, Table, Trivia

from tolok.errors import DefinitionError
from tolok.sources.mapping import ColumnMapping, Mapping, StageMapping, Synonym, TableMapping
from tolok.sources.mapping_reader import Reader

_SHOWN = ("date", "instant", "number", "money", "integer", "percent", "boolean", "choice")
"""How columns are read whose samples help a person to check the reading."""

_NOTE = re.compile(r"#\s*(\d+%|e\.g\. )")

HEAD = """How the tables of this connection are read. Edit it freely: what stands here is kept; only what is new is added.
to = a column of the fact; "" keeps the column as extra, "-" drops it. Confirm a synonym with confirmed = true."""


def load(path: Path | str) -> Mapping:
    """The mapping in a file; a DefinitionError names file and line of what is wrong and what was probably meant."""
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DefinitionError("There is no such mapping.", file=str(file), next_step="Check the path.") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise DefinitionError(f"The mapping cannot be read ({problem}).", file=str(file)) from None
    try:
        data = _parsed(text)
    except TOMLKitError as problem:
        line = getattr(problem, "line", 0)
        raise DefinitionError(
            f"This is no TOML: {problem}.",
            file=str(file),
            line=line,
            next_step="Mend the line, or delete the file to propose anew.",
        ) from None
    return Reader(str(file), text).mapping(data)


def _parsed(text: str) -> dict[str, Any]:
    """The values of a TOML text, by the fast reader; by the slow one where something is wrong, since it names the line."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return tomlkit.parse(text).unwrap()


def save(mapping: Mapping, path: Path | str) -> None:
    """Write a mapping; a file that is there keeps its comments, order and every entry that has not changed."""
    file = Path(path)
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    written = render(mapping, text)
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(file.name + ".new")
    temporary.write_text(written, encoding="utf-8")
    os.replace(temporary, file)


def render(mapping: Mapping, text: str = "") -> str:
    """The file's text, from the text that was there before."""
    document = tomlkit.parse(text)
    before = load_text(text) if text.strip() else None
    if before is None:
        for line in HEAD.splitlines():
            document.add(tomlkit.comment(line))
        document.add(tomlkit.nl())
    for key, value in (
        ("connection", mapping.connection),
        ("timezone", mapping.timezone),
        ("currency", mapping.currency),
    ):
        if before is None or getattr(before, key) != value:
            document[key] = value
    if mapping.ignored != (before.ignored if before else ()):
        document["ignored"] = _list(mapping.ignored)
    _tables(document, mapping, before)
    _rows(document, "stage", [_stage(stage) for stage in mapping.stages], ("pipeline", "name"))
    _rows(document, "synonym", [_synonym(synonym) for synonym in mapping.synonyms], ("fact", "written"))
    return tomlkit.dumps(document)


def load_text(text: str, file: str = "") -> Mapping:
    return Reader(file, text).mapping(tomlkit.parse(text).unwrap())


def _tables(document: tomlkit.TOMLDocument, mapping: Mapping, before: Mapping | None) -> None:
    entries = _array(document, "table")
    old = list(before.tables) if before else []
    wanted = list(mapping.tables)
    for index in range(len(old) - 1, -1, -1):
        if not any(
            (t.table, t.fact, t.carried) == (old[index].table, old[index].fact, old[index].carried) for t in wanted
        ):
            del entries[index]
            del old[index]
    for table in wanted:
        index = next(
            (i for i, t in enumerate(old) if (t.table, t.fact, t.carried) == (table.table, table.fact, table.carried)),
            -1,
        )
        if index < 0:
            entries.append(_table(table))
            old.append(table)
        elif old[index] != table:
            _update(entries[index], table, old[index])


def _table(table: TableMapping) -> Table:
    entry = tomlkit.table()
    for key, value in _settings(table).items():
        entry[key] = value
    columns = tomlkit.array()
    for column in table.columns:
        columns.add_line(_column(column), comment=_note(column))
    columns.add_line(indent="")
    entry["columns"] = columns
    return entry


def _settings(table: TableMapping) -> dict[str, Any]:
    found: dict[str, Any] = {"name": table.table, "fact": table.fact}
    if table.system:
        found["system"] = table.system
    if table.complete:
        found["complete"] = True
    if table.carried:
        found["carried"] = True
    if table.constants:
        found["constants"] = _inline(table.constants)
    if table.filter:
        found["filter"] = _inline({header: list(words) for header, words in table.filter.items()})
    if table.unpivot:
        found["unpivot"] = _list(table.unpivot)
        found["unpivot_to"] = _list(table.unpivot_to)
    if table.dimensions:
        found["dimensions"] = _list(table.dimensions)
    return found


def _update(entry: Table, table: TableMapping, old: TableMapping) -> None:
    """Change only what differs in an entry that people may have edited."""
    now, was = _settings(table), _settings(old)
    for key in was.keys() - now.keys():
        entry.remove(key)
    for key, value in now.items():
        if was.get(key) != value:
            entry[key] = value
    array = entry.get("columns")
    if not isinstance(array, Array):
        array = tomlkit.array()
        entry["columns"] = array
    had = list(old.columns)
    wanted = {(column.header, column.to) for column in table.columns}
    fresh = [column for column in table.columns if (column.header, column.to) not in {(c.header, c.to) for c in had}]
    for index, before in enumerate(had):  # a column that becomes another keeps its place and what is written beside it
        now_as = next((column for column in fresh if column.header == before.header), None)
        if now_as is not None and (before.header, before.to) not in wanted:
            array[index] = _column(now_as)
            _without_note(array, index)
            had[index] = now_as
            fresh.remove(now_as)
    for index in range(len(had) - 1, -1, -1):
        if (had[index].header, had[index].to) not in wanted:
            array.pop(index)
            del had[index]
    for column in table.columns:
        index = next((i for i, c in enumerate(had) if (c.header, c.to) == (column.header, column.to)), -1)
        if index < 0:
            array.add_line(_column(column), comment=_note(column))
            had.append(column)
        elif had[index] != column:
            array[index] = _column(column)


def _without_note(array: Array, index: int) -> None:
    """Take away what Tolok had noted beside an entry that a person has changed; the person's own words stay."""
    groups = [group for group in array._value if group.value is not None and not isinstance(group.value, Null)]
    comment = groups[index].comment
    if comment is not None and _NOTE.match(comment.as_string().strip()):
        groups[index].comment = Comment(Trivia(indent=" ", comment="# chosen by a person", trail=""))


def notes(text: str) -> dict[tuple[str, str, str, str], str]:
    """What stands beside the columns of a mapping, by table, fact, header and column: why it is read so."""
    found: dict[tuple[str, str, str, str], str] = {}
    table = fact = ""
    for line in text.splitlines():
        if said := re.match(r'(name|fact) = (".*")\s*$', line):
            value = tomllib.loads(f"x = {said[2]}")["x"]
            table, fact = (value, fact) if said[1] == "name" else (table, value)
        entry, mark, note = line.strip().rpartition("}, # ")
        if not mark or not entry.startswith("{"):
            continue
        try:
            column = tomllib.loads(f"x = {entry}}}")["x"]
        except tomllib.TOMLDecodeError:
            continue
        found[table, fact, str(column.get("header", "")), str(column.get("to", ""))] = note.split("; e.g. ")[0]
    return found


def _column(column: ColumnMapping) -> InlineTable:
    data: dict[str, Any] = {"header": column.header, "to": column.to}
    if column.parse != "text":
        data["parse"] = column.parse
    for key in ("by", "format", "unit"):
        if getattr(column, key):
            data[key] = getattr(column, key)
    if column.decimal != ".":
        data["decimal"] = column.decimal
    if column.joined:
        data["joined"] = list(column.joined)
    if column.values:
        data["values"] = dict(column.values)
    if column.assumption:
        data["assumption"] = column.assumption
    return _inline(data)


def _note(column: ColumnMapping) -> str | None:
    """Why and how sure, with samples: for the reader, not read back."""
    parts = []
    if column.to not in ("", "-"):
        parts.append(f"{column.confidence:.0%}" + (f", {column.why}" if column.why else ""))
    # names and addresses of people stay out of the file, so that forgetting a person need not look here
    if column.samples and column.parse in _SHOWN:
        parts.append("e.g. " + " | ".join(sample[:30] for sample in column.samples))
    note = "; ".join(parts)
    return " ".join("".join(letter if letter.isprintable() else " " for letter in note).split()) or None


def _stage(stage: StageMapping) -> dict[str, Any]:
    data: dict[str, Any] = {"name": stage.name, "position": stage.position, "outcome": stage.outcome}
    if stage.pipeline:
        data = {"pipeline": stage.pipeline, **data}
    if stage.probability is not None:
        chance = stage.probability
        data["probability"] = int(chance) if chance == int(chance) else chance
    return data


def _synonym(synonym: Synonym) -> dict[str, Any]:
    data = {"fact": synonym.fact, "written": synonym.written, "means": synonym.means, "confirmed": synonym.confirmed}
    return {**data, "refused": True} if synonym.refused else data


def _rows(document: tomlkit.TOMLDocument, name: str, rows: list[dict[str, Any]], keys: tuple[str, ...]) -> None:
    """Bring an array of small tables up to date by its keys, leaving equal ones untouched."""
    if not rows and name not in document:
        return
    entries = _array(document, name)

    def key(row: Any) -> tuple[str, ...]:
        return tuple(str(row.get(part, "")) for part in keys)

    wanted = {key(row): row for row in rows}
    for index in range(len(entries) - 1, -1, -1):
        if key(entries[index]) not in wanted:
            del entries[index]
    have = {key(entry): entry for entry in entries}
    for identity, row in wanted.items():
        entry = have.get(identity)
        if entry is None:
            fresh = tomlkit.table()
            for part, value in row.items():
                fresh[part] = value
            entries.append(fresh)
            continue
        for part, value in row.items():
            if entry.unwrap().get(part) != value:
                entry[part] = value
        if "refused" in entry and "refused" not in row:
            entry.remove("refused")


def _array(document: tomlkit.TOMLDocument, name: str) -> AoT:
    if name in document and isinstance(document[name], Array) and not document[name]:
        document.remove(name)  # what is left of an array of tables when the last is taken out
    if name not in document:
        document.add(tomlkit.nl())
        document.append(name, tomlkit.aot())
    found: Item = document[name]
    if not isinstance(found, AoT):
        raise DefinitionError(f"Write [[{name}]] with two brackets: there may be several.")
    return found


def _list(items: Iterable[str]) -> Array:
    array = tomlkit.array()
    texts = list(items)
    array.extend(texts)
    if sum(map(len, texts)) > 90:
        array.multiline(True)
    return array


def _inline(data: dict[str, Any]) -> InlineTable:
    table = tomlkit.inline_table()
    for key, value in data.items():
        table[key] = _inline(value) if isinstance(value, dict) else value
    return table
