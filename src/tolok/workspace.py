"""The engine's front door: a workspace's facts, its definitions, and the questions they answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from threading import Lock

from tolok.errors import WorkspaceError
from tolok.kpis.definition import Definition
from tolok.kpis.load import catalogue, load_folder, merged
from tolok.periods import Calendar, WorkingHours
from tolok.query.ages import Age, ages
from tolok.query.answer import Answer
from tolok.query.breakdowns import breakdowns
from tolok.query.browse import Condition, Listed, Listing, Record, browse, names, record, seen
from tolok.query.check import Finding, findings
from tolok.query.drill import Records, records
from tolok.query.freshness import Freshness, freshness
from tolok.query.pipeline_change import PipelineChange, pipeline_change
from tolok.query.quality import by_kpi
from tolok.query.question import EVERYTHING, Comparison, Filter, Grain, Question, Viewer
from tolok.query.remembered import Answers, as_key
from tolok.query.reporting import Organisation, organisation
from tolok.query.run import Setting, ask, compiled
from tolok.query.values import extra_names, values
from tolok.query.what_changed import WhatChanged, compared
from tolok.settings import WEEKDAYS, Settings
from tolok.settings import load as load_settings
from tolok.sources.mapping_file import load as load_mapping
from tolok.store.comparison import FactChange
from tolok.store.comparison import compared as facts_compared
from tolok.store.connection import Limits
from tolok.store.duckdb import DuckDBEngine
from tolok.store.manifest import Snapshot
from tolok.store.readers import Readers
from tolok.store.retention import Retention
from tolok.store.snapshots import Snapshots

DAYS = 4
"""Organisations that are remembered: as they are now, and on the day that the data reaches."""
Named = list[tuple[str, str]]
"""Facts and the extra columns of theirs that a mapping names as dimensions."""


@dataclass(frozen=True)
class Workspace:
    """One workspace folder, opened for reading; threads may share it.

    What is published later is seen by the next question; open it again when settings or KPIs were edited.
    """

    folder: Path
    settings: Settings
    _organisations: dict[tuple[object, ...], Organisation] = field(default_factory=dict, repr=False, compare=False)
    _dimensions: dict[Path, tuple[int, Named]] = field(default_factory=dict, repr=False, compare=False)
    _qualities: dict[tuple[object, ...], dict[str, tuple[Finding, ...]]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _looking: Lock = field(default_factory=Lock, repr=False, compare=False)
    _readers: Readers = field(default_factory=Readers, repr=False, compare=False)
    _answers: Answers = field(default_factory=Answers, repr=False, compare=False)

    @cached_property
    def snapshots(self) -> Snapshots:
        """The snapshots of its facts."""
        return Snapshots(
            self.folder / "facts",
            keep=Retention(self.settings.snapshots_kept, self.settings.snapshot_months_kept),
            timezone=self.settings.timezone,
            limits=self.limits,
        )

    @cached_property
    def definitions(self) -> dict[str, Definition]:
        """The catalogue with the organisation's own KPIs and choices."""
        own = self.folder / "kpis"
        return merged(catalogue(), load_folder(own) if own.is_dir() else {})

    def trying(self, definitions: dict[str, Definition]) -> Workspace:
        """The same data answered by other definitions, before anybody writes them down."""
        other = replace(self, _answers=Answers(), _qualities={}, _looking=Lock())
        other.__dict__["definitions"] = definitions
        return other

    @cached_property
    def calendar(self) -> Calendar:
        """The organisation's fiscal calendar."""
        settings = self.settings
        return Calendar(
            kind=settings.calendar,  # type: ignore[arg-type]
            fiscal_start=settings.fiscal_year_start,
            week_start=WEEKDAYS.index(settings.week_start),
            anchor=settings.calendar_ends,  # type: ignore[arg-type]
            year_named_by=settings.year_named_by,  # type: ignore[arg-type]
            holidays=settings.holidays_country,
        )

    def snapshot(self, as_of: date | None = None) -> Snapshot:
        """The current snapshot, or the one that was current at the end of a day."""
        found = self.snapshots.as_of(as_of) if as_of is not None else self.snapshots.current()
        if found is None:
            raise WorkspaceError(
                f"{self.folder.name} holds no data yet.", next_step=f"Import some: tolok import FILE -w {self.folder}"
            )
        return found

    def engine(self, snapshot: Snapshot | None = None) -> DuckDBEngine:
        """A reading engine over a snapshot."""
        return DuckDBEngine(snapshot or self.snapshot(), limits=self.limits)

    @property
    def limits(self) -> Limits:
        """What one question or import may use of the machine."""
        return Limits(self.settings.memory_limit, self.settings.threads)

    def ask(
        self,
        *kpis: str,
        grain: Grain = "total",
        start: date | str | None = None,
        end: date | str | None = None,
        by: str | Iterable[str] = (),
        where: dict[str, str | Iterable[str]] | None = None,
        compare: Comparison = "",
        variant: str = "",
        as_of: date | None = None,
        viewer: Viewer = EVERYTHING,
    ) -> Answer:
        """Answer KPIs over a period, by dimensions: ``workspace.ask("win_rate", by="rep", grain="quarter")``."""
        return self.answer(
            Question(
                kpis=kpis,
                grain=grain,
                start=_day(start),
                end=_day(end),
                by=(by,) if isinstance(by, str) else tuple(by),
                where=tuple(
                    Filter(name, (values,) if isinstance(values, str) else tuple(values))
                    for name, values in (where or {}).items()
                ),
                compare=compare,
                variant=variant,
                viewer=viewer,
            ),
            as_of=as_of,
        )

    def answer(self, question: Question, *, as_of: date | None = None) -> Answer:
        """Answer a question that is already put together; what was asked before of the same snapshot is remembered."""
        snapshot = self.snapshot(as_of)
        setting = self._setting(snapshot)
        named = tuple((fact, tuple(names)) for fact, names in setting.extra.items())
        key = (snapshot.id, snapshot.files, named, as_key(question))

        def found() -> Answer:
            with self._readers.reading(snapshot, self.limits) as engine:
                answer = ask(engine, self.definitions, question, setting)
            # Written anew when it is asked for: an answer that holds its whole plan is too big to remember.
            return replace(answer, statement=partial(self._statement, question, snapshot, setting))

        return replace(self._answers.once(key, found), extra={})

    def _statement(self, question: Question, snapshot: Snapshot, setting: Setting) -> str:
        with self._readers.reading(snapshot, self.limits) as engine:
            return engine.sql(compiled(engine, self.definitions, question, setting).query)

    def records(self, question: Question, *, as_of: date | None = None, limit: int = 1000) -> list[Records]:
        """The rows behind the figures of a question, per KPI and side."""
        snapshot = self.snapshot(as_of)
        with self._readers.reading(snapshot, self.limits) as engine:
            return records(engine, self.definitions, question, self._setting(snapshot), limit=limit)

    def breakdowns(self, kpi: str, variant: str = "") -> tuple[str, ...]:
        """The dimensions that a KPI can be broken down by in this data."""
        coverage = self.snapshot().coverage
        return breakdowns(self.definitions[kpi], self.definitions, coverage, variant)

    def browse(self, listing: Listing, *, sums: Sequence[str] = ()) -> Listed:
        """One page of the records of a fact, of what the listing's viewer may see."""
        with self._readers.reading(self.snapshot(), self.limits) as engine:
            return browse(engine, listing, self.today, sums=sums)

    def ages(
        self,
        fact: str,
        by: str,
        *,
        where: Sequence[Filter] = (),
        conditions: Sequence[Condition] = (),
        owner: str = "owner_id",
        viewer: Viewer = EVERYTHING,
    ) -> dict[str, Age]:
        """How long what lasts has lasted by today, in groups, of what the viewer may see."""
        with self._readers.reading(self.snapshot(), self.limits) as engine:
            return ages(engine, fact, by, self.today, where=where, conditions=conditions, owner=owner, viewer=viewer)

    def record(
        self, fact: str, record_id: str, viewer: Viewer = EVERYTHING, *, snapshot: Snapshot | None = None
    ) -> Record | None:
        """One record, now or as a snapshot held it; None where it is not there, or not for these eyes."""
        held = snapshot or self.snapshot()
        with self._readers.reading(held, self.limits) as engine:
            return record(engine, fact, record_id, viewer, held.ends_on or date.min)

    def seen(self, fact: str, ids: Collection[str], viewer: Viewer = EVERYTHING) -> frozenset[str]:
        """Those of some ids whose record the viewer may open."""
        with self._readers.reading(self.snapshot(), self.limits) as engine:
            return seen(engine, fact, ids, viewer, self.today)

    def names(self, fact: str, ids: Collection[str]) -> dict[str, str]:
        """What rows of a fact are called, by id, for references that are shown."""
        with self._readers.reading(self.snapshot(), self.limits) as engine:
            return names(engine, fact, ids)

    def values(self, fact: str, path: str, viewer: Viewer = EVERYTHING, *, limit: int = 50) -> tuple[str, ...]:
        """What stands in a column of a fact, or in what it refers to: the most frequent first."""
        with self._readers.reading(self.snapshot(), self.limits) as engine:
            return values(engine, fact, path, viewer, limit)

    def extra_names(self, fact: str) -> tuple[str, ...]:
        """The columns of the source that map to nothing and were kept beside a fact's rows."""
        with self._readers.reading(self.snapshot(), self.limits) as engine:
            return extra_names(engine, fact)

    def pipeline_change(
        self, start: date, end: date, *, where: tuple[Filter, ...] = (), viewer: Viewer = EVERYTHING
    ) -> PipelineChange:
        """What happened to the open pipeline between the evenings of two days."""
        with self._readers.reading(self.snapshot(), self.limits) as engine:
            return pipeline_change(engine, start, end, self.settings.currency, where=where, viewer=viewer)

    @property
    def today(self) -> date:
        """The day that the data reaches: what was open then is open now, as far as anybody knows."""
        return self.snapshot().ends_on or date.min

    def organisation(self, day: date) -> Organisation:
        """Who reports to whom, and who is in which team, on a day; nobody where there is no data yet."""
        snapshot = self.snapshots.current()
        if snapshot is None:
            return Organisation(day)
        key = (snapshot.id, snapshot.files, day)
        found = self._organisations.get(key)
        if found is None:
            with self._readers.reading(snapshot, self.limits) as engine:
                found = organisation(engine, day)
            while len(self._organisations) >= DAYS:
                self._organisations.pop(next(iter(self._organisations)), None)
            self._organisations[key] = found
        return found

    def working_days(self, start: date, end: date) -> int:
        """Days from start to end, both inside, on which the organisation works: no weekends, holidays, days closed."""
        return WorkingHours.of(self.settings).working_days(start, end)

    def freshness(self, *kpis: str, variant: str = "") -> dict[str, Freshness]:
        """Until when the facts behind KPIs reach, and when data was published last; of all KPIs where none is named."""
        snapshot = self.snapshot()
        return {
            kpi: freshness(kpi, self.definitions, snapshot.coverage, variant=variant, imported_at=snapshot.created_at)
            for kpi in kpis or self.definitions
        }

    def quality(self) -> dict[str, tuple[Finding, ...]]:
        """What is wrong with the data behind each KPI, gravest first; looked at once per snapshot."""
        with self._looking:
            found = self.known_quality()
            if found is None:
                snapshot = self.snapshot()
                found = by_kpi(self.check(), self.definitions)
                self._qualities.clear()
                self._qualities[snapshot.id, snapshot.files] = found
            return found

    def known_quality(self) -> dict[str, tuple[Finding, ...]] | None:
        """What ``quality`` found in this snapshot by these definitions; None while nobody has looked, which takes a while."""
        snapshot = self.snapshot()
        return self._qualities.get((snapshot.id, snapshot.files))

    def answer_in(self, snapshot_id: str, question: Question) -> Answer:
        """What a question was answered, or would have been, when a snapshot was the current one."""
        snapshot = self.snapshots.get(snapshot_id)
        with self._readers.reading(snapshot, self.limits) as engine:
            return ask(engine, self.definitions, question, self._setting(snapshot))

    def facts_changed(self, from_snapshot: str, to_snapshot: str) -> tuple[FactChange, ...]:
        """How many rows of each fact came, differ and went between two snapshots."""
        return facts_compared(self.snapshots.get(from_snapshot), self.snapshots.get(to_snapshot), self.limits)

    def what_changed(
        self, kpi: str, question: Question, from_snapshot: str, to_snapshot: str, *, limit: int = 100_000
    ) -> WhatChanged:
        """A KPI's figure in two snapshots, and the rows that came, went or changed between them.

        Both are asked about the same days: without any, those of the earlier snapshot's data.
        """
        then, now = self.snapshots.get(from_snapshot), self.snapshots.get(to_snapshot)
        asked = replace(
            question,
            kpis=(kpi,),
            grain="total",
            by=(),
            compare="",
            start=question.start or then.coverage.starts_on,
            end=question.end or then.coverage.ends_on,
        )
        values, rows = [], []
        for snapshot in (then, now):
            setting = self._setting(snapshot)
            with self._readers.reading(snapshot, self.limits) as engine:
                values.append(ask(engine, self.definitions, asked, setting).value())
                rows.append(records(engine, self.definitions, asked, setting, limit=limit))
        return WhatChanged(kpi, values[0], values[1], compared(rows[0], rows[1]))

    def check(self) -> list[Finding]:
        """What is wrong with the data, and which KPIs it costs."""
        engine = self.engine()
        try:
            found = findings(engine, self.definitions, self.settings.currency)
        finally:
            engine.close()
        proposed, refused = self._spellings()
        told = refused | {(item.fact, *sorted(item.names)) for item in proposed}
        return [*proposed, *(item for item in found if (item.fact, *sorted(item.names)) not in told)]

    def _spellings(self) -> tuple[list[Finding], set[tuple[str, ...]]]:
        """Spellings that an import proposed as one and nobody decided on; and those that a person keeps apart."""
        found: list[Finding] = []
        refused: set[tuple[str, ...]] = set()
        for path in sorted((self.folder / "mappings").glob("*.toml")):
            for synonym in load_mapping(path).synonyms:
                if synonym.refused:
                    refused.add((synonym.fact, *sorted((synonym.written, synonym.means))))
                elif not synonym.confirmed:
                    says = f"{synonym.written!r} looks like {synonym.means!r} ({synonym.fact}) and is kept apart"
                    step = f"If it is the same, set confirmed = true in mappings/{path.name} and import again."
                    names = (synonym.written, synonym.means)
                    found.append(Finding("watch", synonym.fact, 0, 0, says, (), step, names))
        return found, refused

    def _setting(self, snapshot: Snapshot) -> Setting:
        least = self.settings.least_answers
        hours = WorkingHours.of(self.settings)
        return Setting(self.settings.currency, self.calendar, self._extra_dimensions(), snapshot.id, least, hours)

    def _extra_dimensions(self) -> dict[str, dict[str, str]]:
        """Extra columns that a mapping names as dimensions, by fact."""
        found: dict[str, dict[str, str]] = {}
        for path in sorted((self.folder / "mappings").glob("*.toml")):
            for fact, name in self._named_in(path):
                found.setdefault(fact, {})[name] = name
        return found

    def _named_in(self, path: Path) -> Named:
        """The dimensions that one mapping names, read again when somebody edited it."""
        written = path.stat().st_mtime_ns
        known = self._dimensions.get(path)
        if known is None or known[0] != written:
            named: Named = []
            if "dimensions" in path.read_text(encoding="utf-8"):  # most name none, and reading one whole takes a while
                named = [(table.fact, name) for table in load_mapping(path).tables for name in table.dimensions]
            self._dimensions[path] = known = (written, named)
        return known[1]


def open_workspace(folder: Path | str) -> Workspace:
    """Open a workspace folder; refused where there is none."""
    place = Path(folder)
    return Workspace(place, load_settings(place))


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
