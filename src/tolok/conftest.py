"""What tests of pages share: a small company with data, its people, and browsers signed in as them."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

PASSWORD = "kuat-sekali-2026"  # noqa: S105 - of people who exist in tests alone


@cache
def hashed() -> str:
    """The password of all people in tests, as it is stored."""
    from django.contrib.auth.hashers import make_password

    return make_password(PASSWORD)


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The served workspace, filled with a year of a company of twelve reps; read it, do not import into it."""
    from tolok.app import place

    folder = place.folder()
    if not (folder / "facts").exists() or not any((folder / "facts").iterdir()):
        shared = (
            tmp_path_factory.getbasetemp().parent if _is_worker(tmp_path_factory) else tmp_path_factory.getbasetemp()
        )
        built = shared / "company"
        with (shared / "company.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (built / "done").exists():
                _build(built)
        shutil.copytree(built / "workspace", folder, dirs_exist_ok=True)
        place.use(folder)
    return folder


def _is_worker(factory: pytest.TempPathFactory) -> bool:
    return factory.getbasetemp().name.startswith("popen-")


def _build(built: Path) -> None:
    from tolok import demo, imports
    from tolok.settings import create

    shutil.rmtree(built, ignore_errors=True)
    folder = built / "workspace"
    settings = create(folder, name="PT Contoh", currency="IDR", timezone="Asia/Jakarta", holidays_country="ID")
    with tempfile.TemporaryDirectory() as exports:
        demo.write_csv(demo.simulate(seed=7, years=1, reps=12), Path(exports))
        imports.run(folder, [Path(exports)], settings=settings, source="demo")
    (built / "done").touch()


@pytest.fixture
def make_user(company: Path, db: None) -> Callable[..., object]:
    """Makes a person: ``make_user("rep", rep_id=…)``."""
    from tolok.app.models import User

    def make(role: str, *, rep_id: str = "", email: str = "", **fields: object) -> User:
        address = email or f"{role}{User.objects.count()}@contoh.test"
        user = User.objects.create_user(address, None, name=address.split("@")[0], role=role, rep_id=rep_id, **fields)
        user.password = hashed()  # made once: a good hash takes as long as it should
        user.save()
        return user

    return make


@pytest.fixture
def organisation(company: Path):  # type: ignore[no-untyped-def]
    """Who reports to whom in the company today."""
    from datetime import UTC, datetime

    from tolok.app import place

    return place.workspace().organisation(datetime.now(UTC).date())


@pytest.fixture
def led_team(organisation):  # type: ignore[no-untyped-def]
    """A team with a manager and at least two reps, below the top."""
    return next(
        team
        for team in sorted(organisation.teams.values(), key=lambda team: team.id)
        if team.parent_id and team.manager_id and len(organisation.reports(team.manager_id)) >= 2
    )


@pytest.fixture
def people(make_user, organisation, led_team) -> dict[str, object]:  # type: ignore[no-untyped-def]
    """A director, a manager, a rep of that manager's team, a rep of another team, an analyst and an administrator."""
    inside = sorted(organisation.reports(led_team.manager_id))
    outside = sorted(
        rep.id
        for rep in organisation.reps.values()
        if rep.active
        and rep.id not in inside
        and rep.id != led_team.manager_id
        and rep.team_id not in ("", led_team.id)
        and not organisation.reports(rep.id)
    )
    return {
        "director": make_user("director"),
        "manager": make_user("manager", rep_id=led_team.manager_id),
        "rep": make_user("rep", rep_id=inside[0]),
        "stranger": make_user("rep", rep_id=outside[0]),
        "analyst": make_user("analyst"),
        "administrator": make_user("administrator"),
    }


@pytest.fixture
def signed_in(people) -> Callable[[str], object]:  # type: ignore[no-untyped-def]
    """A test client signed in as one of ``people``: ``signed_in("manager").get("/scorecard/")``."""
    from django.test import Client

    def browser(who: str) -> Client:
        client = Client()
        client.force_login(people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return browser


@pytest.fixture
def restored_facts(company: Path, tmp_path: Path):  # type: ignore[no-untyped-def]
    """The company, whose files are as they were once the test is over; app rows are the database's own to restore."""
    from tolok.app import place

    kept = ("facts", "mappings", "imports")
    for name in kept:
        shutil.copytree(company / name, tmp_path / name)
    files = {path.name for path in company.iterdir()}
    yield company
    for name in kept:
        shutil.rmtree(company / name)
        shutil.copytree(tmp_path / name, company / name)
    for path in company.iterdir():
        if path.name not in files and path.is_file() and not path.name.startswith("app"):
            path.unlink()
    place.use(company)
