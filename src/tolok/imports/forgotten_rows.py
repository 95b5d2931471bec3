"""Rows without the people who were forgotten: those of an import, and those of kept snapshots."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import duckdb

from tolok.imports.difference import HASH, hashed
from tolok.imports.forgotten import Forgotten, Person
from tolok.imports.identity import Group
from tolok.imports.work import Work
from tolok.model import FACTS, Fact
from tolok.sources.values.quoting import identifier, literal, literals

ABOUT = ("reps", "contacts", "leads", "accounts")
"""Facts whose rows may be about a person."""

BY_NAME = (*ABOUT, "memberships", "teams")
DESCRIBING = ("name", "email", "phone", "title", "extra")
BATCH = 10_000


@dataclass
class Cleaning:
    """What is to be replaced in one fact: by column the texts, and what the person's own rows say of them."""

    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    own: dict[str, dict[str, str | None]] = field(default_factory=dict)  # by id

    def __bool__(self) -> bool:
        return bool(self.texts or self.own)

    @property
    def cells(self) -> int:
        return sum(len(texts) for texts in self.texts.values())


@dataclass
class Looked:
    """What was looked at already: many columns of many files hold the same texts, and each is looked at once."""

    connection: duckdb.DuckDBPyConnection
    dirty: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection.execute("CREATE OR REPLACE TEMP TABLE looked (text VARCHAR)")

    def texts(self, forgotten: Forgotten, fact: Fact, column: str, relation: str) -> dict[str, str]:
        """The texts of a column that name the forgotten, with what is to stand instead."""
        name = identifier(column)
        rows = f"SELECT DISTINCT {name} AS text FROM {relation} WHERE {name} IS NOT NULL"
        if column == "source_id" and fact.column("source"):  # whoever is named by it is named by the row's id as well
            rows += f" AND (id IS DISTINCT FROM source || ':' || source_id OR id IN ({_listed(self.dirty)}))"
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE looking AS {rows}")
        many = self._many()
        if many:
            self.connection.execute("CREATE OR REPLACE TEMP TABLE fresh AS FROM looking ANTI JOIN looked USING (text)")
            self.connection.execute("INSERT INTO looked FROM fresh")
        result = self.connection.execute(f"SELECT text FROM {'fresh' if many else 'looking'}")
        while batch := result.fetchmany(BATCH):
            self.dirty.update(_dirty(forgotten, batch))
        held = self.connection.execute(f"SELECT text FROM looking WHERE text IN ({_listed(self.dirty)})").fetchall()
        return {text: self.dirty[text] for (text,) in held}

    def _many(self) -> bool:
        """Whether the column has so many texts that it is worth while to leave out those that were looked at."""
        row = self.connection.execute("SELECT count(*) FROM looking").fetchone()
        return bool(row and row[0] > BATCH)


def _dirty(forgotten: Forgotten, rows: list[tuple[str]]) -> dict[str, str]:
    together = "\n".join(text for (text,) in rows)
    if forgotten.cleaned_lines(together) == together:  # one long text takes less time than many short ones
        return {}
    return {text: clean for (text,) in rows if (clean := forgotten.cleaned(text)) != text}


def _listed(texts: Iterable[str]) -> str:
    return literals(texts) if texts else "NULL"


