"""The page of spellings that may be of one thing: a person says whether they are."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_POST

from tolok.app import place
from tolok.app.audit import record
from tolok.app.models import Job
from tolok.errors import TolokError
from tolok.web.data import changes
from tolok.web.data.pairs import VERDICTS, DecidedMeanwhile, decide, pairs, uses
from tolok.web.data.rights import for_changers, for_lookers
from tolok.web.look.tags import said

AT_ONCE = 50
KINDS = {
    "accounts": gettext_lazy("Customer"),
    "products": gettext_lazy("Product"),
    "reps": gettext_lazy("Rep"),
    "teams": gettext_lazy("Team"),
}


@for_lookers
def matches(request: HttpRequest) -> HttpResponse:
    """Both spellings of each pair, and how many rows name them."""
    workspace = place.workspace()
    found, unread = pairs(workspace.folder)
    page = Paginator(found, AT_ONCE).get_page(request.GET.get("page"))
    counted = {}
    if found and workspace.snapshots.current() is not None:
        with workspace.engine() as engine:
            counted = uses(engine, list(page))
    rows = [
        {
            "pair": one,
            "kind": KINDS.get(one.synonym.fact, one.synonym.fact),
            "written": counted.get((one.synonym.fact, one.synonym.written), 0),
            "means": counted.get((one.synonym.fact, one.synonym.means), 0),
        }
        for one in page
    ]
    context = {
        "title": _("Matches to confirm"),
        "rows": rows,
        "page": page,
        "unread": unread,
        "may_change": changes(request.user),  # type: ignore[arg-type]
    }
    return render(request, "data/matches.html", context)


@require_POST
@for_changers
def match(request: HttpRequest) -> HttpResponse:
    """Keep what a person decided about one pair."""
    given = {name: request.POST.get(name, "") for name in ("source", "fact", "written", "was")}
    verdict = next((one for one in VERDICTS if one == request.POST.get("verdict")), None)
    if verdict is None:
        raise Http404
    if Job.objects.filter(kind__in=("import", "refresh"), state=Job.State.RUNNING).exists():
        messages.error(request, _("An import is running; decide once it is done."))
        return redirect("data-matches")
    try:
        before = decide(place.folder(), **given, verdict=verdict)
    except DecidedMeanwhile:
        messages.error(request, _("Somebody else has decided this in the meantime."))
        return redirect("data-matches")
    except TolokError as error:
        messages.error(request, said(str(error)))
        return redirect("data-matches")
    if before is None:
        raise Http404
    names = f"{before.synonym.fact}: {before.synonym.written} = {before.synonym.means}"
    record(
        request.user, gettext_noop("match decided"), names, source=before.source, before=before.verdict, after=verdict
    )  # type: ignore[arg-type]
    messages.success(request, _("Kept. The figures follow with the next import or refresh of this source."))
    return redirect("data-matches")
