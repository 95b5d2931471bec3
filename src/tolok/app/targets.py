"""Targets as people enter them: proposed, answered, approved and published, each change in the audit log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tolok.app import place
from tolok.app.audit import record
from tolok.app.models import TargetVersion, User
from tolok.app.target_rights import TargetRights
from tolok.errors import QuestionError, TolokError, WorkspaceError
from tolok.kpis.additive import additive
from tolok.targets.publish import publish
from tolok.targets.target import MOVES, State, Target

Slot = tuple[str, str, Any, Any]
ACTIONS = (
    gettext_noop("target proposed"),
    gettext_noop("targets proposed"),
    gettext_noop("target accepted"),
    gettext_noop("targets accepted"),
    gettext_noop("target contested"),
    gettext_noop("target withdrawn"),
    gettext_noop("target approved"),
    gettext_noop("targets approved"),
    gettext_noop("target ended"),
)
"""What the audit log calls the changes of targets."""
IN_FORCE = ("approved", "ended")
"""States of versions that say what counts."""
MOST = 20_000
"""Targets that may be proposed in one go."""


class ChangedMeanwhile(TolokError):
    """Somebody else changed the target between looking at it and changing it."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else changed this target meanwhile; yours was not saved."),
            next_step=_("Look at the new version, then decide again."),
        )


def latest(kpi: str = "", **conditions: Any) -> dict[Slot, TargetVersion]:
    """The newest version of each target."""
    rows = TargetVersion.objects.filter(**conditions).order_by("version")
    if kpi:
        rows = rows.filter(kpi=kpi)
    return {slot_of(row): row for row in rows}


def slot_of(row: TargetVersion) -> Slot:
    """What the versions of a target have in common."""
    return row.kpi, row.scope_key, row.start, row.end


def slot(target: Target) -> Slot:
    return target.kpi, str(target.scope), target.start, target.end


def versions(row: TargetVersion) -> list[TargetVersion]:
    """All versions of a target, the newest first."""
    kpi, scope_key, start, end = slot_of(row)
    return list(TargetVersion.objects.filter(kpi=kpi, scope_key=scope_key, start=start, end=end).order_by("-version"))


def propose(
    rights: TargetRights,
    targets: Sequence[Target],
    *,
    why: str = "",
    seen: Mapping[Slot, int] | None = None,
    now: datetime | None = None,
) -> list[TargetVersion]:
    """Propose targets, each as the next version of what there is; equal ones are left alone.

    ``seen`` is the version of each that the person looked at, 0 for none: where another came in between, nothing of it
    is saved. An approved target is changed with a reason.
    """
    if len(targets) > MOST:
        raise QuestionError(_("That is too many targets for one go."), next_step=_("Choose a shorter period."))
    if not all(rights.sets(target.scope) for target in targets):
        raise PermissionDenied
    moment, batch = now or datetime.now(UTC), uuid4().hex if len(targets) > 1 else ""
    try:
        with transaction.atomic():
            made = _new_versions(rights.user, targets, why.strip(), seen, moment, batch)
            TargetVersion.objects.bulk_create(made)
            _note(rights.user, "targets proposed" if batch else "target proposed", made, why=why.strip())
    except IntegrityError:
        raise ChangedMeanwhile from None
    return made


def _new_versions(
    user: User, targets: Sequence[Target], why: str, seen: Mapping[Slot, int] | None, moment: datetime, batch: str
) -> list[TargetVersion]:
    before = _existing(targets)
    made = []
    for target in targets:
        place_of = slot(target)
        last = before.get(place_of)
        if seen is not None and place_of in seen and seen[place_of] != (last.version if last else 0):
            raise ChangedMeanwhile
        reason = why or target.why
        same = last is not None and (last.target.value, last.currency) == (target.value, target.currency)
        if same and last is not None and last.state not in ("withdrawn", "ended"):
            continue
        if last is not None and last.state == "approved" and not reason:
            raise QuestionError(
                _("An approved target is changed with a reason."), next_step=_("Say why it changes, and send it again.")
            )
        made.append(
            TargetVersion(
                kpi=target.kpi,
                scope=dict(target.scope.members),
                scope_key=str(target.scope),
                start=target.start,
                end=target.end,
                value=target.value,
                currency=target.currency,
                version=last.version + 1 if last else 1,
                state="proposed",
                author=user if user.pk else None,
                author_name=str(user),
                at=moment,
                why=reason[:500],
                batch=batch,
            )
        )
    return made


def _existing(targets: Sequence[Target]) -> dict[Slot, TargetVersion]:
    """The newest versions of the targets' slots."""
    if not targets:
        return {}
    kpis = {target.kpi for target in targets}
    first, last = min(target.start for target in targets), max(target.end for target in targets)
    wanted = {slot(target) for target in targets}
    found = latest(kpi__in=kpis, start__gte=first, end__lte=last)
    return {place_of: row for place_of, row in found.items() if place_of in wanted}


def decide(rights: TargetRights, pk: int, state: State, stamp: int, *, reason: str = "") -> TargetVersion:
    """Accept, contest, withdraw or approve the newest version of a target as it was looked at; approving publishes it."""
    row = TargetVersion.objects.filter(pk=pk).first()
    if row is None or not rights.sees(row.target.scope):
        raise PermissionDenied
    allowed = {
        "approved": rights.approves,
        "withdrawn": rights.sets(row.target.scope),
    }.get(state, rights.answers(row.target.scope))
    if not allowed:
        raise PermissionDenied
    if state == "contested" and not reason.strip():
        raise QuestionError(_("A target is contested with a reason."), next_step=_("Say what speaks against it."))
    with transaction.atomic():
        _move(rights.user, row, state, stamp, reason)
        _note(rights.user, f"target {state}", [row], reason=reason.strip())
    if state == "approved":
        publish_approved(rights.user)
    row.refresh_from_db()
    return row


