"""The form of a card: what may be said depends on its form and its KPI, which were chosen before."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tolok.app.access import Access
from tolok.errors import QuestionError
from tolok.query.question import Question
from tolok.web.asking import COMPARISONS, GRAINS, asking_for
from tolok.web.dashboards.card import FUNNEL, LONGEST_NOTE, NOTE, USUAL, Card
from tolok.web.kpi.breakdown import NAMES
from tolok.web.look.tags import language, said
from tolok.web.pipeline.stages import pipelines
from tolok.workspace import Workspace

PAGE_S = gettext_lazy("As the page")
WIDTH_WORDS = {
    1: gettext_lazy("One column"),
    2: gettext_lazy("Two columns"),
    3: gettext_lazy("Three columns"),
    4: gettext_lazy("Four columns"),
}
FEW = {"title", "width"}
WIDE = {"period", "compare", "team", "rep"}
PAIRS = (("column", "value"), ("column_2", "value_2"), ("column_3", "value_3"))
"""The fields of a condition, and those of the ones after it."""


class CardForm(forms.Form):
    """What a card shows beside its form and its KPI."""

    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 6})
    )
    variant = forms.ChoiceField(label=gettext_lazy("Variant"), required=False)
    by = forms.ChoiceField(label=gettext_lazy("Break down by"))
    period = forms.ChoiceField(label=gettext_lazy("Period"), required=False, choices=[("", PAGE_S), *GRAINS.items()])
    compare = forms.ChoiceField(
        label=gettext_lazy("Compared with"), required=False, choices=[("", PAGE_S), *COMPARISONS.items()]
    )
    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False)
    rep = forms.ChoiceField(label=gettext_lazy("Rep"), required=False)
    pipeline = forms.ChoiceField(label=gettext_lazy("Pipeline"), required=False)
    column = forms.ChoiceField(label=gettext_lazy("Only where"), required=False)
    value = forms.CharField(
        label=gettext_lazy("is"), required=False, max_length=200, help_text=gettext_lazy("The name as the data has it.")
    )
    column_2 = forms.ChoiceField(label=gettext_lazy("and where"), required=False)
    value_2 = forms.CharField(
        label=gettext_lazy("is"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Two values of the same are either of them."),
    )
    column_3 = forms.ChoiceField(label=gettext_lazy("and where"), required=False)
    value_3 = forms.CharField(label=gettext_lazy("is"), required=False, max_length=200)
    title = forms.CharField(
        label=gettext_lazy("Title"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("Empty for the KPI's own name. Whoever may open the dashboard reads it."),
    )
    width = forms.TypedChoiceField(label=gettext_lazy("Width"), coerce=int, choices=list(WIDTH_WORDS.items()))

    def __init__(self, card: Card, workspace: Workspace, access: Access, data: Any = None) -> None:
        first = {key: getattr(card, key) for key in self.base_fields if hasattr(card, key)}
        for (column, value), pair in zip(card.where, PAIRS, strict=False):
            first.update(zip(pair, (column, value), strict=True))
        super().__init__(data, initial=first, auto_id="card-%s")
        self.card, self.workspace, self.viewer = card, workspace, access.viewer
        definition = workspace.definitions.get(card.kpi)
        words = definition.words_in(language()) if definition is not None else None
        dimensions = workspace.breakdowns(card.kpi) if definition is not None else ()
        named = sorted(((name, str(NAMES.get(name, name))) for name in dimensions), key=lambda item: item[1])
        keep = set(FEW)
        if card.form == NOTE:
            keep |= {"text"}
        else:
            keep |= WIDE
        if card.form == FUNNEL:
            keep -= {"compare"}
            every = pipelines(asking_for(workspace, access, {}))
            if len(every) > 1 or card.pipeline:
                keep.add("pipeline")
                self._choices("pipeline", [("", _("All")), *((one.id, one.name) for one in every)], card.pipeline)
        if card.asks_kpi:
            if definition is not None and definition.variants and words is not None:
                keep.add("variant")
                self._choices(
                    "variant", [("", _("Standard")), *((v, words.variants.get(v, v)) for v in definition.variants)]
                )
            if card.lists:
                keep.add("by")
                self._choices("by", named)
            others = [item for item in named if item[0] not in ("team", "rep")]
            for column, value in PAIRS[: max(2, len(card.where) + 1)]:
                keep |= {column, value}
                self._choices(column, [("", _("(no further condition)")), *others], str(first.get(column, "")))
        teams = [(team.id, team.name) for team in access.organisation.teams.values() if access.sees_team(team.id)]
        reps = [
            (rep.id, rep.name) for rep in access.organisation.reps.values() if rep.active and access.sees_rep(rep.id)
        ]
        self._choices("team", [("", PAGE_S), *sorted(teams, key=lambda item: item[1].casefold())])
        self._choices("rep", [("", _("All")), *sorted(reps, key=lambda item: item[1].casefold())])
        for name in set(self.fields) - keep:
            del self.fields[name]

    def _choices(self, name: str, choices: list[tuple[Any, Any]], has: str = "") -> None:
        """The choices of a field; what the card has and nobody offers any more can be kept."""
        has = has or getattr(self.card, name, "")
        if has and has not in [key for key, _word in choices]:
            choices = [*choices, (has, has)]
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for column, value in PAIRS:
            if found.get(column) and not found.get(value):
                self.add_error(value, _("Say which one."))
            if found.get(value) and not found.get(column):
                self.add_error(column, _("Choose what “%(value)s” is.") % {"value": found[value]})
        by, variant = found.get("by"), found.get("variant", "")
        if by and by not in self.workspace.breakdowns(self.card.kpi, variant):
            self.add_error("by", _("This KPI cannot be broken down so in your data."))
        for column, field in PAIRS:
            if found.get(column) and found.get(field) and not self.errors:
                self._known(found[column], found[field], variant, field)
        return found

    def _known(self, column: str, value: str, variant: str, field: str) -> None:
        """Refuse a value that the data does not have, with those that are spelt nearly so."""
        try:
            answer = self.workspace.answer(
                Question((self.card.kpi,), by=(column,), variant=variant, viewer=self.viewer)
            )
        except QuestionError as error:
            self.add_error(field, said(str(error)))
            return
        names = {name for (name,) in answer.members if name}
        if value in names or value in {one for (one,) in answer.ids}:
            return
        by_folded = {name.casefold(): name for name in names}
        near = [by_folded[one] for one in get_close_matches(value.casefold(), by_folded, 3, 0.5)] or sorted(names)[:3]
        if near:
            says = _("The data has no “%(value)s” here. It has, for example: %(near)s.")
            self.add_error(field, says % {"value": value, "near": ", ".join(near)})
        else:
            self.add_error(field, _("The data has no “%(value)s” here.") % {"value": value})

    def said(self) -> Card:
        """The card as the form says it."""
        empty = Card(self.card.id, self.card.form, self.card.kpi)
        pairs = ((self.cleaned_data.get(column), self.cleaned_data.get(value)) for column, value in PAIRS)
        where = tuple(dict.fromkeys((column, value) for column, value in pairs if column and value))
        plain = {key: value for key, value in self.cleaned_data.items() if hasattr(empty, key)}
        return replace(empty, **{"width": USUAL[self.card.form], **plain, "where": where})
