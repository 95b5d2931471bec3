"""How fast pages are for a team: the scorecard at eight users, what a cold page weighs, what the server holds.

``python -m benchmarks.pages`` serves the simulated company, then a workspace of 5 million deals, each from a process of
its own, signs eight people in (a director, managers and reps), and lets them look at the scorecard of several months.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import math
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from benchmarks.facts import snapshot
from benchmarks.verdict import Verdict, printed
from tolok.cli.scorecard import LAGGING, LEADING
from tolok.query.question import Question
from tolok.workspace import open_workspace

USERS = 8
MONTHS = 6
SETTLED = 3
"""Seconds without work after which a server has asked ahead all that it will."""
PAUSE = (0.5, 1.5)
"""Seconds between two looks of one person, who is in a hurry."""

PEOPLE = """
import json, sys
from pathlib import Path
from tolok.web.serve import prepare
folder, wanted = Path(sys.argv[1]), int(sys.argv[2])
prepare(folder)
from django.test import Client
from tolok.app import place
from tolok.app.models import Role, User
from datetime import date
organisation = place.workspace().organisation(date.today())
leads = sorted({team.manager_id for team in organisation.teams.values() if team.manager_id and team.parent_id})
sellers = sorted(one.id for one in organisation.reps.values() if one.active and one.id not in leads)
people = [(Role.DIRECTOR, "")] + [(Role.MANAGER, rep) for rep in leads[:2]]
people += [(Role.REP, rep) for rep in sellers[:wanted - len(people)]]
cookies = []
for number, (role, rep) in enumerate(people):
    email = f"user{number}@bench.example"
    user = User.objects.filter(email=email).first() or User.objects.create_user(
        email, None, name=f"User {number}", role=role, rep_id=rep)
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    cookies.append([role.value, client.cookies["tolok_session"].value])
print(json.dumps({"people": cookies, "ends_on": place.workspace().snapshot().ends_on.isoformat()}))
"""


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in."""

    role: str
    cookie: str


@dataclass(frozen=True)
class Served:
    """A server that runs: its port, its process, and who is signed in."""

    port: int
    process: int
    people: tuple[Person, ...]
    months: tuple[str, ...]

    def get(self, connection: http.client.HTTPConnection, person: Person, path: str) -> tuple[float, bytes]:
        """Seconds until the last byte, and the bytes as they came."""
        begun = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": f"tolok_session={person.cookie}", "Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        body = answer.read()
        taken = time.perf_counter() - begun
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status} to the {person.role}")
        return taken, body

    def processor(self) -> float:
        """Seconds of the processors that it has used so far."""
        return sum(_worked(number) for number in _family(self.process))

    def memory(self) -> float:
        """MB held by the server's own processes; pages that they share are counted once."""
        return sum(_held(number) for number in _family(self.process)) / 1000


def demo_workspace(folder: Path) -> Path:
    """The simulated company, made once."""
    place = folder / "pages-demo"
    if not (place / "facts").exists():
        subprocess.run(
            [sys.executable, "-m", "tolok", "demo", str(place), "--no-serve"], check=True, capture_output=True
        )
    return place


def big_workspace(folder: Path, scale: float) -> Path:
    """A workspace over the facts that questions are measured on."""
    place = folder / f"pages-{scale:g}"
    held = snapshot(folder, scale)
    if not place.exists():
        line = ["init", str(place), "--currency", "IDR", "--timezone", "Asia/Jakarta"]
        subprocess.run([sys.executable, "-m", "tolok", *line], check=True, stdout=subprocess.DEVNULL)
        facts = place / "facts"
        if facts.exists():
            facts.rmdir()
        facts.symlink_to(held.path("deals").parent.resolve())
    return place


@contextmanager
def serving(workspace: Path) -> Iterator[Served]:
    """The workspace served by a process of its own, with everybody signed in."""
    said = subprocess.run(
        [sys.executable, "-c", PEOPLE, str(workspace), str(USERS)], check=True, stdout=subprocess.PIPE, text=True
    )
    known = json.loads(said.stdout.splitlines()[-1])
    year, month = (int(part) for part in known["ends_on"].split("-")[:2])
    counted = [year * 12 + month - 1 - back for back in range(MONTHS)]
    months = tuple(f"{number // 12}-{number % 12 + 1:02}-01" for number in counted)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = [sys.executable, "-m", "tolok", "serve", "-w", str(workspace), "--port", str(port)]
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield Served(port, process.pid, tuple(Person(*each) for each in known["people"]), months)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(port: int) -> None:
    for _ in range(300):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The server did not start within half a minute.")


def _worked(process: int) -> float:
    """Seconds of the processors that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _family(process: int) -> list[int]:
    """A process and all that it started, but not the worker beside it, which is no part of answering."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    found = [process]
    for child in map(int, children):
        if b"worker" not in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
            found += _family(child)
    return found


def _held(process: int) -> float:
    text = Path(f"/proc/{process}/smaps_rollup").read_text()
    return float(re.search(r"^Pss:\s+(\d+) kB", text, re.M)[1])  # type: ignore[index]


