"""One statement for all scans of a question, and its rows as a grid of members × slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from sqlglot import exp

from tolok.model import FACTS
from tolok.query.build import column, double, literal, named, table
from tolok.query.context import Context
from tolok.query.flow import Scan
from tolok.query.parts import Floats

Member = tuple[str | None, ...]
Names = tuple[Member, ...]
Lines = npt.NDArray[np.int64]
Layout = tuple[Scan, ...]


def assemble(context: Context, scans: Sequence[Scan], labels: Sequence[str]) -> tuple[exp.Expr, Layout]:
    """The scans one below the other: ``scan, k, d0…, n0…, p0…``, where each scan gives its own parts their meaning.

    ``labels`` names for each dimension the fact whose rows its values are ids of, or "". The statement grows with
    the scans and their parts, not with their product, so that thirty KPIs are planned as fast as they are read.
    After the question's dimensions comes one column for each layer: the member of its own dimension.
    """
    order = sorted(scans, key=lambda scan: -len(scan.parts))  # the widest first: it gives the columns their types
    width = len(order[0].parts) if order else 0
    asked = len(context.by)
    keys = [f"d{position}" for position in range(asked)]
    layers = range(1, 1 + max((scan.layer for scan in scans), default=0))
    extra = {layer: f"d{asked + layer - 1}" for layer in layers}
    pieces: list[exp.Expr] = []
    for number, scan in enumerate(order):
        context.ctes[f"scan_{number}"] = scan.select
        piece = exp.select(named(literal(number), "scan"), column("k", "g"))
        for key in keys:
            piece.select(named(exp.cast(column(key, "g"), "varchar"), key), copy=False)
        for layer, key in extra.items():
            member = column(f"d{asked}", "g") if scan.layer == layer else exp.null()
            piece.select(named(exp.cast(member, "varchar"), key), copy=False)
        for position in range(width):
            has = position < len(scan.parts)
            value = double(column(scan.parts[position].name, "g")) if has else exp.null()
            piece.select(named(value, f"p{position}"), copy=False)
        pieces.append(piece.from_(table(f"scan_{number}", "g"), copy=False))
    if not pieces:
        nothing = exp.select(named(literal(0), "scan"), named(literal(0), "k")).where(exp.false())
        pieces.append(nothing.select(*[named(exp.cast(exp.null(), "varchar"), key) for key in keys]))
    context.ctes["parts"] = pieces[0] if len(pieces) == 1 else exp.union(*pieces, distinct=False, copy=False)
    final = exp.select(column("scan", "g"), column("k", "g")).from_(table("parts", "g"))
    for position, fact in enumerate(labels):
        own = column(f"d{position}", "g")
        label: exp.Expr = own
        if fact:
            alias = f"l{position}"
            final.append("joins", exp.Join(this=table(fact, alias), side="LEFT", on=column("id", alias).eq(own.copy())))
            shown = column(FACTS[fact].by_name or "source_id", alias)
            label = exp.Coalesce(this=shown, expressions=[own.copy()])
        final.select(own.copy(), named(label, f"n{position}"), copy=False)
    final.select(*[column(key, "g") for key in extra.values()], copy=False)
    final.select(*[column(f"p{position}", "g") for position in range(width)], copy=False)
    for name, select in context.ctes.items():
        shared = name == "slots" or name.startswith("days_")  # read by many scans, worth making once
        final = final.with_(name, as_=select, materialized=shared or None, copy=False)
    return final, tuple(order)


def shaped(
    columns: Mapping[str, np.ndarray], layout: Layout, dimensions: int, slots: int
) -> tuple[dict[str, Floats], Names, Names]:
    """The parts as members × slots, with the members' names and ids in the order of their names.

    Parts of a layer have rows of their own: ``{layer}_home`` tells which of the members each belongs to, NaN where
    it is nobody's.
    """
    found: list[tuple[Member, Member]] = [((), ())]
    lines: Lines = np.zeros(len(columns["k"]), dtype=np.int64)
    for position in range(dimensions):
        own, places_of = _members(columns[f"d{position}"].tolist(), columns[f"n{position}"].tolist())
        met, lines = _met(lines, places_of, len(own))
        found = [((*found[outer][0], own[inner][0]), (*found[outer][1], own[inner][1])) for outer, inner in met]
    of_scan, slot = columns["scan"].astype(np.int64), columns["k"].astype(np.int64)
    grid: dict[str, Floats] = {"members": np.zeros((len(found), 1))}
    layer_of = np.array([scan.layer for scan in layout] or [0])[of_scan]
    for layer in sorted({0, *(scan.layer for scan in layout)}):
        at, home, height = lines, np.zeros(0), len(found)
        if layer:
            of_layer = np.flatnonzero(layer_of == layer)
            at, home = _asked_each(columns[f"d{dimensions + layer - 1}"], lines, of_layer)
            height = len(home)
            grid[layer_name(layer) + "home"] = home.reshape(-1, 1)
        places = at * slots + slot
        for number, scan in enumerate(layout):
            if scan.layer != layer:
                continue
            rows = np.flatnonzero(of_scan == number)
            for position, part in enumerate(scan.parts):
                values = np.full(height * slots, np.nan)
                values[places[rows]] = np.asarray(columns[f"p{position}"], dtype=np.float64)[rows]
                grid[part.name] = values.reshape(height, slots)
    return grid, tuple(names for _, names in found), tuple(ids for ids, _ in found)


def layer_name(layer: int) -> str:
    """What the names of a layer's parts begin with; nothing for those of the question itself."""
    return f"l{layer}_" if layer else ""


def _asked_each(ids: np.ndarray, lines: Lines, rows: Lines) -> tuple[Lines, Floats]:
    """The place of each of a layer's rows among the layer's own members, and the line that each member belongs to."""
    own, places_of = _members(ids.tolist(), ids.tolist())
    pairs, met = np.unique(lines[rows] * len(own) + places_of[rows], return_inverse=True)
    at: Lines = np.zeros(len(lines), dtype=np.int64)
    at[rows] = met
    nobody = np.array([id_ is None for id_, _ in own], dtype=bool)
    return at, np.where(nobody[pairs % len(own)], np.nan, pairs // len(own)) if len(own) else np.zeros(0)


def _members(ids: list[str | None], names: list[str | None]) -> tuple[list[tuple[str | None, str | None]], Lines]:
    """The members of one dimension by name, then by id, who has neither last; and the place of each row's in the list."""
    named_as = dict(zip(ids, names, strict=True))  # an id has one name
    found = sorted(named_as.items(), key=lambda pair: [(word is None, word or "") for word in (pair[1], pair[0])])
    place = {member: number for number, (member, _) in enumerate(found)}
    return found, np.fromiter(map(place.__getitem__, ids), dtype=np.int64, count=len(ids))


def _met(outer: Lines, inner: Lines, width: int) -> tuple[list[tuple[int, int]], Lines]:
    """The pairs of places that occur together, in order, and the place of each row's pair among them."""
    if not outer.any():
        return [(0, place) for place in range(width)], inner
    pairs, lines = np.unique(outer * width + inner, return_inverse=True)
    return [divmod(pair, width) for pair in pairs.tolist()], np.asarray(lines, dtype=np.int64)
