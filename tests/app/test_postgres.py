"""What people enter may live on PostgreSQL: pages, jobs, backup, restore and upgrade do there what they do on a file."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from tolok.settings import create, load

EARLIER = "0005_job"
"""A change of the app's tables that later ones follow."""

PEOPLE = """
import sys
from pathlib import Path
from tolok.web.serve import prepare
prepare(Path(sys.argv[1]))
from datetime import UTC, date, datetime
from decimal import Decimal
from tolok.app.models import AuditEntry, Job, TargetVersion, User
from tolok.app.audit import record
ana = User.objects.create_user("ana@toko.test", "kuat-sekali-2026", name="Ana", role="director")
bo = User.objects.create_user("bo@toko.test", "kuat-sekali-2026", name="Bo", role="rep", rep_id="r1")
TargetVersion.objects.create(kpi="revenue", scope={"team": "t1"}, scope_key="team=t1", start=date(2026, 11, 1),
    end=date(2026, 11, 30), value=Decimal("1234567890.1234"), currency="IDR", version=1, state="proposed", author=ana,
    author_name="Ana", at=datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC))
entry = record(ana, "target proposed", "revenue · t1", why="naïve – “quoted”")
AuditEntry.objects.filter(pk=entry.pk).update(at=datetime(2025, 5, 6, 7, 8, 9, tzinfo=UTC))
Job.objects.create(kind="import", title="x", arguments={"path": "/x"}, asked_by=bo)
"""

SHOWN = """
import json, sys
from pathlib import Path
from tolok.app.configure import configure
configure(Path(sys.argv[1]))
from django.db import connection
from tolok.app.models import AuditEntry, Job, TargetVersion, User
print(json.dumps({
    "vendor": connection.vendor,
    "people": [[u.email, u.name, u.role, u.rep_id, u.check_password("kuat-sekali-2026")] for u in User.objects.order_by("pk")],
    "targets": [[t.kpi, t.scope, str(t.value), t.at.isoformat(), t.author.email] for t in TargetVersion.objects.all()],
    "audit": [[a.action, a.details, a.at.isoformat()] for a in AuditEntry.objects.order_by("pk")],
    "jobs": [[j.kind, j.arguments, j.asked_by.email] for j in Job.objects.all()],
}))
User.objects.create_user(f"new{User.objects.count()}@toko.test", None, name="New")  # its number is free
"""


