"""The catalogue: found by its words in either language, by family, function and timing."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tolok.app import place
from tolok.kpis import own
from tolok.kpis.definition import Definition, Words
from tolok.query.question import Question
from tolok.web.kpis import keeping
from tolok.web.kpis.gaps import missing
from tolok.web.look.tags import language
from tolok.workspace import Workspace

FAMILIES = {
    "financial": gettext_lazy("Financial"),
    "operational": gettext_lazy("Operational"),
    "customer": gettext_lazy("Customer-related"),
}
FUNCTIONS = {
    "management": gettext_lazy("Management"),
    "marketing": gettext_lazy("Marketing"),
    "sales": gettext_lazy("Sales"),
    "support": gettext_lazy("Technical support"),
    "service": gettext_lazy("Customer service"),
    "finance": gettext_lazy("Finance"),
    "people": gettext_lazy("People and training"),
}
WHICH = {
    "told": gettext_lazy("With an answer here"),
    "untold": gettext_lazy("Without an answer here"),
    "own": gettext_lazy("Our own"),
}
TIMINGS = {"leading": gettext_lazy("Leading"), "lagging": gettext_lazy("Lagging")}


@dataclass(frozen=True)
class Line:
    """One KPI of the list. ``told`` is whether this data has an answer, ``lacks`` what it would need for one."""

    definition: Definition
    words: Words
    told: bool
    own: bool = False
    lacks: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        return str(FAMILIES.get(self.definition.family, self.definition.family))

    @property
    def timing(self) -> str:
        return str(TIMINGS.get(self.definition.timing, self.definition.timing))


def kpis(request: HttpRequest) -> HttpResponse:
    """The KPIs of this workspace, those that its data tells first."""
    workspace = place.workspace()
    builds = keeping.builds(request.user)  # type: ignore[arg-type]
    mine, broken = own.read_each(keeping.folder())
    if builds:
        broken = own.readable(keeping.folder())[1] if broken or mine else {}
    chosen = {
        "q": request.GET.get("q", "").strip()[:100],
        "family": request.GET.get("family", ""),
        "function": request.GET.get("function", ""),
        "timing": request.GET.get("timing", ""),
        "which": request.GET.get("which", ""),
    }
    told = _told(workspace)
    lines = []
    for item in workspace.definitions.values():
        if not _keeps(item, chosen) or not _of_these(chosen["which"], item.id in told, item.id in mine):
            continue
        lacks = missing(workspace, item, workspace.definitions) if item.id not in told else ()
        lines.append(Line(item, item.words_in(language()), item.id in told, item.id in mine, lacks))
    lines.sort(key=lambda line: (not line.told, line.words.name.casefold()))
    context = {
        "title": _("KPIs"),
        "lines": lines,
        "total": len(workspace.definitions),
        "chosen": chosen,
        "families": FAMILIES,
        "functions": FUNCTIONS,
        "timings": TIMINGS,
        "whiches": WHICH,
        "builds": builds,
        "broken": broken if builds else {},
        "counts": workspace.snapshots.current() is not None,
    }
    return render(request, "kpis/page.html", context)


def _of_these(which: str, told: bool, own_one: bool) -> bool:
    return {"told": told, "untold": not told, "own": own_one}.get(which, True)


def _keeps(item: Definition, chosen: dict[str, str]) -> bool:
    """Whether a KPI has the words, in its names, questions or synonyms of either language, and the chosen kind."""
    for name in ("family", "function", "timing"):
        if chosen[name] and getattr(item, name) != chosen[name]:
            return False
    indonesian = item.words_in("id")
    said = " ".join(
        (
            item.id,
            item.name,
            item.question,
            *item.aliases,
            indonesian.name,
            indonesian.question,
            *indonesian.aliases,
            item.industry,
        )
    ).casefold()
    return all(word in said for word in chosen["q"].casefold().split())


def _told(workspace: Workspace) -> frozenset[str]:
    """The KPIs that have an answer over all the data; asked once per snapshot, then remembered."""
    if workspace.snapshots.current() is None:
        return frozenset()
    answer = workspace.answer(Question(tuple(workspace.definitions)))
    return frozenset(row.kpi for row in answer.rows() if row.value is not None)
