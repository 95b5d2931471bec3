"""A served company and a browser: Debian's Chromium, one server for all tests of this process."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.conftest import missing

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

BUILD = """
import sys, tempfile
from pathlib import Path
from tolok import demo, imports
from tolok.settings import create
folder = Path(sys.argv[1])
settings = create(
    folder, name="PT Contoh", currency="IDR", timezone="Asia/Jakarta", holidays_country="ID", mail_url="smtp://127.0.0.1:9"
)
with tempfile.TemporaryDirectory() as exports:
    demo.write_csv(demo.simulate(seed=7, years=1, reps=12), Path(exports))
    imports.run(folder, [Path(exports)], settings=settings, source="demo")
from tolok.web.serve import prepare
prepare(folder)
from tolok.app.demo import logins
from datetime import UTC, date, datetime
from tolok.app.models import TargetVersion
for month, state in ((1, "proposed"), (2, "approved")):
    TargetVersion.objects.create(
        kpi="revenue", scope_key="", start=date(2027, month, 1), end=date(2027, month, 28), value=10**9, currency="IDR",
        state=state, author_name="Admin", at=datetime.now(UTC), decided_at=datetime.now(UTC),
    )
for login in logins(folder):
    print(login.role, login.email, login.password)
"""


@dataclass(frozen=True)
class Site:
    """Where the company is served, its folder, and who may sign in: (e-mail, password) by role."""

    address: str
    folder: Path
    logins: dict[str, tuple[str, str]]


@contextmanager
def served() -> Iterator[Site]:
    """A company of twelve reps, served on the loopback address for as long as it is looked at."""
    place = Path(tempfile.mkdtemp(prefix="tolok-site-"))
    folder = place / "company"
    made = subprocess.run([sys.executable, "-c", BUILD, str(folder)], capture_output=True, text=True, timeout=300)
    if made.returncode != 0:
        raise RuntimeError(made.stderr)
    logins = {role: (email, password) for role, email, password in (line.split() for line in made.stdout.splitlines())}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (place / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "tolok", "serve", "-w", str(folder), "--port", str(port)],
            stdout=log,
            stderr=log,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
    address = f"http://localhost:{port}"
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError((place / "log").read_text())
        try:
            urllib.request.urlopen(f"{address}/account/login/", timeout=5).close()  # noqa: S310 - our own server
            break
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    try:
        yield Site(address, folder, logins)
    finally:
        server.terminate()
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    if CHROMIUM is None:
        missing("Chromium")
    with served() as found:
        yield found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        missing("Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def enter(site: Site, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Signs somebody in: ``enter("rep", phone=True, dark=True, language="id")``; errors of the page fail the test."""
    opened: list[BrowserContext] = []
    faults: list[str] = []

    def entered(
        role: str, *, phone: bool = False, dark: bool = False, language: str = "en", script: bool = True
    ) -> Page:
        context = chromium.new_context(
            base_url=site.address,
            viewport={"width": 390, "height": 844} if phone else {"width": 1440, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
        )
        opened.append(context)
        context.add_cookies([{"name": "tolok_language", "value": language, "url": site.address}])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        email, password = site.logins[role]
        page.goto("/account/login/")
        page.fill("[name=login]", email)
        page.fill("[name=password]", password)
        page.click("button.primary")
        return page

    yield entered
    for context in opened:
        context.close()
    assert faults == []