def look(
    run: Callable[[str], duckdb.DuckDBPyConnection],
    forgotten: Forgotten,
    fact: Fact,
    relation: str,
    found: Cleaning,
    *,
    id_: str = "id",
    looked: Looked | None = None,
) -> Cleaning:
    """Add what a relation holds of the forgotten to what was found."""
    described = run(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    held = [str(row[0]) for row in described if row[1] == "VARCHAR" and _is_text(fact, str(row[0]))]
    for column in held:
        texts = found.texts.get(column, {})
        if looked:
            texts |= looked.texts(forgotten, fact, column, relation)
        else:
            result = run(f"SELECT DISTINCT {identifier(column)} FROM {relation} WHERE {identifier(column)} IS NOT NULL")
            while rows := result.fetchmany(BATCH):
                texts |= _dirty(forgotten, rows)
        if texts:
            found.texts[column] = texts
    if fact.name in ABOUT and any(person.rows for person in forgotten.people):
        _own_rows(run, forgotten, fact, relation, found, id_, held)
    return found


def select(fact: Fact, relation: str, cleaning: Cleaning, *, columns: list[str], id_: str = "id") -> str:
    """The SELECT of a relation's columns without the forgotten."""
    joins, chosen = [], []
    for place, name in enumerate(columns):
        quoted = f"r.{identifier(name)}"
        value = quoted
        texts = cleaning.texts.get(name)
        if texts:
            rows = ", ".join(f"({literal(text)}, {literal(clean)})" for text, clean in texts.items())
            joins.append(f"LEFT JOIN (VALUES {rows}) AS m{place}(dirty, clean) ON m{place}.dirty = {quoted}")
            value = f"coalesce(m{place}.clean, {quoted})"
        about = {key: cells[name] for key, cells in cleaning.own.items() if name in cells}
        if about:
            cases = " ".join(
                f"WHEN {literal(key)} THEN {'NULL' if text is None else literal(text)}" for key, text in about.items()
            )
            value = f"CASE r.{identifier('_of')} {cases} ELSE {value} END"
        chosen.append(f"{value} AS {identifier(name)}")
    rows = f"(SELECT *, {id_} AS {identifier('_of')} FROM {relation})" if cleaning.own else relation
    return f"SELECT {', '.join(chosen)} FROM {rows} AS r {' '.join(joins)}"


def cleaned_group(work: Work, forgotten: Forgotten, group: Group) -> Group:
    """Rows of an import without the forgotten, once their identities are known: those are as they were before."""
    if not forgotten:
        return group
    id_ = f"{work.prefix} || source_id"
    found = look(work.run, forgotten, group.fact, group.relation, Cleaning(), id_=id_)
    if not found:
        return group
    columns = [str(row[0]) for row in work.run(f"DESCRIBE SELECT * FROM {group.relation}").fetchall()]
    rows = select(group.fact, group.relation, found, columns=columns, id_=id_)
    return replace(group, relation=work.table("without_forgotten", rows) if found.own else f"({rows})")


def edit_of(cleanings: dict[str, Cleaning]) -> Callable[[Fact, str], str | None]:
    """What ``Snapshots.rewrite`` does to each fact."""

    def edit(fact: Fact, relation: str) -> str | None:
        cleaning = cleanings.get(fact.name)
        if not cleaning:
            return None
        rows = select(fact, relation, cleaning, columns=list(fact.column_names))
        if "id" in cleaning.texts and fact.name in BY_NAME:  # two spellings of one person are one row now
            rows = (
                f"SELECT * FROM ({rows}) QUALIFY row_number() OVER (PARTITION BY id ORDER BY {hashed(fact.name)}) = 1"
            )
        return f"SELECT *, {hashed(fact.name)} AS {HASH} FROM ({rows})" if HASH in relation else rows

    return edit


def _own_rows(
    run: Callable[[str], duckdb.DuckDBPyConnection],
    forgotten: Forgotten,
    fact: Fact,
    relation: str,
    found: Cleaning,
    id_: str,
    held: list[str],
) -> None:
    result = run(f"SELECT DISTINCT {id_} FROM {relation}")
    people = {}
    while rows := result.fetchmany(BATCH):
        for (key,) in rows:
            person = forgotten.of_row(fact.name, key) if key else None
            if person:
                people[key] = person
    if not people:
        return
    told = [name for name in DESCRIBING if name in held]
    chosen = ", ".join(identifier(name) for name in told)
    listed = run(f"SELECT DISTINCT {id_}, {chosen} FROM {relation} WHERE {id_} IN ({literals(people)})").fetchall()
    for key, *texts in listed:
        for name, text in zip(told, texts, strict=True):
            clean = _described(forgotten, people[key], name, text)
            if clean != text:
                found.own.setdefault(key, {})[name] = clean


def _described(forgotten: Forgotten, person: Person, name: str, text: str | None) -> str | None:
    """What a row about the person says of them instead."""
    if text is None or name in ("phone", "title"):
        return None
    if name == "extra":
        return forgotten.without_personal(text)
    return person.stands("address" if name == "email" else "name")


def _is_text(fact: Fact, name: str) -> bool:
    column = FACTS[fact.name].column(name)
    return column is not None and column.type != "choice"
