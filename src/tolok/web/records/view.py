"""The page of one record of any kind that has no page of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tolok.app import place
from tolok.app.access import Access
from tolok.query.browse import Condition, Listing, Record
from tolok.query.question import EVERYTHING
from tolok.web.data import looks
from tolok.web.look.tags import language
from tolok.web.records import words
from tolok.web.records.cells import Cell, cell
from tolok.web.records.kinds import KINDS, LONG, SHORT, TECHNICAL, Kind, Related
from tolok.web.records.links import Way, address, addresses
from tolok.web.records.origin import origin
from tolok.web.records.past import milestones, said
from tolok.workspace import Workspace


@dataclass(frozen=True)
class Belonging:
    """Records that belong to the one of the page: the first of them, and how many there are."""

    fact: str
    word: str
    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int


def record(request: HttpRequest, fact: str, record_id: str) -> HttpResponse:
    """One record that this person may see; any other is not there."""
    workspace = place.workspace()
    access: Access = request.access  # type: ignore[attr-defined]
    kind = KINDS.get(fact)
    if kind is None and fact not in ("deals", "reps"):
        raise Http404
    found = workspace.record(fact, record_id, access.viewer)
    if found is None:
        raise Http404
    if kind is None:
        return redirect(address(fact, record_id))
    wanted = request.GET.get("all", "")
    belongings = [
        shown for item in kind.related if (shown := _belonging(workspace, access, found, item, wanted)) is not None
    ]
    life = _life(workspace, access, found) if fact == "accounts" else None
    fields, amount = _fields(kind, found), cell(fact, found, kind.amount) if kind.amount else None
    if life is not None:
        amount = cell("customer_lives", life, "amount")
    ways = [item.way for item in fields] + [one.way for item in belongings for line in item.rows for one in line]
    known = addresses(ways, access, workspace)
    context = {
        "title": _title(workspace, kind, found),
        "word": words.KINDS[fact][0],
        "fact": fact,
        "record": found,
        "amount": amount if amount and amount.amount is not None else None,
        "fields": [_leading(item, known) for item in fields],
        "belongings": [
            replace(item, rows=tuple(tuple(_leading(one, known) for one in line) for line in item.rows))
            for item in belongings
        ],
        "contacts": _contacts(workspace, found) if fact == "accounts" else 0,
        "milestones": milestones(kind, found, life),
        "life": life,
        "imports": len(workspace.snapshots.list()) > 1,
        "said": said(workspace, fact, found, access.viewer) if request.GET.get("past") == "imports" else None,
        **origin_of(request, workspace, fact, found),
    }
    return render(request, "records/page.html", context)


def origin_of(request: HttpRequest, workspace: Workspace, fact: str, found: Record) -> dict[str, object]:
    """Where a record came from, and what its source said beyond the model."""
    files = looks(request.user)  # type: ignore[arg-type]
    source, number = str(found.get("source") or ""), str(found.get("source_id") or "")
    try:
        further = json.loads(str(found.get("extra") or "{}"))
    except ValueError:
        further = {}
    return {
        "origin": origin(workspace, fact, source, number, files=files),
        "further": sorted(further.items()) if isinstance(further, dict) else [],
    }


def _named(kind: Kind, found: Record) -> str:
    """The column that names a record on its page."""
    return next((name for name in kind.named_by if cell(kind.fact, found, name).text), "source_id")


def _title(workspace: Workspace, kind: Kind, found: Record) -> str:
    name = _named(kind, found)
    shown = cell(kind.fact, found, name).text or found.id
    if name == "kpi" and shown in workspace.definitions:
        return workspace.definitions[shown].words_in(language()).name
    return shown


def _fields(kind: Kind, found: Record) -> list[Cell]:
    """What the record says, without what stands elsewhere; a moment for the day that it lies on."""
    moments = {f"{name[:-3]}_on" for name in found.cells if name.endswith("_at") and found.get(name) is not None}
    hidden = TECHNICAL | moments | {kind.amount, _named(kind, found)}
    shown = [cell(kind.fact, found, name) for name in found.cells if name not in hidden]
    return [item for item in shown if item.text or item.amount is not None]


def _leading(item: Cell, known: dict[Way, str]) -> Cell:
    return replace(item, href=known.get(item.way, "")) if item.way else item


def _belonging(workspace: Workspace, access: Access, found: Record, item: Related, wanted: str) -> Belonging | None:
    """What this person may see of what belongs to a record; lines of a document have its number for their key."""
    coverage = workspace.snapshot().coverage
    key = found.get("document") if item.column == "document" else found.id
    if not key or not coverage.filled(item.fact, item.column):
        return None
    conditions = [Condition(item.column, "is", str(key))]
    if item.column == "document":
        conditions.append(Condition("source", "is", str(found.get("source") or "")))
    columns = tuple(name for name in item.columns if coverage.filled(item.fact, name))
    currency = ("currency",) if coverage.filled(item.fact, "currency") else ()
    order = ((item.dated_by, True),) if coverage.filled(item.fact, item.dated_by) else ()
    most = LONG if wanted == item.fact else SHORT
    listed = workspace.browse(
        Listing(item.fact, (*columns, *currency), (), tuple(conditions), (), order, most, 0, access.viewer)
    )
    if not listed.records:
        return None
    rows = tuple(_line(item.fact, one, columns, found.id) for one in listed.records)
    return Belonging(item.fact, str(item.word or words.several(item.fact)), rows[0], rows, listed.total)


def _line(fact: str, one: Record, columns: tuple[str, ...], but: str) -> tuple[Cell, ...]:
    """One related record; its first cell leads to its page, unless that is this one."""
    cells = [cell(fact, one, name) for name in columns]
    text = cells[0].text or str(one.get(columns[0]) or one.id.partition(":")[2])
    itself = fact in KINDS and one.id == but
    cells[0] = replace(
        cells[0], text=text, way=None, href="" if itself else address(fact, one.id)
    )  # it is seen already
    return tuple(cells)


def _life(workspace: Workspace, access: Access, found: Record) -> Record | None:
    """What a customer bought in all, where this person may know it."""
    of_account = (Condition("account_id", "is", found.id),)
    listed = workspace.browse(Listing("customer_lives", (), (), of_account, (), (), 2, 0, access.viewer))
    return listed.records[0] if listed.records else None


def _contacts(workspace: Workspace, found: Record) -> int:
    """How many people are known at a customer; who they are is not shown here."""
    wanted = (Condition("account_id", "is", found.id),)
    return workspace.browse(Listing("contacts", ("account_id",), (), wanted, (), (), 1, 0, EVERYTHING)).total
