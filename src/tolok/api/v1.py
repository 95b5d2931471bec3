"""Version 1 of the read API. Its answers are those of ``tolok kpi --format json``, of what the token's person may see."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Query, Schema, Status
from ninja.errors import HttpError
from ninja.security import HttpBearer

from tolok.app import place
from tolok.app.models import Token
from tolok.errors import TolokError
from tolok.query.drill import Records
from tolok.query.question import Question, filters, rolling_window
from tolok.query.written import as_json, records_json

MOST = 10_000
"""Rows of one page at most."""


class Bearer(HttpBearer):
    """``Authorization: Bearer tolok_…``; the request is then the person's whose token it is."""

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        found = Token.of(token)
        if found is not None:
            request.user = found.user
        return found


api = NinjaAPI(
    title="Tolok",
    version="1",
    description="KPIs, their answers and the rows behind them, of what the token's person may see.",
    auth=Bearer(),
    docs_url=None,
    urls_namespace="api-1",
)


class Error(Schema):
    """What failed, and what to do next."""

    error: str
    next_step: str = ""


class Asked(Schema):
    """A question. ``where`` is ``region=West`` or ``region!=West``; ``rolling`` is ``90d`` or ``12m``."""

    kpi: list[str]
    grain: str = "total"
    start: date | None = None
    end: date | None = None
    by: list[str] = []
    where: list[str] = []
    compare: str = ""
    variant: str = ""
    rolling: str = ""
    as_of: date | None = None

    def question(self, request: HttpRequest) -> Question:
        """The question as the engine takes it, by the eyes of who asks."""
        days, months = rolling_window(self.rolling)
        return Question(
            kpis=tuple(self.kpi),
            grain=self.grain,  # type: ignore[arg-type]
            start=self.start,
            end=self.end,
            by=tuple(name.strip() for item in self.by for name in item.split(",") if name.strip()),
            where=filters(self.where),
            compare=self.compare,  # type: ignore[arg-type]
            variant=self.variant,
            variants=dict(item.split(".", 1) for item in self.kpi if "." in item),
            rolling_days=days,
            rolling_months=months,
            viewer=request.access.viewer,  # type: ignore[attr-defined]
        )


class Page(Schema):
    """Which rows of a long list: so many from so far on."""

    limit: int = 1000
    offset: int = 0

    def checked(self) -> tuple[int, int]:
        if not 1 <= self.limit <= MOST or not 0 <= self.offset <= 10**9:
            raise HttpError(400, f"limit must be from 1 to {MOST}, and offset not below 0.")
        return self.offset, self.offset + self.limit


@api.exception_handler(TolokError)
def refused(request: HttpRequest, error: TolokError) -> HttpResponse:
    """What a person would read on the command line."""
    return api.create_response(request, {"error": error.message, "next_step": error.next_step}, status=400)


@api.get("/kpis", response={200: dict[str, Any], 400: Error, 401: dict[str, Any]}, summary="The catalogue")
def kpis(request: HttpRequest) -> dict[str, Any]:
    """Every KPI of this workspace with its names, question, formula, unit and variants."""
    return {"kpis": [_definition(item) for item in place.workspace().definitions.values()]}


@api.get("/kpis/{kpi_id}", response={200: dict[str, Any], 401: dict[str, Any], 404: Error}, summary="One definition")
def kpi(request: HttpRequest, kpi_id: str) -> Any:
    """One KPI."""
    found = place.workspace().definitions.get(kpi_id)
    if found is None:
        return Status(404, {"error": "There is no such KPI."})
    return _definition(found)


@api.get("/answer", response={200: dict[str, Any], 400: Error, 401: dict[str, Any]}, summary="Answer KPIs")
def answer(request: HttpRequest, asked: Query[Asked], page: Query[Page]) -> dict[str, Any]:
    """KPIs by period and dimension. ``total`` is how many rows there are, of which one page is given."""
    first, last = page.checked()
    found = as_json(place.workspace().answer(asked.question(request), as_of=asked.as_of))
    rows = found["rows"]
    return {**found, "rows": rows[first:last], "total": len(rows), "offset": first}


@api.get("/rows", response={200: dict[str, Any], 400: Error, 401: dict[str, Any]}, summary="Open a figure")
def rows(request: HttpRequest, asked: Query[Asked], page: Query[Page]) -> dict[str, Any]:
    """The records behind KPIs, per side of each."""
    first, last = page.checked()
    if last > MOST * 10:
        raise HttpError(400, f"Rows are given up to the {MOST * 10:,}th; narrow the question by period or condition.")
    found = place.workspace().records(asked.question(request), as_of=asked.as_of, limit=last)
    return {"sides": records_json([_cut(item, first) for item in found]), "offset": first}


def _cut(records: Records, first: int) -> Records:
    return Records(**{**records.__dict__, "rows": records.rows[first:]})


def _definition(item: Any) -> dict[str, Any]:
    indonesian = item.words_in("id")
    return {
        "id": item.id,
        "name": {"en": item.name, "id": indonesian.name},
        "question": {"en": item.question, "id": indonesian.question},
        "formula": {"en": item.formula, "id": indonesian.formula},
        "unit": item.unit,
        "better": item.better,
        "timing": item.timing,
        "family": item.family,
        "function": item.function,
        "variants": [{"id": variant.id, "name": variant.name} for variant in item.variants.values()],
    }
