"""The builder: a form that writes a KPI's file, tries it on the data, and runs its examples before it is kept."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tolok.app import place
from tolok.errors import DefinitionError, TolokError
from tolok.kpis import own
from tolok.kpis.definition import Definition
from tolok.kpis.load import KPI_ID, STANDARD, Choice, catalogue, parse
from tolok.web.kpis import keeping
from tolok.web.kpis.content import content_of
from tolok.web.kpis.fields import Fields, fields_of
from tolok.web.kpis.file_text import catalogue_text, file_text, read_base
from tolok.web.kpis.keeping import for_builders
from tolok.web.kpis.layout import Layout, first_table, laid_out
from tolok.web.kpis.offers import Offers
from tolok.web.kpis.places import field_of
from tolok.web.kpis.settling import settled
from tolok.web.kpis.trial import Shown, Trial, examples, tried
from tolok.web.look.tags import language, said

BLANK = {
    "body.kind": "value",
    "body.of.aggregate": "count",
    "body.of.fact": "deals",
    "body.of.window": "period",
    "unit": "count",
    "better": "higher",
    "timing": "lagging",
    "family": "operational",
    "function": "sales",
}
MOST_PARTS = 60
"""Parts of one kind that a form may have: conditions of a side, variants, rules, examples."""


@dataclass(frozen=True)
class Opened:
    """A builder with what is being built. ``id`` is "" while the KPI has no name yet."""

    id: str
    fields: Fields
    base: str
    seen: str
    new: bool
    text: str = ""
    definitions: dict[str, Definition] = field(default_factory=dict)
    problems: dict[str, list[str]] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        return not self.problems


@for_builders
def new(request: HttpRequest) -> HttpResponse:
    """A KPI from a blank form, or from a copy of another."""
    if request.method == "POST":
        return _answered(request, "")
    source = request.GET.get("from", "")
    if not source:
        return _page(request, Opened("", Fields({k: [v] for k, v in BLANK.items()}), "", own.stamp(""), True))
    keeping.known_or_404(source)
    text = own.text_of(keeping.folder(), source) or catalogue_text(source)
    read = parse(text, source)
    if isinstance(read, Choice):
        text = catalogue_text(source)
    base = read_base(text, source)
    if base is None:
        raise Http404
    fields = fields_of(base).having(id=_free_id(source))
    return _page(request, Opened("", fields, text, own.stamp(""), True))


@for_builders
def edit(request: HttpRequest, kpi_id: str) -> HttpResponse:
    """An own KPI, or one of the catalogue that becomes an own one when it is kept."""
    keeping.known_or_404(kpi_id)
    if request.method == "POST":
        return _answered(request, kpi_id)
    text = own.text_of(keeping.folder(), kpi_id)
    seen = own.stamp(text)
    try:
        read = parse(text, kpi_id) if text else None
    except DefinitionError:
        return redirect("kpis-file", kpi_id)
    if read is None or isinstance(read, Choice):
        base = catalogue_text(kpi_id)
        definition = catalogue()[kpi_id]
        fields = fields_of(definition)
        if isinstance(read, Choice) and read.variant in definition.variants:
            fields = fields.having(default_variant=read.variant)
        return _page(request, Opened(kpi_id, fields, base, seen, False))
    return _page(request, Opened(kpi_id, fields_of(read), text, seen, False))


def _answered(request: HttpRequest, kpi_id: str) -> HttpResponse:
    """What was sent: more fields to show, a trial, or the KPI to keep. Nothing typed is lost in any case."""
    fields = Fields.sent(request.POST)
    if kpi_id:
        fields = fields.having(id=kpi_id)
    do = fields.get("do", "show")
    opened = Opened(kpi_id, _changed(fields, do), _base(fields), fields.get("seen"), not kpi_id)
    if do not in ("try", "save", "save-anyway"):
        return _page(request, opened)
    opened = _read(opened, trying=do == "try")
    if do != "try" and opened.sound:
        return _kept(request, opened)
    return _page(request, opened, trying=True)


def _base(fields: Fields) -> str:
    text = fields.values.get("base", [""])[-1]
    if len(text) > own.LONGEST:
        raise DefinitionError("The file is too long.", next_step="Change its text on the server instead.")
    return text


def _changed(fields: Fields, do: str) -> Fields:
    """The fields with a part more or less."""
    verb, _colon, name = do.partition(":")
    if verb == "add" and len(fields.rows(name)) < MOST_PARTS:
        added = fields.next_of(name)
        first = {"rules": "says", "variants": "id", "examples": "says"}.get(name, "column")
        fields = fields.plus({f"{added}.{first}": [""]})
        if name == "examples":
            fields = fields.plus({f"{added}.tables.0.fact": [first_table(fields)]})
        if name == "variants":
            body = {key: list(value) for key, value in fields.values.items() if key.startswith("body.")}
            fields = fields.plus({f"{added}.{key}": value for key, value in body.items()})
    elif verb == "drop":
        fields = fields.without(name)
    return fields if verb in ("try", "save", "save-anyway") else settled(fields)


def _read(opened: Opened, *, trying: bool) -> Opened:
    """The file that the fields make, read by the loader together with all others; to be tried, it needs no words yet."""
    fields = without_words(opened.fields) if trying else opened.fields
    written = content_of(fields)
    problems = {name: list(told) for name, told in written.problems.items()}
    id_ = opened.id or fields.get("id")
    taken = id_ in catalogue() or own.file_of(keeping.folder(), id_) is not None
    if opened.new and taken and not trying and not problems.get("id"):
        problems["id"] = [_("There is a KPI of this name already. Choose another name, or change that one.")]
    text, definitions = "", {}
    if not problems:
        try:
            text = file_text(written.content, opened.base, read_base(opened.base, _base_id(opened)))
            definitions = own.checked(keeping.folder(), id_, text)
        except DefinitionError as problem:
            name = field_of(problem.path, fields) or _about(problem, fields)
            problems[name] = [said(f"{problem.says} {problem.next_step}".strip())]
    return replace(opened, id=id_, text=text, definitions=definitions, problems=problems)


def without_words(fields: Fields) -> Fields:
    """The fields with something for every text that is still missing, and without half a translation."""
    for name in ("name", "question", "formula"):
        if not fields.get(name):
            fields = fields.plus({name: ["…"]})
    if not all(fields.get(f"id_{name}") for name in ("name", "question", "formula")):
        fields = fields.plus({f"id_{name}": [""] for name in ("name", "question", "formula", "aliases")})
        for row in fields.rows("rules"):
            fields = fields.plus({f"{row}.id_says": [""]})
        for row in fields.rows("variants"):
            fields = fields.plus({f"{row}.id_name": [""], f"{row}.id_formula": [""]})
    if not KPI_ID.fullmatch(fields.get("id")):
        fields = fields.having(id="kpi_on_trial")
    return fields


def _base_id(opened: Opened) -> str:
    return opened.id or "kpi"


def _about(problem: DefinitionError, fields: Fields) -> str:
    """The field of a problem between KPIs, which the loader finds when all are read."""
    kind = fields.get("body.kind")
    return {"arithmetic": "body.expression", "change": "body.kpi"}.get(kind, "")


def _kept(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Write it, unless an example fails, the data refuses it, or somebody else was faster."""
    shown = examples(opened.definitions, opened.id)
    failing = [one for one in shown if not one.passes]
    trial = _tried(request, opened)
    if trial.problem and place.workspace().snapshots.current() is not None:
        problems = {"": [trial.problem]}
        return _page(request, replace(opened, problems=problems), trial=trial, shown=shown)
    if failing and opened.fields.get("do") != "save-anyway":
        return _page(request, opened, trial=trial, shown=shown, failing=True)
    try:
        changed = keeping.save(request.user, opened.id, opened.text, seen=opened.seen)  # type: ignore[arg-type]
    except own.Meanwhile:
        return _page(request, opened, trial=trial, shown=shown, meanwhile=True)
    except TolokError as problem:
        return _page(request, replace(opened, problems={"": [said(str(problem))]}), trial=trial, shown=shown)
    messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
    return gone_to(request, reverse("kpis-edit", args=[opened.id]))