def end(rights: TargetRights, pk: int, day: date, stamp: int, *, why: str) -> TargetVersion:
    """End an approved target from a day on, as the next version of it; what was before stays in its history."""
    row = TargetVersion.objects.filter(pk=pk).first()
    if row is None or not rights.sees(row.target.scope) or not rights.approves:
        raise PermissionDenied
    moment = datetime.now(UTC)
    adds_up = additive(row.kpi, place.workspace().definitions).over_time
    try:
        with transaction.atomic():
            newest = versions(row)[0]
            if row.stamp != stamp or newest.pk != row.pk:
                raise ChangedMeanwhile
            ended = row.target.ended(day, adds_up=adds_up, by=str(rights.user), at=moment, why=why)
            made = TargetVersion(
                **{name: getattr(row, name) for name in ("kpi", "scope", "scope_key", "start", "end", "currency")},
                value=ended.value,
                version=ended.version,
                state="ended",
                until=ended.until,
                author=rights.user if rights.user.pk else None,
                author_name=str(rights.user),
                at=moment,
                why=ended.why[:500],
                decided_by=rights.user if rights.user.pk else None,
                decided_by_name=str(rights.user),
                decided_at=moment,
            )
            made.save(force_insert=True)
            _note(rights.user, "target ended", [made], why=ended.why, from_on=day.isoformat())
    except IntegrityError:
        raise ChangedMeanwhile from None
    publish_approved(rights.user)
    return made


def approve_all(rights: TargetRights, chosen: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """Approve several targets as they were looked at; how many were, and how many somebody changed meanwhile."""
    if not rights.approves:
        raise PermissionDenied
    done, stale = _move_all(rights, chosen, "approved")
    if done:
        publish_approved(rights.user)
    return done, stale


def accept_all(rights: TargetRights, chosen: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """Accept several targets that one carries; nothing is accepted where one of them is another's to answer."""
    given = dict(chosen)
    rows = TargetVersion.objects.filter(pk__in=given)
    if not all(rights.answers(row.target.scope) for row in rows):
        raise PermissionDenied
    return _move_all(rights, given.items(), "accepted")


def _move_all(rights: TargetRights, chosen: Iterable[tuple[int, int]], state: State) -> tuple[int, int]:
    given = dict(chosen)
    rows = {row.pk: row for row in TargetVersion.objects.filter(pk__in=given)}
    done, stale = [], 0
    with transaction.atomic():
        for pk, stamp in given.items():
            try:
                _move(rights.user, rows[pk], state, stamp, "")
                done.append(rows[pk])
            except (ChangedMeanwhile, QuestionError, KeyError):
                stale += 1
        _note(rights.user, f"targets {state}", done)
    return len(done), stale


def _move(user: User, row: TargetVersion, state: State, stamp: int, reason: str) -> None:
    """One version into another state, only if it is as it was looked at and still the newest."""
    if row.stamp != stamp:
        raise ChangedMeanwhile
    moved = row.target.moved(state, by=str(user), at=datetime.now(UTC), reason=reason)
    kpi, scope_key, start, end = slot_of(row)
    newer = TargetVersion.objects.filter(
        kpi=kpi, scope_key=scope_key, start=start, end=end, version__gt=row.version
    ).exists()
    if newer:
        raise ChangedMeanwhile
    changed = TargetVersion.objects.filter(
        Q(state__in=[before for before, after in MOVES.items() if state in after]), pk=row.pk, stamp=stamp
    ).update(
        state=state,
        reason=moved.reason[:500],
        decided_by=user if user.pk else None,
        decided_by_name=str(user),
        decided_at=moved.decided_at,
        stamp=stamp + 1,
    )
    if not changed:
        raise ChangedMeanwhile


def approved() -> list[Target]:
    """Every version that was approved or ended: those that are in force are published."""
    return [row.target for row in TargetVersion.objects.filter(state__in=IN_FORCE)]


def publish_approved(user: User | None = None) -> bool:
    """Bring the facts up to date with what is approved; False where an import is writing, to be done after it.

    What is approved stands in the app's own rows, so nothing is lost by waiting: the next time anything is approved,
    looked at or published, it is made good.
    """
    snapshots = place.workspace().snapshots
    try:
        published = publish(snapshots, approved(), by=str(user or ""), wait=False)
    except WorkspaceError:
        return False
    if published is None and (current := snapshots.current()) is not None:
        _settled.add(f"{place.folder()}/{current.id}")
    return True


_settled: set[str] = set()
"""Snapshots that were looked at and have all that is approved."""


def waits_for_publishing() -> bool:
    """Whether the facts lack what is approved, as by an import that was running or a rollback."""
    current = place.workspace().snapshots.current()
    rows = TargetVersion.objects.filter(state__in=IN_FORCE).order_by("-decided_at").values_list("decided_at", flat=True)
    newest = rows.first()
    if newest is None or (current is not None and f"{place.folder()}/{current.id}" in _settled):
        return False
    return current is None or (current.kind == "rollback") or newest > current.created_at


def _note(user: User, action: str, rows: Sequence[TargetVersion], **details: Any) -> None:
    if not rows:
        return
    first = rows[0]
    more = f" (+{len(rows) - 1})" if len(rows) > 1 else ""
    record(
        user,
        action,
        f"{first}{more}",
        value=str(first.target.value) if len(rows) == 1 else None,
        version=first.version if len(rows) == 1 else None,
        count=len(rows) if len(rows) > 1 else None,
        batch=first.batch or None,
        **{name: text for name, text in details.items() if text},
    )
