"""Targets out of a spreadsheet or CSV file: good rows are proposed, others are listed with their line and reason."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tolok.app.targets import propose
from tolok.errors import QuestionError, SourceError, TolokError
from tolok.sources import files
from tolok.store.connection import Limits, connect
from tolok.targets.file_rows import MOST_ROWS, FromFile, from_rows
from tolok.web.look.tags import language
from tolok.web.targets.planning import Planning, in_words, known, planning

LARGEST = 5 * 1024 * 1024
KINDS = (".csv", ".xlsx", ".xls", ".ods", ".tsv", ".txt")
SHOWN = 100


def from_file(request: HttpRequest) -> HttpResponse:
    """The form, and what came of the file."""
    plan = planning(request)
    if not plan.rights.sets_any:
        raise PermissionDenied
    error, found, made = "", None, 0
    if request.method == "POST":
        try:
            found = _read(request, plan)
            refused = [target for target in found.targets if not plan.rights.sets(target.scope)]
            if refused:
                raise QuestionError(
                    _("The file holds targets that are not yours to set, as for the company."),
                    next_step=_("Leave in it the people and teams that you lead."),
                )
            made = len(propose(plan.rights, found.targets, why=request.POST.get("why", "") or _("From a file")))
        except TolokError as refusal:
            error = in_words(refusal)
            found = None
        if found is not None and made:
            said = ngettext("%(n)s target was proposed.", "%(n)s targets were proposed.", made)
            messages.success(request, said % {"n": made})
    spoken = language()
    context = {
        "title": _("Targets from a file"),
        "plan": plan,
        "error": error,
        "found": found,
        "made": made,
        "same": len(found.targets) - made if found else 0,
        "rejected": [(one.line, one.problem.field, one.problem.says.to(spoken)) for one in found.rejected[:SHOWN]]
        if found
        else [],
        "more": max(0, len(found.rejected) - SHOWN) if found else 0,
    }
    return render(request, "targets/file.html", context, status=400 if error else 200)


def _read(request: HttpRequest, plan: Planning) -> FromFile:
    """The targets of an uploaded file. It is read in a folder of its own, by its ending and under limits."""
    sent = request.FILES.get("file")
    if sent is None:
        raise QuestionError(_("No file was chosen."), next_step=_("Choose a CSV or Excel file."))
    if (sent.size or 0) > LARGEST:
        raise QuestionError(_("The file is larger than 5 MB."), next_step=_("Leave in it the targets alone."))
    ending = Path(sent.name or "").suffix.lower()
    if ending not in KINDS:
        raise QuestionError(
            _("“%(ending)s” is no kind of file that can be read here.") % {"ending": ending[:10] or "?"},
            next_step=_("Save it as CSV or Excel."),
        )
    with tempfile.TemporaryDirectory(prefix="tolok-targets-") as folder:
        place = Path(folder) / f"targets{ending}"
        with place.open("wb") as file:
            for chunk in sent.chunks():
                file.write(chunk)
        connection = connect(None, Limits("512MB", 1))
        try:
            read = files.read(place, connection, limits=files.Limits(scratch=Path(folder) / "scratch"))
            if not read.tables:
                why = read.skipped[0][1] if read.skipped else _("it holds no table")
                raise SourceError(_("The file cannot be read: %(why)s.") % {"why": why})
            table = max(read.tables, key=lambda one: one.rows)
            names = ", ".join(f"c{number}" for number in range(len(table.headers)))
            rows = connection.execute(f"SELECT {names} FROM {table.relation} LIMIT {MOST_ROWS + 1}").fetchall()
        finally:
            connection.close()
    cells = [[str(cell) if cell is not None else "" for cell in row] for row in rows]
    return from_rows(
        table.headers, cells, known(plan), kpi=plan.definition.id, author=str(request.user), at=datetime.now(UTC)
    )
