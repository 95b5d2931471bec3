"""What a heading may mean: the declared words for every column of a fact, in the languages of ``vocabulary/``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from tolok.sources.headings import normal, without_unit
from tolok.sources.recognise.abbreviations import spelled_out


@dataclass(frozen=True)
class Vocabulary:
    """The declared words of one fact: names of tables, headings of columns, and what tells the fact from others."""

    fact: str
    names: frozenset[str]
    needs: tuple[tuple[str, ...], ...]
    marks: dict[str, float]
    strong: frozenset[str]
    against: frozenset[str]
    columns: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Meaning:
    """A column of a fact that a heading may stand for, with how sure the words alone are."""

    column: str
    weight: float
    why: str


@cache
def vocabularies() -> dict[str, Vocabulary]:
    """The vocabulary of every fact, read once from the package's own files."""
    found: dict[str, Vocabulary] = {}
    for entry in sorted(resources.files("tolok.sources.recognise").joinpath("vocabulary").iterdir(), key=str):
        if not entry.name.endswith(".toml"):
            continue
        data = tomllib.loads(entry.read_text(encoding="utf-8"))
        fact = entry.name.removesuffix(".toml")
        found[fact] = Vocabulary(
            fact=fact,
            names=frozenset(map(normal, data["names"])),
            needs=tuple(tuple(group) for group in data["needs"]),
            marks=data["marks"],
            strong=frozenset(map(normal, data.get("strong", ()))),
            against=frozenset(map(normal, data.get("against", ()))),
            columns={column: tuple(dict.fromkeys(map(normal, words))) for column, words in data["columns"].items()},
        )
    return found


@cache
def _index(fact: str) -> dict[str, list[tuple[str, int]]]:
    index: dict[str, list[tuple[str, int]]] = {}
    for column, words in vocabularies()[fact].columns.items():
        for rank, word in enumerate(words):
            index.setdefault(word, []).append((column, rank))
    return index


@cache
def _run_together(fact: str) -> dict[str, list[tuple[str, int]]]:
    """The words without their spaces, as ORDERNUMBER is written."""
    found: dict[str, list[tuple[str, int]]] = {}
    for word, columns in _index(fact).items():
        if " " in word:
            found.setdefault(word.replace(" ", ""), []).extend(columns)
    return found


_GENERIC = frozenset(
    [
        "id",
        "name",
        "date",
        "data",
        "type",
        "value",
        "amount",
        "total",
        "status",
        "state",
        "source",
        "person",
        "user",
        "key",
        "note",
        "item",
        "order",
        "nama",
        "nom",
        "nome",
        "no",
        "naam",
        "datum",
        "tanggal",
        "tgl",
        "fecha",
        "number",
        "title",
        "group",
        "line",
        "office",
        "field",
        "new",
        "old",
        "from",
        "to",
        "on",
        "class",
        "size",
        "area",
        "sales",
    ]
)


def meanings(heading: str, fact: str) -> list[Meaning]:
    """The columns of a fact that a heading may stand for, best first.

    >>> [m.column for m in meanings("Opportunity Owner: Full Name", "deals")][:1]
    ['owner_id']
    """
    index = _index(fact)
    text = without_unit(normal(heading)) or normal(heading)
    found: dict[str, Meaning] = {}
    for column, rank in index.get(text, ()):
        found[column] = Meaning(column, 1.0 - min(rank, 100) * 0.002, f"“{heading}” is a known heading")
    if " " not in text and not found:
        for column, rank in _run_together(fact).get(text, ()):
            found.setdefault(column, Meaning(column, 0.97 - min(rank, 100) * 0.002, f"“{heading}” is a known heading"))
    others = spelled_out(text)
    for long in others:
        for column, rank in index.get(long, ()):
            weight = 0.96 - min(rank, 100) * 0.002
            if column not in found or found[column].weight < weight:
                found[column] = Meaning(column, weight, f"“{heading}” is short for “{long}”")
    bare = after_its_table(heading, fact)
    if bare and not found:
        for column, rank in index.get(bare, ()):
            found[column] = Meaning(column, 0.95 - min(rank, 100) * 0.002, f"“{heading}” says “{bare}” of itself")
    core = _without_its_table(text, fact)
    if core and not found:
        for column, rank in index.get(core, ()):
            found[column] = Meaning(column, 0.92 - min(rank, 100) * 0.002, f"“{heading}” says “{core}”")
    if not found:  # "Toko/PT": either word
        for part in filter(None, map(normal, re.split(r"/|\\|\batau\b|\bor\b", heading))):
            for column, rank in index.get(part, ()):
                found.setdefault(column, Meaning(column, 0.9 - min(rank, 100) * 0.002, f"“{heading}” says “{part}”"))
    for said in (text, *others):
        _within(heading, said, index, found)
    return sorted(found.values(), key=lambda meaning: -meaning.weight)


