"""The rejected rows of an import on the page: what was wrong in which line, by reason, so many at a time."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tolok.app import place
from tolok.imports.record import REJECTS
from tolok.web.data.rights import for_lookers

AT_ONCE = 50
MOST = 100_000
"""As many lines are looked through; the file to download has all."""
REASONS = 30


@dataclass(frozen=True)
class LeftOut:
    """One thing that could not be read."""

    file: str
    line: str
    column: str
    reason: str
    row: str

    @property
    def kind(self) -> str:
        """The reason without the cells that it quotes, so that equal faults count as one."""
        return re.sub(r"(['\"“]).*?(['\"”])", "…", self.reason)[:200]


def rejects_file(import_id: str) -> Path:
    """Where the rejects of an import are; a forged id leads nowhere."""
    path = place.folder() / "imports" / import_id / REJECTS
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", import_id) or not path.is_file():
        raise Http404
    return path


def read(path: Path) -> Iterator[LeftOut]:
    """The rejects of a file; a line that is none is passed over."""
    with path.open(newline="", encoding="utf-8", errors="replace") as file:
        rows = csv.reader(line.replace("\x00", "") for line in file)
        next(rows, None)
        for row in islice(rows, MOST):
            if len(row) == 5:
                yield LeftOut(*row)


@for_lookers
def left_out(request: HttpRequest, import_id: str) -> HttpResponse:
    """The table, filtered by reason."""
    path = rejects_file(import_id)
    kinds: Counter[tuple[str, str]] = Counter((one.column, one.kind) for one in read(path))
    reasons = kinds.most_common(REASONS)
    asked = request.GET.get("reason", "")
    chosen = reasons[int(asked)][0] if asked.isdecimal() and int(asked[:3]) < len(reasons) and len(asked) < 3 else None
    total = kinds[chosen] if chosen else sum(kinds.values())
    given = request.GET.get("page", "")
    page = min(int(given) if given.isdecimal() and len(given) < 7 else 1, max(1, -(-total // AT_ONCE))) or 1
    fitting = (one for one in read(path) if chosen is None or (one.column, one.kind) == chosen)
    first = (page - 1) * AT_ONCE
    rows = list(islice(fitting, first, first + AT_ONCE))
    context = {
        "title": _("Rejected rows"),
        "import_id": import_id,
        "rows": rows,
        "reasons": [(str(n), column, kind, count) for n, ((column, kind), count) in enumerate(reasons)],
        "asked": asked if chosen else "",
        "first": first + 1,
        "last": first + len(rows),
        "all": total,
        "page": page,
        "more": first + len(rows) < total,
    }
    return render(request, "data/left_out.html", context)
