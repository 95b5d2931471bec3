"""How a source is read: its tables, currency, time zone and stages; and each table's columns beside their samples."""

from __future__ import annotations

import re
import zoneinfo
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from tolok.app import place
from tolok.app.audit import record
from tolok.app.models import Job
from tolok.errors import TolokError
from tolok.imports.editing import EXTRA, LEFT_OUT, Fault, editing
from tolok.imports.look import TableLook
from tolok.model import FACTS, IMPORTED
from tolok.sources.headings import normal
from tolok.sources.mapping import Mapping, StageMapping, TableMapping
from tolok.web.data.mapping_changes import told
from tolok.web.data.mapping_rows import Option, choices, field_words, rows
from tolok.web.data.mapping_state import ChangedMeanwhile, State, save, state
from tolok.web.data.rights import for_changers
from tolok.web.kpis import words
from tolok.web.look.tags import said

OUTCOMES = ("open", "won", "lost")
MOST_STAGES = 200


@dataclass(frozen=True)
class Listed:
    """One table in the overview: what it holds, and how many of its columns have a meaning."""

    name: str
    fact: str
    called: str
    meant: int
    columns: int
    rows: int | None
    why: str = ""
    carried: bool = False


@for_changers
def mapping(request: HttpRequest, source: str) -> HttpResponse:
    """All tables of a source, and what holds for all of them."""
    try:
        found = state(source)
    except TolokError as error:
        context = {"title": source, "error": said(str(error)), "source": source}
        return render(request, "data/mapping_broken.html", context)
    context = {
        "title": _("How %(source)s is read") % {"source": source},
        "state": found,
        "tables": _listed(found),
        "stages": [
            (number, stage, [Option(key, words.value(key), key == stage.outcome) for key in OUTCOMES])
            for number, stage in enumerate(found.mapping.stages[:MOST_STAGES])
        ],
        "zones": sorted(zoneinfo.available_timezones()),
        "preview": _waiting(source),
    }
    return render(request, "data/mapping.html", context)


@for_changers
def table(request: HttpRequest, source: str) -> HttpResponse:
    """The columns of one table; what is chosen is tried on samples before it is kept."""
    found = _readable(source)
    asked = request.POST if request.method == "POST" else request.GET
    name, fact = asked.get("name", ""), asked.get("fact", "")
    seen = found.look(name)
    chosen, fresh = _chosen(found, name, fact, seen)
    if chosen is None:
        if seen is None:
            raise Http404
        return _shown(request, found, None, seen, {})
    if request.method != "POST":
        return _shown(request, found, chosen, seen, {}, fresh=fresh)
    posted = {key: str(value) for key, value in request.POST.items()}
    edited = _with_currency(chosen, posted.get("currency", "").strip().upper() if "currency" in posted else None)
    if edited is None:
        messages.error(request, _("A currency is three letters, such as IDR, USD or EUR."))
        return _shown(request, found, chosen, seen, {}, fresh=fresh)
    wanted = choices(chosen, seen, found.others(chosen), posted)
    if seen is None:
        known = {column.header for column in chosen.columns}
        seen = TableLook(name, name, 0, tuple(dict.fromkeys(known)))
    with editing(seen, timezone=found.mapping.timezone, currency=found.mapping.currency, today=_today()) as at_work:
        edited = at_work.edited(edited, wanted)
        faults = at_work.faults(edited, None if fresh else chosen)
    if not any(column.to not in (EXTRA, LEFT_OUT) for column in edited.columns):
        messages.error(request, _("No column has a meaning now. Choose one, or leave the whole table out."))
        return _shown(request, found, edited, seen, {}, fresh=fresh)
    if faults:
        said_of = {fault.header: _fault(chosen.fact, fault) for fault in faults}
        messages.error(request, _("Nothing was saved: see what is marked below."))
        return _shown(request, found, edited, seen, said_of, fresh=fresh)
    tables = [one for one in found.mapping.tables if one is not chosen]
    if fresh:
        tables = [one for one in tables if normal(one.table) != normal(name)]
        at = len(tables)
    else:
        at = next(n for n, one in enumerate(found.mapping.tables) if one is chosen)
    tables.insert(at, edited)
    ignored = tuple(one for one in found.mapping.ignored if normal(one) != normal(name))
    changes = told(None if fresh else chosen, edited)
    if not changes and found.kept:
        messages.info(request, _("Nothing was changed."))
        return redirect(_address(source, name, fact))
    if not _kept(request, found, replace(found.mapping, tables=tuple(tables), ignored=ignored), name, changes):
        return _shown(request, _readable(source), edited, seen, {}, fresh=fresh)
    return redirect(_address(source, name, fact))


