"""The KPIs as people name them in a sentence, in both languages: names and synonyms of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher, get_close_matches

from tolok.kpis.bodies import kpis_named_in
from tolok.kpis.definition import Cohort, Definition, Formula, Measure, Members, Movement, Ratio

PREFERRED = ("revenue", "win_rate", "deals_won", "quota_attainment")
"""Which KPI a name means that several KPIs share, where one of these is among them."""


_DEALS_TO_WIN = re.compile(
    r"\b(?:win|wins|close|closing|menangkan|memenangkan|tutup|menutup)\b[\w\s]*?\b(?P<what>deals?|opportunities|transaksi|peluang)\b"
)


@dataclass(frozen=True)
class Named:
    """A KPI as a sentence names it: its id, where the name stands, and which other KPIs have the same name."""

    kpi: str
    name: str
    at: tuple[int, int]
    others: tuple[str, ...] = ()


def names(definitions: Mapping[str, Definition]) -> dict[str, tuple[str, ...]]:
    """Every name in lower case, and the KPIs that have it: those that are called so before those with the synonym."""
    own: dict[str, list[str]] = {}
    also: dict[str, list[str]] = {}
    for definition in definitions.values():
        words = definition.words_in("id")
        for name in (definition.name, words.name, definition.id, definition.id.replace("_", " ")):
            _add(own, name, definition.id)
        for name in (*definition.aliases, *words.aliases):
            _add(also, name, definition.id)
    found = {}
    for name in {*own, *also}:
        ids = own.get(name) or also.get(name, [])
        chosen = sorted(dict.fromkeys(ids), key=lambda one: (PREFERRED.index(one) if one in PREFERRED else 9, one))
        found[name] = tuple(chosen)
    return found


def find(text: str, definitions: Mapping[str, Definition]) -> Named | None:
    """The KPI that a text names: the longest name in it, and the first of those."""
    low = re.sub(r"[-_]", " ", text.lower())
    best: Named | None = None
    if "deals_won" in definitions and (won := _DEALS_TO_WIN.search(low)):
        best = Named("deals_won", won[0], won.span("what"))
    for name, ids in names(definitions).items():
        plain = re.sub(r"[-_]", " ", name)
        found = re.search(rf"(?<!\w){re.escape(plain)}s?(?!\w)", low) if plain in low else None
        if found and (best is None or (len(name), -found.start()) > (len(best.name), -best.at[0])):
            best = Named(ids[0], name, found.span(), ids[1:])
    return best


def did_you_mean(text: str, definitions: Mapping[str, Definition]) -> str:
    """ "Did you mean …?" with the names of KPIs that words of a text come near to; "" where none does."""
    known = names(definitions)
    words = re.findall(r"[^\W\d_]+", text.lower())
    best: tuple[float, str] = (0.0, "")
    for length in (3, 2, 1):
        for place in range(len(words) - length + 1):
            said = " ".join(words[place : place + length])
            for name in get_close_matches(said, known, n=1, cutoff=0.8):
                best = max(best, (SequenceMatcher(None, said, name).ratio(), name))
    return f"Did you mean {best[1]}?" if best[1] else ""


def drivers(north_star: str, definitions: Mapping[str, Definition]) -> frozenset[str]:
    """What is known to move a KPI: the parts that it is computed of, what its rules look at, and theirs once more."""
    found: set[str] = set()
    edge = {north_star}
    for _ in range(2):
        near: set[str] = set()
        for definition in (definitions[name] for name in edge if name in definitions):
            bodies = [definition.body, *(variant.body for variant in definition.variants.values())]
            near |= {full.partition(".")[0] for body in bodies for full, _ in kpis_named_in(body)}
            near |= {name for rule in definition.rules for name in (*rule.look_at, *rule.grows)}
        edge = {name for name in near if name in definitions} - found - {north_star}
        found |= edge
    return frozenset(found)


def most(definition: Definition) -> Decimal | None:
    """The largest value that a KPI can have: 100 for the share of a whole; None where there is no limit.

    >>> from tolok.kpis.load import catalogue
    >>> str(most(catalogue()["win_rate"])), most(catalogue()["quota_attainment"])
    ('100', None)
    """
    variant = definition.variants.get(definition.default_variant)
    body = variant.body if variant else definition.body
    if definition.unit == "score":
        return Decimal(100)
    if definition.unit != "percent" or isinstance(body, Formula):
        return None
    if isinstance(body, Cohort):
        return Decimal(100)
    if isinstance(body, Members):
        return Decimal(100) if body.share_test else None
    if isinstance(body, Movement):
        return None if "expansion" in body.answer or "new" in body.answer else Decimal(100)
    if isinstance(body, Ratio) and _part_of(body.of, body.over):
        return Decimal(100)
    return None


def _part_of(of: Measure, over: Measure) -> bool:
    """Whether what is counted above is counted below, too."""
    same = of.fact == over.fact and of.aggregate == over.aggregate and of.window == over.window
    return same and of.aggregate in ("count", "distinct")


def _add(into: dict[str, list[str]], name: str, kpi: str) -> None:
    if name:
        into.setdefault(name.lower(), []).append(kpi)
