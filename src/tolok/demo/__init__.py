"""A simulated company with a known truth: an Indonesian distributor, three years, forty reps, in rupiah.

    company = simulate()                     # the same for the same seed, to the byte
    company.truth.leading_activity           # what was planted: see Truth
    facts(company)["deals"]["amount"]        # plain values, the model's columns, ids as "demo:D-000001"
    load(company, connection)                # one DuckDB table per fact, exact types, in a fraction of a second
    write_csv(company, folder)               # what its systems would export: some English, some Indonesian
    simulate(as_of=date(2026, 9, 30))        # the same company a month before: what was not yet entered is missing

PT Sinar Niaga Nusantara sells kitchen machines by deals, supplies for them by repeat orders and service by contract.
Its reps sit on seats in six regions; some leave, some join, some change place. How revenue comes about is a causal
model (see ``deals`` and ``truth``), so that a method which claims to find what leads sales, where deals get stuck or
who is better than luck can be checked against what is so. Nothing in it is anybody's data.
"""

from __future__ import annotations

from tolok.demo.big import BigCompany, simulate_big, write_big_csv
from tolok.demo.company import Company, facts, load
from tolok.demo.exports import write_csv
from tolok.demo.simulation import simulate
from tolok.demo.truth import Truth

__all__ = ["BigCompany", "Company", "Truth", "facts", "load", "simulate", "simulate_big", "write_big_csv", "write_csv"]