@require_POST
@for_changers
def leave_out(request: HttpRequest, source: str) -> HttpResponse:
    """Leave a whole table out from now on, or look at it again."""
    found = _readable(source)
    name = request.POST.get("name", "")
    if request.POST.get("again") == "yes":
        ignored = tuple(one for one in found.mapping.ignored if one != name)
        changed = replace(found.mapping, ignored=ignored)
        says = _("%(table)s is read again") % {"table": name}
    else:
        if not any(one.table == name for one in found.mapping.tables) and found.look(name) is None:
            raise Http404
        tables = tuple(one for one in found.mapping.tables if one.table != name)
        changed = replace(found.mapping, tables=tables, ignored=tuple(dict.fromkeys((*found.mapping.ignored, name))))
        says = _("%(table)s is left out") % {"table": name}
    if changed != found.mapping:
        _kept(request, found, changed, name, [says])
    return redirect("data-mapping", source)


@require_POST
@for_changers
def whole(request: HttpRequest, source: str) -> HttpResponse:
    """What holds for all tables of a source: its currency, its time zone, its stages."""
    found = _readable(source)
    changed = _stages(request, found.mapping) if "stages" in request.POST else _money_and_time(request, found.mapping)
    if changed is not None and changed != found.mapping:
        _kept(request, found, changed, "", _differences(found.mapping, changed))
    elif changed is not None:
        messages.info(request, _("Nothing was changed."))
    return redirect("data-mapping", source)


def _money_and_time(request: HttpRequest, before: Mapping) -> Mapping | None:
    currency = request.POST.get("currency", "").strip().upper()
    zone = request.POST.get("timezone", "").strip()
    if not re.fullmatch(r"[A-Z]{3}", currency):
        messages.error(request, _("A currency is three letters, such as IDR, USD or EUR."))
    elif zone not in zoneinfo.available_timezones():
        messages.error(request, _("There is no such time zone; Asia/Jakarta is one."))
    else:
        return replace(before, currency=currency, timezone=zone)
    return None


def _stages(request: HttpRequest, before: Mapping) -> Mapping | None:
    changed = []
    for number, stage in enumerate(before.stages):
        place_ = request.POST.get(f"position-{number}", str(stage.position)).strip()
        outcome = request.POST.get(f"outcome-{number}", stage.outcome)
        chance = request.POST.get(f"chance-{number}", "").strip().replace(",", ".")
        if number >= MOST_STAGES:
            changed.append(stage)
            continue
        if not re.fullmatch(r"\d{1,4}", place_) or outcome not in OUTCOMES:
            messages.error(request, _("%(stage)s: the place in the order is a whole number.") % {"stage": stage.name})
            return None
        if chance and (not re.fullmatch(r"\d{1,3}(\.\d{1,2})?", chance) or float(chance) > 100):
            messages.error(request, _("%(stage)s: a chance lies between 0 and 100.") % {"stage": stage.name})
            return None
        likely = float(chance) if chance else None
        changed.append(StageMapping(stage.pipeline, stage.name, int(place_), outcome, likely))  # type: ignore[arg-type]
    return replace(before, stages=tuple(changed))


def _differences(before: Mapping, after: Mapping) -> list[str]:
    found = []
    if before.currency != after.currency:
        found.append(f"{_('Currency')}: {before.currency} → {after.currency}")
    if before.timezone != after.timezone:
        found.append(f"{_('Time zone')}: {before.timezone} → {after.timezone}")
    for was, now in zip(before.stages, after.stages, strict=True):
        if was != now:
            parts = [
                f"{a} → {b}"
                for a, b in (
                    (was.position, now.position),
                    (words.value(was.outcome), words.value(now.outcome)),
                    (was.probability, now.probability),
                )
                if a != b
            ]
            found.append(f"{was.name}: {', '.join(parts)}")
    return found


def _kept(request: HttpRequest, found: State, changed: Mapping, subject: str, says: list[str]) -> bool:
    """Write it, note it, and say what changed; not where somebody was faster."""
    try:
        save(found, changed, request.POST.get("seen", ""))
    except ChangedMeanwhile:
        messages.error(request, _("Somebody else has changed this mapping in the meantime; nothing was saved."))
        return False
    except (TolokError, OSError) as error:
        messages.error(request, said(str(error)))
        return False
    named = f"{found.source}: {subject}" if subject else found.source
    record(request.user, gettext_noop("mapping changed"), named, changes=says[:50])  # type: ignore[arg-type]
    messages.success(request, "; ".join(says[:8]) + (" …" if len(says) > 8 else "") + ".")
    messages.success(request, _("The figures follow with the next import. Try it on the data first."))
    return True


