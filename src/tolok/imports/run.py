"""An import from beginning to end: read, recognise, stage, resolve, compare, derive, publish."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import duckdb

from tolok.errors import ImportRefused, SourceError, TolokError
from tolok.imports import forgotten, forgotten_files, look, moves, quality, record, trial
from tolok.imports.connection import cleaned, connection_name
from tolok.imports.derive.renew import renew
from tolok.imports.facts import Outcome, bring_in
from tolok.imports.forgotten import Forgotten
from tolok.imports.rejects import Rejects
from tolok.imports.result import SHOWN_REJECTS, FileResult, ImportResult, Progress
from tolok.imports.staging import Staged, stage
from tolok.imports.trial import Tried
from tolok.imports.work import Work
from tolok.settings import FILE, Settings, load, save
from tolok.sources import databases, mapping_file
from tolok.sources import files as file_sources
from tolok.sources.mapping import Mapping
from tolok.sources.recognise import Proposal, propose
from tolok.sources.table import RawTable
from tolok.store.connection import Limits, connect
from tolok.store.draft import Draft
from tolok.store.retention import Retention
from tolok.store.snapshots import Snapshots

PER_TABLE = 16
"""How many facts one source table may carry."""


def run(
    workspace: Path,
    paths: Sequence[Path | str],
    *,
    settings: Settings | None = None,
    dry_run: bool = False,
    map_file: Path | None = None,
    source: str | None = None,
    complete: bool = False,
    today: date | None = None,
    query: str = "",
    tables: Sequence[str] = (),
    trial: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> ImportResult:
    """Import files, folders, archives or a database into a workspace.

    Nothing is changed where it is refused or a dry run; importing the same again changes nothing. ``source`` names
    the connection, ``complete`` says that what is absent was deleted, ``today`` is the day of the import. Of a database
    ``query`` or ``tables`` say what to read; without them it is all that is known. A dry run with ``trial`` reads every
    cell, counts what would be rejected, and looks at the columns for whoever edits the mapping.
    """
    settings = settings or load(workspace)
    if not paths:
        raise ImportRefused("There is nothing to import.", next_step="Give a file, a folder or a database URL.")
    if (query or tables) and len(paths) != 1:
        raise ImportRefused("A query or a table belongs to one database.", next_step="Give that database alone.")
    told = progress or (lambda _: None)
    job = _Job(workspace, paths, settings, map_file, source, complete, today, query, tables, told)
    return job.propose_only(trial=trial) if dry_run else job.run()


def snapshots_of(workspace: Path, settings: Settings) -> Snapshots:
    """The snapshots of a workspace, kept and limited as its settings say."""
    return Snapshots(
        workspace / "facts",
        keep=Retention(settings.snapshots_kept, settings.snapshot_months_kept),
        timezone=settings.timezone,
        limits=Limits(settings.memory_limit, settings.threads),
    )


class _Job:
    """One call of ``run``: what was asked, and the steps."""

    def __init__(
        self,
        workspace: Path,
        paths: Sequence[Path | str],
        settings: Settings,
        map_file: Path | None,
        source: str | None,
        complete: bool,
        today: date | None,
        query: str,
        tables: Sequence[str],
        progress: Callable[[Progress], None],
    ) -> None:
        self.workspace = workspace
        self.paths = paths
        self.settings = settings
        self.source = cleaned(source) if source else connection_name(paths)
        self.complete = complete
        self.moment = datetime.now(UTC).replace(tzinfo=None)
        self.today = today or datetime.now(ZoneInfo(settings.timezone)).date()
        self.query = query
        self.tables = tables
        self.progress = progress
        self.imports = workspace / "imports"
        self.own_mapping = workspace / "mappings" / f"{self.source}.toml"
        self.read_mapping = self._written()
        self.known = self._known(map_file)
        self.forgotten = Forgotten()
        self.skipped: list[tuple[str, str]] = []

    def propose_only(self, *, trial: bool) -> ImportResult:
        """What an import would do, without doing it."""
        self.forgotten = forgotten.load(self.workspace)
        connection = connect(None, Limits(self.settings.memory_limit, self.settings.threads))
        try:
            tables = self._read(connection, None)
            proposal = self._propose(tables, connection)
            seen = look.look(connection, self.source, tables, proposal) if trial else None
            counted = self._try(connection, proposal) if trial and proposal.pairs else None
        finally:
            connection.close()
        if seen is not None:
            self._keep_look(seen)
        current = snapshots_of(self.workspace, self.settings).current()
        listed = [
            FileResult(table.title, mapping.system, mapping.fact, table.rows, 0, len(table.rejects))
            for table, mapping in proposal.pairs
            if not mapping.carried
        ]
        if counted is not None:
            return ImportResult(
                snapshot=current.id if current else "",
                files=(*counted.files, *self._unrecognised(proposal, tables)),
                rows=sum(one.rows for one in counted.files),
                imported=sum(one.imported for one in counted.files),
                rejected=sum(one.rejected for one in counted.files),
                rejects=counted.rejects,
                by_column=counted.by_column,
                refused=counted.refused,
                assumptions=_assumptions(proposal),
                notes=self._notes(tables, proposal),
                mapping=proposal.mapping,
                dry_run=True,
                connection=self.source,
            )
        return ImportResult(
            snapshot=current.id if current else "",
            files=(*listed, *self._unrecognised(proposal, tables)),
            rows=sum(table.rows for table in tables),
            rejected=sum(len(table.rejects) for table in tables),
            rejects=tuple(reject for table in tables for reject in table.rejects)[:SHOWN_REJECTS],
            assumptions=_assumptions(proposal),
            notes=self._notes(tables, proposal),
            mapping=proposal.mapping,
            dry_run=True,
            connection=self.source,
        )

    def _try(self, connection: duckdb.DuckDBPyConnection, proposal: Proposal) -> Tried:
        beside = cast(Draft, trial.Beside(connection))
        work = Work(beside, self.source, proposal.mapping, self.settings.currency, self.today, self.moment)
        try:
            return trial.tried(work, lambda rejects: self._stage(work, proposal, rejects), SHOWN_REJECTS)
        except duckdb.Error as error:
            raise _in_words(error) from error

    def _keep_look(self, seen: look.Look) -> None:
        for path in look.keep(self.imports, seen):
            self._clean(path)

    def run(self) -> ImportResult:
        """The import itself, in one draft."""
        snapshots = snapshots_of(self.workspace, self.settings)
        with snapshots.write(tell=lambda words: self.progress(Progress("waiting", words))) as draft:
            self.forgotten = forgotten.load(self.workspace)
            tables = self._read(draft.connection, draft.work / "reading")
            proposal = self._propose(tables, draft.connection)
            if not proposal.pairs:
                raise self._nothing_known(proposal)
            try:
                return self._import(draft, tables, proposal)
            except duckdb.Error as error:
                raise _in_words(error) from error

    def _import(self, draft: Draft, tables: Sequence[RawTable], proposal: Proposal) -> ImportResult:
        mapping = proposal.mapping
        work = Work(
            draft, self.source, mapping, self.settings.currency, self.today, self.moment, forgotten=self.forgotten
        )
        given = record.given_files([Path(p) for p in self.paths if "://" not in str(p)], tables)
        with ThreadPoolExecutor(max_workers=1) as pool:
            keeping = pool.submit(record.keep, self.imports, given, self._keep_out)
            rejects = Rejects(work)
            staged = self._stage(work, proposal, rejects)
            self._refuse(rejects, tables, staged)
            seen = look.look(draft.connection, self.source, tables, proposal)
            self._tell("resolving", rejects=rejects)
            outcome = bring_in(
                work, staged, rejects, complete=self.complete, tell=lambda s, t: self._tell(s, t, rejects=rejects)
            )
            self._refuse(rejects, tables, staged)
            kept = keeping.result()
        moves.apply(draft, moves.read(self.workspace), moves.read_leaders(self.workspace))
        revenue_from, new_choice = self._revenue(work)
        self._tell("deriving", rejects=rejects)
        ends_on = outcome.ends_on or self.today
        renew(
            work,
            outcome.changes,
            self.settings,
            revenue_from,
            ends_on,
            all_sales=self._revenue_changed(draft, revenue_from),
        )
        proposed = quality.spellings(work)
        mapping = replace(mapping, synonyms=(*mapping.synonyms, *proposed))
        result = self._result(work, tables, proposal, staged, rejects, outcome, mapping)
        self._keep_look(replace(seen, mapping=mapping))
        if not draft.changed:
            self._keep_mapping(mapping)
            before = record.latest(self.imports, self.source)
            where = self.imports / before["import"] / record.REJECTS if before else None
            return replace(
                result,
                snapshot=draft.current.id if draft.current else "",
                rejects_file=str(where) if where and where.exists() else "",
                notes=(*result.notes, "Nothing changed: everything in it is known already."),
            )
        self._tell("publishing", rejects=rejects)
        rejected = draft.work / record.REJECTS
        if rejects.count():
            rejects.write(rejected)
            self._clean(rejected)
        facts = self._record(draft, result, outcome, work, staged, rejects, proposed, kept, revenue_from)
        place = record.write(self.imports, draft.id, facts, mapping, rejected)
        for name in (record.RECORD, record.MAPPING):
            self._clean(place / name)
        draft.publish("import", {"import": draft.id, "connection": self.source, "revenue_from": revenue_from})
        self._keep_mapping(mapping)
        if new_choice and (self.workspace / FILE).exists():
            save(self.workspace / FILE, {"revenue_from": revenue_from})
        file = place / record.REJECTS
        return replace(result, snapshot=draft.id, rejects_file=str(file) if file.exists() else "")

    # reading and recognising

    def _read(self, connection: duckdb.DuckDBPyConnection, scratch: Path | None) -> list[RawTable]:
        tables: list[RawTable] = []
        for place in self.paths:
            self._tell(
                "reading", Path(str(place)).name if "://" not in str(place) else databases.parsed(str(place)).shown
            )
            limits = file_sources.Limits(scratch=scratch)
            if "://" in str(place) or databases.is_database(Path(place)):
                read = databases.read(place, query=self.query, tables=self.tables, limits=limits, tell=self._copied)
            elif self.query or self.tables:
                raise ImportRefused(
                    f"{Path(place).name} is no database, so it has no tables to choose.",
                    next_step="Leave --query and --table out.",
                )
            else:
                read = file_sources.read(Path(place), connection, limits=limits)
            tables += read.tables
            self.skipped += read.skipped
        return tables

    def _copied(self, table: str, rows: int) -> None:
        self.progress(Progress("reading", table, rows))

    def _propose(self, tables: Sequence[RawTable], connection: duckdb.DuckDBPyConnection) -> Proposal:
        self._tell("recognising")
        return propose(
            tables,
            connection,
            connection_name=self.source,
            timezone=self.settings.timezone,
            currency=self.settings.currency,
            known=self.known,
            today=self.today,
        )

    def _written(self) -> bytes | None:
        return self.own_mapping.read_bytes() if self.own_mapping.exists() else None

    def _known(self, map_file: Path | None) -> Mapping | None:
        if map_file is not None:
            return replace(mapping_file.load(map_file), connection=self.source)
        return mapping_file.load(self.own_mapping) if self.own_mapping.exists() else None

    def _keep_mapping(self, mapping: Mapping) -> None:
        """Write the mapping; what somebody has written into it while the import ran stays, and only what is new is added."""
        self.own_mapping.parent.mkdir(parents=True, exist_ok=True)
        if self._written() != self.read_mapping:
            try:
                mapping = mapping_file.load(self.own_mapping).with_new(mapping)
            except TolokError:  # somebody is in the middle of it; the import's own copy is kept with its record
                return
        mapping_file.save(mapping, self.own_mapping)
        self._clean(self.own_mapping)

    def _clean(self, path: Path) -> None:
        """Those who were forgotten stay so in what is written of an import."""
        if self.forgotten:
            forgotten_files.clean(path, self.forgotten)

    def _keep_out(self, path: Path) -> bool:
        return bool(self.forgotten) and forgotten_files.clean(path, self.forgotten) == "removed"

    # staging and refusing

    def _stage(self, work: Work, proposal: Proposal, rejects: Rejects) -> list[Staged]:
        staged: list[Staged] = []
        tables = list(dict.fromkeys(id(table) for table, _ in proposal.pairs))
        done = 0
        total = sum({id(table): table.rows for table, _ in proposal.pairs}.values())
        for number, key in enumerate(tables):
            pairs = [(table, mapping) for table, mapping in proposal.pairs if id(table) == key]
            table = pairs[0][0]
            self.progress(Progress("staging", table.title, done, total, sum(rejects.lost.values())))
            mappings = tuple(sorted((m for _, m in pairs), key=lambda m: m.carried))[:PER_TABLE]
            made = stage(work, table, mappings, number * PER_TABLE)
            rejects.add_read(table, number * PER_TABLE)
            known = frozenset(reading.text for one in made if one.primary for reading in one.readings)
            for one in made:
                rejects.add_staged(one, frozenset() if one.primary else known)
            staged += made
            done += table.rows
        return staged

    def _tallies(self, staged: Sequence[Staged]) -> list[tuple[int, RawTable, int]]:
        return [(one.number, one.table, one.table.rows + len(one.table.rejects)) for one in staged if one.primary]

    def _refuse(self, rejects: Rejects, tables: Sequence[RawTable], staged: Sequence[Staged]) -> None:
        rejects.refuse_most(self._tallies(staged))

    def _nothing_known(self, proposal: Proposal) -> TolokError:
        reasons = [*proposal.unrecognised, *self.skipped]
        title, why = reasons[0] if reasons else (str(self.paths[0]), "it holds no tables")
        more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
        return ImportRefused(
            f"Nothing here could be recognised: {title}{more}: {why}.".replace("..", "."),
            next_step="Say what it holds in a mapping file and give it with --map; --dry-run shows how one looks.",
        )

    # revenue

    def _revenue(self, work: Work) -> tuple[str, bool]:
        """What revenue is made of, and whether this import is the first to propose it."""
        if self.settings.revenue_from:
            return self.settings.revenue_from, False
        if work.count(work.next("orders")):
            return "orders", True
        if work.count(work.next("deals")):
            return "deals", True
        return "deals", False

    def _revenue_changed(self, draft: Draft, revenue_from: str) -> bool:
        current = draft.current
        if current is None:
            return True
        before = current.about.get("revenue_from")
        return before is not None and before != revenue_from

    # telling

    def _tell(self, step: str, table: str = "", *, rejects: Rejects | None = None) -> None:
        self.progress(Progress(step, table, rejected=sum(rejects.lost.values()) if rejects else 0))

    def _unrecognised(self, proposal: Proposal, tables: Sequence[RawTable]) -> list[FileResult]:
        rows = {table.title: table.rows for table in tables}
        return [FileResult(title, "", "", rows.get(title, 0), 0, 0) for title, _ in proposal.unrecognised]

    def _notes(self, tables: Sequence[RawTable], proposal: Proposal) -> tuple[str, ...]:
        read = (*tables, *(table for table, _ in proposal.pairs))
        notes = [f"{table.title}: {note}" for table in read for note in table.notes]
        notes += [f"{title}: not imported, {why}" for title, why in (*proposal.unrecognised, *self.skipped)]
        notes += [f"{title} may also be {other}" for title, other in proposal.ambiguous]
        return tuple(dict.fromkeys(notes))

    def _result(
        self,
        work: Work,
        tables: Sequence[RawTable],
        proposal: Proposal,
        staged: Sequence[Staged],
        rejects: Rejects,
        outcome: Outcome,
        mapping: Mapping,
    ) -> ImportResult:
        listed = []
        told: set[int] = set()
        for one in staged:
            if not one.primary:
                continue
            lost = rejects.lost[one.number] if one.number not in told else 0
            told.add(one.number)
            rows = one.table.rows + len(one.table.rejects)
            taken = work.count(one.relation) - rejects.later[one.number, one.mapping.fact]
            listed.append(FileResult(one.table.title, one.mapping.system, one.mapping.fact, rows, taken, lost))
        main = {one.mapping.fact for one in staged if one.primary} - {"deal_events"}
        changes = outcome.changes
        notes = [*self._notes(tables, proposal), *work.notes]
        if outcome.new_stages:
            notes.append(f"New stages, placed last: {', '.join(sorted(set(outcome.new_stages))[:10])}.")
        return ImportResult(
            snapshot="",
            files=(*listed, *self._unrecognised(proposal, tables)),
            rows=sum(one.rows for one in listed),
            imported=sum(one.imported for one in listed),
            changed=sum(c.new + c.changed + c.deleted for fact, c in changes.items() if fact in main),
            rejected=sum(one.rejected for one in listed),
            rejects=rejects.listed(SHOWN_REJECTS),
            assumptions=_assumptions(proposal),
            notes=tuple(dict.fromkeys(notes)),
            mapping=mapping,
            connection=self.source,
            facts={
                fact: {"new": c.new, "changed": c.changed, "deleted": c.deleted}
                for fact, c in changes.items()
                if not c.nothing
            },
        )

    def _record(
        self,
        draft: Draft,
        result: ImportResult,
        outcome: Outcome,
        work: Work,
        staged: Sequence[Staged],
        rejects: Rejects,
        proposed: Sequence[Any],
        kept: Sequence[record.KeptFile],
        revenue_from: str,
    ) -> dict[str, Any]:
        listed = result.as_json()
        listed.pop("rejects", None)
        return {
            **listed,
            "import": draft.id,
            "snapshot": draft.id,
            "imported_at": self.moment.isoformat(timespec="seconds"),
            "today": self.today.isoformat(),
            "connection": self.source,
            "complete": self.complete,
            "revenue_from": revenue_from,
            "mapping_fingerprint": record.fingerprint(work.mapping),
            "kept_files": [asdict(file) for file in kept],
            "quality": {
                "rejects": rejects.by_column(),
                "blanks": quality.blanks(work, staged),
                "unresolved": outcome.unresolved,
                "new_stages": list(outcome.new_stages),
                "synonyms": [asdict(one) for one in (*work.mapping.synonyms, *proposed)],
                "skipped": [list(pair) for pair in self.skipped],
            },
        }


def _assumptions(proposal: Proposal) -> tuple[str, ...]:
    return tuple(f"{one.file}, {one.column}: {one.text}" for one in proposal.assumptions)


def _in_words(error: duckdb.Error) -> TolokError:
    from tolok.store.connection import translated

    if isinstance(error, duckdb.InvalidInputException | duckdb.ConversionException):
        return SourceError(
            f"A table could not be read to its end: {str(error).splitlines()[0][:200]}",
            next_step="Export it again as CSV or XLSX.",
        )
    return translated(error, "the import")
