"""The first look of the day is as quick as the next: what people open first is asked before they do.

A thread beside the requests asks the figures of today and the scorecard as the pages do, of each person who was here
last, whenever data was published or definitions changed. The answers are remembered; a page then only shows them.
The quality of the data is looked at last, which takes longest and which no page waits for.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

from allauth.usersessions.models import UserSession
from django.db import DatabaseError, close_old_connections
from django.db.models import Max

from tolok.app import place
from tolok.app.access import access_of
from tolok.app.models import User
from tolok.errors import TolokError
from tolok.web.asking import asking_for
from tolok.web.scorecard.view import figures
from tolok.web.today.view import own_figures

EVERY = 3.0
"""Seconds between two looks whether anything changed."""
PEOPLE = 60
"""For how many people it is asked, those seen last first; everybody who sees all rows is one."""
REST = 0.05
"""Seconds between two people, in which requests have the processor to themselves."""


def start() -> threading.Event:
    """Ask ahead in the background for as long as the process lives, or until the event is set."""
    stop = threading.Event()
    threading.Thread(target=_keep_warm, args=(stop,), name="warming", daemon=True).start()
    return stop


def warm(stop: threading.Event | None = None) -> int:
    """Ask what the people seen last would be shown first; says for how many different eyes."""
    asked = set()
    for user in _people():
        if stop is not None and stop.wait(REST):
            break
        access = access_of(user)
        if access.viewer in asked:
            continue
        asked.add(access.viewer)
        asking = asking_for(place.workspace(), access, {})
        figures(asking, user, access)
        own_figures(asking, access)
    return len(asked)


def look() -> None:
    """Look what is wrong with the data, once per snapshot; the marks on the cards show it from then on."""
    place.workspace().quality()


def _keep_warm(stop: threading.Event) -> None:
    known: object = None
    while not stop.is_set():
        try:
            now = _state()
            if now is not None and now != known:
                known = now
                warm(stop)
                look()
        except (TolokError, DatabaseError) as problem:  # the page itself will say what is wrong
            logging.getLogger("tolok").debug("asking ahead: %s", problem)
        finally:
            close_old_connections()
        stop.wait(EVERY)


def _state() -> object:
    """What the answers depend on; None while there is no data."""
    workspace = place.workspace()
    snapshot = workspace.snapshots.current()
    return None if snapshot is None else (id(workspace), snapshot.id, snapshot.files)


def _people() -> Iterator[User]:
    seen = dict(UserSession.objects.values_list("user_id").annotate(Max("last_seen_at")).order_by("-last_seen_at__max"))
    people = {user.pk: user for user in User.objects.filter(is_active=True, pk__in=list(seen)[:PEOPLE])}
    yield from (people[key] for key in seen if key in people)