def _chosen(found: State, name: str, fact: str, seen: TableLook | None) -> tuple[TableMapping | None, bool]:
    """How the table is read, and whether that is a proposal for a fact that a person has just named."""
    known = found.table(name, fact)
    if known is not None:
        return known, False
    if seen is None or fact not in IMPORTED:
        return None, False
    with editing(seen, timezone=found.mapping.timezone, currency=found.mapping.currency, today=_today()) as at_work:
        return at_work.proposed(fact), True


def _with_currency(table: TableMapping, currency: str | None) -> TableMapping | None:
    """The table in a currency of its own, in its source's where none is said; None where that is no currency."""
    if currency is None or FACTS[table.fact].column("currency") is None:
        return table
    if currency and not re.fullmatch(r"[A-Z]{3}", currency):
        return None
    rest = {key: value for key, value in table.constants.items() if key != "currency"}
    return replace(table, constants={**rest, "currency": currency} if currency else rest)


def _shown(
    request: HttpRequest,
    found: State,
    chosen: TableMapping | None,
    seen: TableLook | None,
    faults: dict[str, str],
    *,
    fresh: bool = False,
) -> HttpResponse:
    name = chosen.table if chosen else (seen.name if seen else "")
    facts = sorted((words.fact(fact), fact) for fact in IMPORTED)
    context = {
        "title": name,
        "state": found,
        "table": chosen,
        "look": seen,
        "fresh": fresh,
        "fact": words.fact(chosen.fact) if chosen else "",
        "facts": [Option(fact, label, bool(chosen) and fact == chosen.fact) for label, fact in facts],
        "rows": rows(chosen, seen, found.others(chosen), found.notes, faults) if chosen else [],
        "has_currency": bool(chosen)
        and FACTS[chosen.fact].column("currency") is not None
        and chosen.column("currency") is None,
        "currency": chosen.constants.get("currency", "") if chosen else "",
        "constants": [
            (field_words(chosen.fact, key), words.value(value))
            for key, value in (chosen.constants.items() if chosen else ())
            if key != "currency"
        ],
        "filters": [(header, ", ".join(kept)) for header, kept in (chosen.filter.items() if chosen else ())],
    }
    return render(request, "data/mapping_table.html", context, status=422 if faults else 200)


def _fault(fact: str, fault: Fault) -> str:
    field = field_words(fact, fault.to)
    if fault.twice:
        given = {"field": field, "other": fault.twice}
        return _("“%(field)s” is already taken from “%(other)s”; one of the two must be something else.") % given
    return _("This cannot be read as “%(field)s”: %(reason)s") % {"field": field, "reason": said(fault.reason)}


def _listed(found: State) -> list[Listed]:
    listed = []
    for one in found.mapping.tables:
        seen = found.look(one.table)
        meant = {column.header for column in one.columns if column.to not in (EXTRA, LEFT_OUT)}
        every = {column.header for column in one.columns} | set(seen.headers if seen else ())
        rows_ = seen.rows if seen else None
        called = words.fact(one.fact)
        listed.append(Listed(one.table, one.fact, called, len(meant), len(every), rows_, carried=one.carried))
    known = {normal(one.table) for one in found.mapping.tables} | {normal(name) for name in found.mapping.ignored}
    for seen in found.tables:
        if normal(seen.name) not in known:
            listed.append(Listed(seen.name, "", "", 0, len(seen.headers), seen.rows, seen.why))
    return sorted(listed, key=lambda one: (bool(one.fact), one.name, one.carried))


def _waiting(source: str) -> Job | None:
    """The preview that waits for somebody to say that it be imported."""
    done = Job.objects.filter(kind="preview", state=Job.State.DONE, result__connection=source).first()
    if done is None or Job.objects.filter(kind="import", arguments__preview=done.pk).exists():
        return None
    return done


def _readable(source: str) -> State:
    try:
        return state(source)
    except TolokError:
        raise Http404 from None


def _address(source: str, name: str, fact: str) -> str:
    return f"{reverse('data-mapping-table', args=[source])}?{urlencode({'name': name, 'fact': fact})}"


def _today():  # type: ignore[no-untyped-def]
    return timezone.localdate(timezone=zoneinfo.ZoneInfo(place.workspace().settings.timezone))