def gone_to(request: HttpRequest, address: str) -> HttpResponse:
    """The next page, for a form that was sent by script as well."""
    if getattr(request, "htmx", False):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = address
        return response
    return redirect(address)


def _tried(request: HttpRequest, opened: Opened) -> Trial:
    viewer = request.access.viewer  # type: ignore[attr-defined]
    return tried(place.workspace(), opened.definitions, opened.id, viewer, by=opened.fields.get("by"))


def _page(
    request: HttpRequest,
    opened: Opened,
    *,
    trying: bool = False,
    trial: Trial | None = None,
    shown: tuple[Shown, ...] = (),
    failing: bool = False,
    meanwhile: bool = False,
) -> HttpResponse:
    """The builder as it stands."""
    if trying and opened.sound:
        trial, shown = _tried(request, opened), examples(opened.definitions, opened.id)
    offers = Offers(place.workspace(), request.access.viewer)  # type: ignore[attr-defined]
    layout: Layout = laid_out(opened.fields, offers, opened.problems, shown, own_id=opened.id, new=opened.new)
    exists = bool(opened.id) and own.file_of(keeping.folder(), opened.id) is not None
    name = opened.fields.get("id_name" if language() == "id" else "name") or opened.fields.get("name")
    title = _("New KPI") if opened.new else name or opened.id
    context: dict[str, Any] = {
        "title": title,
        "opened": opened,
        "layout": layout,
        "trial": trial,
        "shown": shown,
        "passing": sum(one.passes for one in shown),
        "failing": failing,
        "meanwhile": meanwhile,
        "exists": exists and not opened.new,
        "in_catalogue": opened.id in catalogue(),
        "choices": _choices(opened),
        "uses": keeping.uses(opened.id) if exists and not opened.new else None,
    }
    return render(request, "kpis/build.html", context)


def _choices(opened: Opened) -> list[tuple[str, str, bool]]:
    """The ways in which a catalogue KPI can count here; none once it has a definition of the organisation's own."""
    known = catalogue().get(opened.id)
    if opened.new or known is None or not known.variants:
        return []
    try:
        text = own.text_of(keeping.folder(), opened.id)
        read = parse(text, opened.id) if text else None
    except DefinitionError:
        return []
    if isinstance(read, Definition):
        return []
    chosen = read.variant if isinstance(read, Choice) else STANDARD
    called = known.words_in(language()).variants
    ways = [(STANDARD, _("Standard")), *((id_, called.get(id_, id_)) for id_ in known.variants)]
    return [(value, word, value == chosen) for value, word in ways]


def _free_id(source: str) -> str:
    taken = {*catalogue(), *own.read_each(keeping.folder())[0]}
    name = f"our_{source}"[:70]
    return next(one for one in (name, *(f"{name}_{number}" for number in range(2, 10_000))) if one not in taken)