def python(script: str, *words: object) -> str:
    done = subprocess.run([sys.executable, "-c", script, *map(str, words)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def tolok(*words: object) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "tolok", *map(str, words)], capture_output=True, text=True, timeout=120
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.fixture
def new_database(postgres_url: str) -> Iterator[Callable[[], str]]:
    """Makes an empty database on the server of the tests, and gives its address."""
    import psycopg

    made = []

    def make() -> str:
        name = f"app_{uuid4().hex[:12]}"
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        made.append(name)
        return postgres_url.rsplit("/", 1)[0] + f"/{name}"

    yield make
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def workspace(tmp_path: Path, new_database: Callable[[], str]) -> Path:
    """A workspace with people, a target, a line of the audit log and a job on PostgreSQL."""
    create(tmp_path / "w", name="Toko", currency="IDR", app_url=new_database())
    python(PEOPLE, tmp_path / "w")
    return tmp_path / "w"


def shown(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(python(SHOWN, folder))
    return found


def test_nothing_is_kept_in_a_file_beside_it(workspace):
    assert shown(workspace)["vendor"] == "postgresql"
    assert not (workspace / "app.sqlite3").exists()


def test_a_backup_holds_what_people_entered_and_goes_back_to_another_server(workspace, tmp_path, new_database):
    assert tolok("backup", tmp_path / "b.tar.gz", "-w", workspace).returncode == 0
    before = shown(workspace)
    other = new_database()
    done = tolok("restore", tmp_path / "b.tar.gz", "-w", tmp_path / "again", "--app-url", other)
    assert done.returncode == 0, done.stderr
    assert load(tmp_path / "again").app_url == other
    assert not (tmp_path / "again" / "app.sqlite3").exists()
    assert shown(tmp_path / "again") == before
    assert len(shown(tmp_path / "again")["people"]) == 3


def test_a_backup_comes_back_as_a_file_where_no_server_is_wanted(workspace, tmp_path):
    assert tolok("backup", tmp_path / "b.tar.gz", "-w", workspace).returncode == 0
    before = shown(workspace)
    assert tolok("restore", tmp_path / "b.tar.gz", "-w", tmp_path / "again", "--app-url", "").returncode == 0
    assert shown(tmp_path / "again") == before | {"vendor": "sqlite"}
    assert tolok("upgrade", "-w", tmp_path / "again").stdout.endswith("is up to date.\n")


def test_a_file_moves_to_a_server_by_backup_and_restore(tmp_path, new_database):
    create(tmp_path / "w", name="Toko", currency="IDR")
    python(PEOPLE, tmp_path / "w")
    assert tolok("backup", tmp_path / "b.tar.gz", "-w", tmp_path / "w").returncode == 0
    before = shown(tmp_path / "w")
    assert tolok("restore", tmp_path / "b.tar.gz", "-w", tmp_path / "p", "--app-url", new_database()).returncode == 0
    assert shown(tmp_path / "p") == before | {"vendor": "postgresql"}


def test_a_database_that_holds_something_is_never_written_over(workspace, tmp_path):
    assert tolok("backup", tmp_path / "b.tar.gz", "-w", workspace).returncode == 0
    refused = tolok("restore", tmp_path / "b.tar.gz", "-w", tmp_path / "again")
    assert refused.returncode == 2
    assert "holds tables already" in refused.stderr
    assert "--app-url" in refused.stderr
    assert not (tmp_path / "again").exists()


def test_an_older_server_is_upgraded_after_a_backup_that_holds_it(workspace, tmp_path):
    older = "from tolok.app.configure import configure; from pathlib import Path; import sys\n"
    older += "configure(Path(sys.argv[1]))\nfrom django.core.management import call_command\n"
    older += f"call_command('migrate', 'app', {EARLIER!r}, verbosity=0)\n"
    python(older, workspace)
    asked = tolok("worker", "-w", workspace)
    assert asked.returncode == 2
    assert "tolok upgrade" in asked.stderr
    done = tolok("upgrade", "-w", workspace)
    assert done.returncode == 0, done.stderr
    assert "app 0006" in done.stdout
    (kept,) = tmp_path.glob("w-before-upgrade-*.tar.gz")
    with tarfile.open(kept) as archive:
        archive.extract("app.sqlite3", tmp_path / "kept", filter="data")
    with closing(sqlite3.connect(tmp_path / "kept" / "app.sqlite3")) as file:
        names = {name for (name,) in file.execute("SELECT name FROM django_migrations WHERE app = 'app'")}
        assert max(names) == EARLIER
        assert file.execute("SELECT email FROM app_user ORDER BY id").fetchall()[0] == ("ana@toko.test",)
    assert len(shown(workspace)["people"]) == 2


RATNA = """
import sys
from pathlib import Path
from tolok.app.configure import configure
configure(Path(sys.argv[1]))
from tolok.app.audit import record
from tolok.app.models import User
ratna = User.objects.create_user("ratna.w@toko.test", "kuat-sekali-2026", name="Ratna Wulandari", role="rep", rep_id="r9")
record(ratna, "target contested", "revenue", reason="Ratna Wulandari says: \\"no\\"")
"""


def test_forgetting_a_person_reaches_it_and_locks_their_account(workspace, tmp_path):
    (tmp_path / "users.csv").write_text("User ID,Name,Email\n9,Ratna Wulandari,ratna.w@toko.test\n8,Bo,bo@toko.test\n")
    assert tolok("import", tmp_path / "users.csv", "-w", workspace).returncode == 0
    python(RATNA, workspace)
    dry = tolok("forget", "Ratna Wulandari", "-w", workspace, "--dry-run")
    assert "2 rows of what people entered" in dry.stdout
    assert "Ratna" in json.dumps(shown(workspace))
    assert tolok("forget", "Ratna Wulandari", "-w", workspace, "--yes").returncode == 0
    found = shown(workspace)
    assert "Ratna" not in json.dumps(found)
    assert "ratna" not in json.dumps(found)
    forgotten = next(person for person in found["people"] if person[1].startswith("Forgotten "))
    assert forgotten[4] is False
    assert ["ana@toko.test", "Ana", "director", "", True] in found["people"]
    assert found["audit"][-1][1]["reason"].endswith('says: "no"')


@pytest.mark.parametrize("command", ["backup", "upgrade", "worker"])
def test_a_server_that_does_not_answer_is_said_without_its_password(tmp_path, command):
    create(tmp_path / "w", name="Toko", currency="IDR", app_url="postgresql://tolok:s3cret@127.0.0.1:9/none")
    done = tolok(command, *([tmp_path / "b.tar.gz"] if command == "backup" else []), "-w", tmp_path / "w")
    assert done.returncode == 2
    assert "app_url" in done.stderr
    assert "s3cret" not in done.stderr
    assert not (tmp_path / "b.tar.gz").exists()


def test_without_the_driver_the_package_is_named(tmp_path):
    create(tmp_path / "w", name="Toko", currency="IDR", app_url="postgresql://tolok@127.0.0.1:9/none")
    script = "import sys; sys.modules['psycopg'] = None; sys.argv[0] = 'tolok'\nfrom tolok.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script, "worker", "-w", str(tmp_path / "w")], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert "tolok[postgres]" in done.stderr


@pytest.mark.slow
def test_the_pages_tests_pass_on_it(new_database):
    pages = ["signin", "targets/test_targets.py", "settings/test_people.py", "data/test_data.py"]
    root = Path(__file__).parents[2]
    line = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", *(f"src/tolok/web/{page}" for page in pages)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *line],
        cwd=root, env={**os.environ, "TOLOK_TEST_APP_URL": new_database()}, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]