def after_its_table(heading: str, fact: str) -> str:
    """What a heading says after the name of its own table, "" where it does not begin with it.

    >>> after_its_table("Negócio - Status", "deals"), after_its_table("Contact - Status", "deals")
    ('status', '')
    """
    before, mark, after = heading.partition(" - ")
    return normal(after) if mark and normal(before) in vocabularies()[fact].names else ""


_JOINING = frozenset(
    [
        "of",
        "the",
        "de",
        "da",
        "do",
        "del",
        "della",
        "dell",
        "di",
        "du",
        "des",
        "des",
        "der",
        "die",
        "das",
        "des",
        "dem",
        "den",
        "van",
        "het",
        "la",
        "le",
        "el",
        "l",
        "d",
        "da",
        "das",
        "dos",
        "de",
        "las",
        "los",
        "s",
    ]
)


def _without_its_table(text: str, fact: str) -> str:
    """A heading without the name of its own table and the words between, "" where it has none.

    >>> _without_its_table("propietario de oportunidad", "deals"), _without_its_table("deal owner", "deals")
    ('propietario', 'owner')
    """
    tokens = text.split()
    rest = [token for token in tokens if token not in _JOINING]
    names = vocabularies()[fact].names
    kept = [token for token in rest if token not in names]
    return " ".join(kept) if kept and len(kept) < len(rest) and len(tokens) <= 6 else ""


_SOLD = frozenset(["amount", "quantity", "unit_price", "tax", "cost"])
_BESIDE = frozenset(
    [
        "returned", "return", "refund", "refunded", "refundable", "cancelled", "canceled", "retur", "discount", "disc",
        "diskon", "potongan", "rabatt", "remise", "descuento", "desconto", "sconto", "korting", "rebate", "voucher",
        "shipping", "delivery", "freight", "ongkir", "ongkos", "kirim", "pengiriman", "versand", "envio", "frete",
        "livraison", "spedizione", "verzending", "fee", "fees", "commission", "komisi", "insurance", "asuransi", "tip",
        "tips", "duties", "outstanding", "balance", "due", "sisa", "saldo", "cashback", "coupon", "kupon", "points",
        "coin", "coins", "koin", "weight", "berat", "bundle", "cutoff", "deposit", "gift",
    ]
)  # fmt: skip
"""Words by which a figure is something beside what was sold: taken back, deducted, added for the way, still owed."""


def _within(heading: str, text: str, index: dict[str, list[tuple[str, int]]], found: dict[str, Meaning]) -> None:
    """Adds the meanings of the known words that a longer heading contains."""
    tokens = text.split()
    if len(tokens) > 8:
        return
    beside = not _BESIDE.isdisjoint(tokens)
    for start in range(len(tokens)):
        for end in range(len(tokens), start, -1):
            part = " ".join(tokens[start:end])
            share = (end - start) / len(tokens)
            if share == 1.0 or share < 0.4 or part in _GENERIC:
                continue
            for column, rank in index.get(part, ()):
                if beside and column in _SOLD:
                    continue
                weight = 0.4 + 0.35 * share - rank * 0.001 + (0.02 if start == 0 else 0)
                if column not in found or found[column].weight < weight:
                    found[column] = Meaning(column, weight, f"“{heading}” contains “{part}”")
