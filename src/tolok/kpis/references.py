"""What KPIs say about each other: every KPI named must exist, and no formula may lead back to itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from tolok.errors import DefinitionError, nearest
from tolok.kpis.bodies import kpis_named_in, needs_kpis
from tolok.kpis.definition import Body, Definition, Members
from tolok.kpis.lines import line_of


def check(definitions: Mapping[str, Definition]) -> None:
    """Refuse unknown KPIs in formulas, changes, rules and targets, and cycles between formulas."""
    for definition in definitions.values():
        for name, variant, key in names_of(definition):
            _must_exist(definitions, definition, name, variant, key)
    for id_ in definitions:
        _no_cycle(definitions, id_)


def depends_on(definitions: Mapping[str, Definition], id_: str) -> tuple[str, ...]:
    """Every KPI that must be known to answer this one or any of its variants, itself first."""
    found = [id_]
    for name in found:
        for body in _bodies(definitions[name]):
            found.extend(other for full in needs_kpis(body) if (other := full.split(".")[0]) not in found)
    return tuple(found)


def _bodies(definition: Definition) -> Iterator[Body]:
    yield definition.body
    for variant in definition.variants.values():
        yield variant.body


def names_of(definition: Definition) -> Iterator[tuple[str, str, str]]:
    """KPIs that a definition names: id, variant, and the key that names them."""
    for body in _bodies(definition):
        for full, key in kpis_named_in(body):
            name, _, variant = full.partition(".")
            yield name, variant, key
    for rule in definition.rules:
        for name in rule.grows:
            yield name, "", "grows"
        for name in rule.look_at:
            yield name, "", "look_at"


def _must_exist(definitions: Mapping[str, Definition], by: Definition, name: str, variant: str, key: str) -> None:
    known = definitions.get(name)
    if known is None:
        raise DefinitionError(
            f"{by.id} names a KPI {name!r} that does not exist.",
            file=by.file,
            line=_line(by, name, key),
            next_step=nearest(name, definitions),
        )
    if variant and variant not in known.variants:
        raise DefinitionError(
            f"{by.id} names a variant {variant!r} that {name} does not have.",
            file=by.file,
            line=_line(by, f"{name}.{variant}", key),
            next_step=nearest(variant, known.variants),
        )


def _no_cycle(definitions: Mapping[str, Definition], start: str) -> None:
    trail: list[str] = []
    asked_each: list[str] = []

    def follow(full: str) -> None:
        name, _, variant = full.partition(".")
        if full in trail:
            first = definitions[start]
            path = " → ".join([*trail[trail.index(full) :], full])
            raise DefinitionError(
                f"{start} is computed from itself: {path}.", file=first.file, line=_line(first, "", "expression")
            )
        trail.append(full)
        definition = definitions[name]
        chosen = variant or definition.default_variant
        body = definition.variants[chosen].body if chosen else definition.body
        if isinstance(body, Members):
            if asked_each:
                first = definitions[start]
                raise DefinitionError(
                    f"{asked_each[0]} asks each member for a KPI that itself rests on {full}, which does the same.",
                    file=first.file,
                    line=_line(first, "", "of"),
                    next_step="Name a KPI that is computed from rows.",
                )
            asked_each.append(full)
        for other in needs_kpis(body):
            follow(other)
        if isinstance(body, Members):
            asked_each.pop()
        trail.pop()

    follow(start)
    for variant in definitions[start].variants:
        follow(f"{start}.{variant}")


def _line(definition: Definition, name: str, key: str) -> int:
    """The line that names the KPI, found again in the file; 0 where there is no file to look into."""
    try:
        text = Path(definition.file).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return 0
    for number, line in enumerate(text.splitlines(), 1):
        if key in line and name in line:
            return number
    return line_of(text, (key,))
