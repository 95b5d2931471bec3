"""The engine's front door: a workspace's facts, its definitions, and the questions they answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from tolok.errors import WorkspaceError
from tolok.kpis.definition import Definition
from tolok.kpis.load import catalogue, load_folder, merged
from tolok.periods import Calendar
from tolok.query.answer import Answer
from tolok.query.breakdowns import breakdowns
from tolok.query.check import Finding, findings
from tolok.query.drill import Records, records
from tolok.query.question import EVERYTHING, Comparison, Filter, Grain, Question, Viewer
from tolok.query.reporting import Organisation, organisation
from tolok.query.run import Setting, ask
from tolok.settings import WEEKDAYS, Settings
from tolok.settings import load as load_settings
from tolok.sources.mapping_file import load as load_mapping
from tolok.store.connection import Limits
from tolok.store.duckdb import DuckDBEngine
from tolok.store.manifest import Snapshot
from tolok.store.retention import Retention
from tolok.store.snapshots import Snapshots


@dataclass(frozen=True)
class Workspace:
    """One workspace folder, opened for reading. Open it again to see what was published since."""

    folder: Path
    settings: Settings
    _organisations: dict[tuple[str, date], Organisation] = field(default_factory=dict, repr=False, compare=False)

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
        """Answer a question that is already put together."""
        snapshot = self.snapshot(as_of)
        engine = self.engine(snapshot)
        try:
            return ask(engine, self.definitions, question, self._setting(snapshot))
        finally:
            engine.close()

    def records(self, question: Question, *, as_of: date | None = None, limit: int = 1000) -> list[Records]:
        """The rows behind the figures of a question, per KPI and side."""
        snapshot = self.snapshot(as_of)
        engine = self.engine(snapshot)
        try:
            return records(engine, self.definitions, question, self._setting(snapshot), limit=limit)
        finally:
            engine.close()

    def breakdowns(self, kpi: str, variant: str = "") -> tuple[str, ...]:
        """The dimensions that a KPI can be broken down by in this data."""
        coverage = self.snapshot().coverage
        return breakdowns(self.definitions[kpi], self.definitions, coverage, variant)

    def organisation(self, day: date) -> Organisation:
        """Who reports to whom, and who is in which team, on a day; nobody where there is no data yet."""
        snapshot = self.snapshots.current()
        if snapshot is None:
            return Organisation(day)
        key = (snapshot.id, day)
        if key not in self._organisations:
            engine = self.engine(snapshot)
            try:
                self._organisations.clear()  # one day of one snapshot is what everybody asks for
                self._organisations[key] = organisation(engine, day)
            finally:
                engine.close()
        return self._organisations[key]

    def check(self) -> list[Finding]:
        """What is wrong with the data, and which KPIs it costs."""
        engine = self.engine()
        try:
            found = findings(engine, self.definitions, self.settings.currency)
        finally:
            engine.close()
        proposed = self._spellings()
        told = {(item.fact, *sorted(item.names)) for item in proposed}
        return [*proposed, *(item for item in found if (item.fact, *sorted(item.names)) not in told)]

    def _spellings(self) -> list[Finding]:
        """Spellings that an import proposed as one and nobody confirmed."""
        found = []
        for path in sorted((self.folder / "mappings").glob("*.toml")):
            for synonym in load_mapping(path).synonyms:
                if not synonym.confirmed:
                    says = f"{synonym.written!r} looks like {synonym.means!r} ({synonym.fact}) and is kept apart"
                    step = f"If it is the same, set confirmed = true in mappings/{path.name} and import again."
                    names = (synonym.written, synonym.means)
                    found.append(Finding("watch", synonym.fact, 0, 0, says, (), step, names))
        return found

    def _setting(self, snapshot: Snapshot) -> Setting:
        return Setting(self.settings.currency, self.calendar, self._extra_dimensions(), snapshot.id)

    def _extra_dimensions(self) -> dict[str, dict[str, str]]:
        """Extra columns that a mapping names as dimensions, by fact."""
        found: dict[str, dict[str, str]] = {}
        for path in sorted((self.folder / "mappings").glob("*.toml")):
            if "dimensions" not in path.read_text(encoding="utf-8"):
                continue  # most mappings name none, and reading one whole costs more than a question
            for table in load_mapping(path).tables:
                for name in table.dimensions:
                    found.setdefault(table.fact, {})[name] = name
        return found


def open_workspace(folder: Path | str) -> Workspace:
    """Open a workspace folder; refused where there is none."""
    place = Path(folder)
    return Workspace(place, load_settings(place))


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
