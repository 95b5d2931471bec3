"""A KPI whose authorities disagree: what each way of computing it says of the same period, beside one another."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from tolok.kpis.definition import Definition
from tolok.query.answer import Row
from tolok.query.question import Question, Viewer
from tolok.web.asking import Asking
from tolok.web.kpis.gaps import missing
from tolok.web.look.tags import language

STANDARD = "standard"
"""What questions call the way that has no name of its own."""


@dataclass(frozen=True)
class Way:
    """One way of computing: what it does, what it says of the period, and what it would need where it cannot tell.

    ``address`` is what the address calls it, "" for the one that ``counts`` here.
    """

    address: str
    name: str
    formula: str
    note: str
    translated: bool
    counts: bool
    row: Row
    lacks: tuple[str, ...]
    why_none: tuple[str, ...]


def variant_of(request: HttpRequest, definition: Definition) -> str:
    """The variant that the address names, "" for the one that counts here."""
    wanted = request.GET.get("variant", "")
    if wanted and wanted not in addresses(definition):
        raise Http404
    return wanted


def addresses(definition: Definition) -> dict[str, str]:
    """What addresses call each variant, with its name; "" is the one that counts here and comes first."""
    words = definition.words_in(language())
    names = {STANDARD: _("Standard")} | {id_: words.variants.get(id_, id_) for id_ in definition.variants}
    here = definition.default_variant or STANDARD
    return {"": names[here]} | {id_: name for id_, name in names.items() if id_ != here}


def ways(asking: Asking, definition: Definition, viewer: Viewer) -> tuple[Way, ...]:
    """All variants of a KPI in the period that is looked at, asked in one question; nothing where there is one way."""
    if not definition.variants:
        return ()
    named = addresses(definition)
    here = definition.default_variant or STANDARD
    answer = asking.workspace.answer(_question(asking, definition, tuple(id_ or here for id_ in named), viewer))
    workspace, words = asking.workspace, definition.words_in(language())
    found = []
    for (address, name), row in zip(named.items(), answer.rows(), strict=True):
        variant = definition.variants.get(address or here)
        lacks: tuple[str, ...] = ()
        why_none: tuple[str, ...] = ()
        if row.value is None:
            lacks = missing(workspace, definition, workspace.definitions, address or here)
        if row.value is None and not lacks:
            why_none = workspace.answer(_question(asking, definition, (address or here,), viewer)).notes
        found.append(
            Way(
                address,
                name,
                words.formula if variant is None else words.formulas.get(variant.id, variant.formula),
                variant.note if variant is not None and language() == "en" else "",
                variant is None or language() == "en" or variant.id in words.formulas,
                address == "",
                row,
                lacks,
                why_none,
            )
        )
    return tuple(found)


def _question(asking: Asking, definition: Definition, variants: tuple[str, ...], viewer: Viewer) -> Question:
    return Question(
        kpis=tuple(f"{definition.id}.{variant}" for variant in variants),
        grain=asking.grain,  # type: ignore[arg-type]
        start=asking.period.start,
        end=asking.period.end,
        where=asking.where,
        viewer=viewer,
    )