def looks(served: Served, rounds: int, pause: tuple[float, float], people: int = USERS) -> list[float]:
    """Seconds of each look: everybody opens the scorecard of each month in an order of their own."""
    found: list[float] = []
    failed: list[str] = []

    def one(number: int, person: Person) -> None:
        chance = random.Random(number)
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=120)
        try:
            for _ in range(rounds):
                for month in chance.sample(served.months, len(served.months)):
                    time.sleep(chance.uniform(*pause))
                    found.append(served.get(connection, person, f"/scorecard/?at={month}")[0])
        except (OSError, SystemExit) as error:
            failed.append(str(error))

    threads = [threading.Thread(target=one, args=each) for each in enumerate(served.people[:people])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise SystemExit(failed[0])
    return found


def morning(workspace: Path) -> list[float]:
    """Seconds of the first look of each person at what was asked ahead, a while after the server was started."""
    with serving(workspace) as served:
        for person in served.people:  # somebody who was here before is who it is asked ahead for
            served.get(http.client.HTTPConnection("127.0.0.1", served.port, timeout=60), person, "/scorecard/")
    with serving(workspace) as served:
        idle, worked = 0, served.processor()
        while idle < SETTLED:
            time.sleep(1)
            now = served.processor()
            idle, worked = (idle + 1 if now - worked < 0.05 else 0), now
        begun: list[float] = []
        threads = [threading.Thread(target=_opened, args=(served, person, begun)) for person in served.people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return begun


def _opened(served: Served, person: Person, found: list[float]) -> None:
    found.append(served.get(http.client.HTTPConnection("127.0.0.1", served.port, timeout=60), person, "/scorecard/")[0])


def quantile(seconds: Sequence[float], share: float) -> float:
    """The look than which this share of them was not slower, in milliseconds."""
    return 1000 * sorted(seconds)[max(0, math.ceil(share * len(seconds)) - 1)]


def cold_bytes(served: Served) -> int:
    """What a browser that was never here takes over the wire for the scorecard, before charts."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
    person = served.people[0]
    page = served.get(connection, person, "/scorecard/")[1]
    size, seen = len(page), set()
    links = re.findall(r'(?:src|href)="(/static/[^"]+)"', _text(page))
    while links:
        link = links.pop()
        if link in seen:
            continue
        seen.add(link)
        body = served.get(connection, person, link)[1]
        size += len(body)
        if ".css" in link:
            inside = re.findall(r"url\([\"']?([^\"')]+)", _text(body))
            links += [urljoin(link, found) for found in inside if not found.startswith("data:")]
    return size


def _text(body: bytes) -> str:
    return (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode()


def measured(workspace: Path, name: str, rounds: int) -> tuple[dict[str, float], int]:
    """p50 and p95 in milliseconds, of first looks and of later ones, and MB; and the bytes of a cold page."""
    with serving(workspace) as served:
        weight = cold_bytes(served)
        alone = looks(served, 1, (0, 0), people=1)
        first = looks(served, 1, PAUSE)
        later = looks(served, rounds, PAUSE)
        before = served.processor()
        pressed = looks(served, rounds, (0, 0))
        work = served.processor() - before
        memory = served.memory()
    opened = morning(workspace)
    found = {
        "morning p50": quantile(opened, 0.5),
        "morning worst": quantile(opened, 1),
        "alone p95": quantile(alone, 0.95),
        "first p50": quantile(first, 0.5),
        "first p95": quantile(first, 0.95),
        "p50": quantile(later, 0.5),
        "p95": quantile(later, 0.95),
        "pressed p50": quantile(pressed, 0.5),
        "pressed p95": quantile(pressed, 0.95),
        "a second": 1000 * USERS / statistics.mean(1000 * each for each in pressed),
        "processor a look": 1000 * work / len(pressed),
        "memory": memory,
    }
    print(f"{name}: " + ", ".join(f"{what} {value:.0f}" for what, value in found.items()) + f", {weight:,} bytes cold")
    return found, weight


def measure(folder: Path, scale: float, rounds: int) -> list[Verdict]:
    """Pages of the simulated company, and of the big one."""
    small, weight = measured(demo_workspace(folder), "simulated company", rounds)
    big = big_workspace(folder, scale)
    engine = quantile(engine_alone(big), 0.95)
    large, _ = measured(big, "big company", rounds)
    print(f"big company: the engine alone, 95 % of its scorecards within {engine:.0f} ms")
    return [
        Verdict("scorecard of the demo at 8 users, 95 % within", small["p95"], 60, "ms"),
        Verdict(
            "scorecard of the demo, the first of the day of 8 at once, the slowest", small["morning worst"], 250, "ms"
        ),
        Verdict("scorecard and what it needs, never seen before, without charts", weight / 1000, 200, "KB"),
        Verdict("memory of the server of the demo", small["memory"], 400, "MB"),
        Verdict("scorecard of the big company, first looks, 95 % within", large["alone p95"], engine + 30, "ms"),
        Verdict("scorecard of the big company at 8 users, 95 % within", large["p95"], 250, "ms"),
    ]


def engine_alone(workspace: Path) -> list[float]:
    """Seconds that the scorecard's figures take of months not asked before, without any page."""
    opened = open_workspace(workspace)
    ends_on = opened.snapshot().ends_on
    assert ends_on is not None
    kpis = tuple(name for name in (*LAGGING, *LEADING) if name in opened.definitions)
    found = []
    month = opened.calendar.period_of(ends_on, "month")
    for _ in range(MONTHS + 1):
        asked = Question(
            kpis, "month", opened.calendar.step(month, -12).start, min(month.end, ends_on), compare="previous"
        )
        begun = time.perf_counter()
        list(opened.answer(asked).rows())
        found.append(time.perf_counter() - begun)
        month = opened.calendar.step(month, -1)
    return found[1:]


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    asked.add_argument("--scale", type=float, default=1.0, help="1.0 is 5 million deals")
    asked.add_argument("--folder", type=Path, default=Path(".bench"), help="where the data is kept")
    asked.add_argument("--rounds", type=int, default=3, help="how often everybody looks at each month")
    given = asked.parse_args()
    printed(measure(given.folder, given.scale, given.rounds))


if __name__ == "__main__":
    main()
