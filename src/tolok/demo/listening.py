"""What customers and reps say: survey answers, and requests for service."""

from __future__ import annotations

import numpy as np

from tolok.demo.company import Table, keep, when
from tolok.demo.customers import Customers
from tolok.demo.goods import Goods
from tolok.demo.people import People
from tolok.demo.setting import Ints, Setting, ids, pick, texts

TICKETS_PER_ORDER = 0.11
SUBJECTS = ("Mesin tidak panas", "Kiriman kurang", "Faktur salah", "Cara pakai", "Suku cadang", "Barang rusak")
KINDS = ("support", "complaint", "complaint", "question", "support", "complaint")
COMMENTS = ("Pengiriman cepat", "Respon lambat", "Harga bersaing", "Sales sangat membantu", "Stok sering kosong")
SURVEYS: dict[str, tuple[str, str, int, int, float, float]] = {
    # kind: survey, question, lowest, highest, mean, spread
    "nps": ("NPS pelanggan", "Seberapa mungkin Anda merekomendasikan kami?", 0, 10, 8.2, 1.9),
    "csat": ("Kepuasan layanan", "Seberapa puas Anda dengan penyelesaian ini?", 1, 5, 4.1, 0.9),
    "loyalty": ("Kesetiaan", "Apakah Anda akan membeli lagi dari kami?", 1, 5, 4.2, 0.8),
    "ces": ("Kemudahan", "Seberapa mudah berurusan dengan kami?", 1, 7, 5.6, 1.1),
    "enps": ("Suara karyawan", "Seberapa mungkin Anda merekomendasikan tempat kerja ini?", 0, 10, 7.7, 2.0),
}


def tickets(
    setting: Setting, people: People, customers: Customers, goods: Goods, day: Ints, account: Ints
) -> tuple[Table, Ints, Ints]:
    """Requests that follow orders, answered in working hours; and of all ever, the day solved and who asked."""
    chance = setting.chance("tickets")
    now = setting.number(setting.as_of)
    behind = np.flatnonzero(chance.random(len(day)) < TICKETS_PER_ORDER)
    opened = np.minimum(day[behind] + chance.integers(1, 20, len(behind)), setting.n_days - 40)
    order = np.argsort(opened, kind="stable")
    opened, who = opened[order], account[behind[order]]
    count = len(opened)
    subject = chance.integers(0, len(SUBJECTS), count)
    minute = chance.integers(7 * 60, 20 * 60, count)
    reply_day = setting.at_work(np.where(minute > 16 * 60, opened + 1, opened))
    wait = np.rint(np.exp(chance.normal(3.9, 0.9, count))).astype(np.int64)
    reply_minute = np.where(reply_day > opened, 8 * 60, np.maximum(minute, 8 * 60)) + np.minimum(wait, 16 * 60)
    reply_day, reply_minute = reply_day + reply_minute // 1440, reply_minute % 1440
    solved_day = setting.at_work(reply_day + chance.geometric(0.35, count))
    talk = 1 + chance.poisson(1.8, count)
    columns: Table = {
        "source_id": ids("TK", count, 5),
        "account_id": customers.codes[who],
        "owner_id": people.codes[people.service[chance.integers(0, len(people.service), count)]],
        "subject": texts(list(SUBJECTS))[subject],
        "kind": texts(list(KINDS))[subject],
        "status": pick(texts(["open", "solved"]), (solved_day <= now).astype(np.int64)),
        "priority": pick(texts(["Tinggi", "Sedang", "Rendah"]), chance.choice(3, count, p=(0.2, 0.5, 0.3))),
        "channel": pick(texts(["WhatsApp", "Telepon", "Email"]), chance.choice(3, count, p=(0.6, 0.25, 0.15))),
        "product_id": goods.codes[chance.integers(0, len(goods.codes), count)],
        "opened_on": setting.dates(opened),
        "opened_at": setting.instants(opened, minute),
        "first_response_at": when(setting.instants(reply_day, reply_minute), reply_day <= now),
        "solved_on": when(setting.dates(solved_day), solved_day <= now),
        "solved_at": when(setting.instants(solved_day, chance.integers(9 * 60, 17 * 60, count)), solved_day <= now),
        "interactions": talk,
        "follow_ups": np.maximum(talk - 2, 0),
        "reopened": (chance.random(count) < 0.06).astype(np.int64),
    }
    return keep(columns, opened <= now), solved_day, who


def answers(
    setting: Setting, people: People, customers: Customers, day: Ints, account: Ints, solved: Ints, asker: Ints
) -> Table:
    """Answers of customers after orders (``day``, ``account``) and solved requests, and of reps every quarter."""
    chance = setting.chance("answers")
    kinds, days, accounts, reps = [], [], [], []
    shares = {"nps": (0.045, day, account), "loyalty": (0.012, day, account), "ces": (0.15, solved, asker)}
    shares["csat"] = (0.4, solved, asker)
    for survey in shares:
        share, moments, whose = shares[survey]
        rows = np.flatnonzero(chance.random(len(moments)) < share)
        kinds.append(np.full(len(rows), list(SURVEYS).index(survey)))
        days.append(moments[rows] + chance.integers(1, 6, len(rows)))
        accounts.append(whose[rows])
        reps.append(people.holder[customers.seat[whose[rows]], np.minimum(moments[rows], setting.n_days - 1)])
    first, end = setting.number(setting.start), setting.number(setting.end)
    for quarter in range(first + 45, end, 91):
        held = np.unique(people.holder[:, quarter])
        here = held[chance.random(len(held)) < 0.85]
        kinds.append(np.full(len(here), list(SURVEYS).index("enps")))
        days.append(quarter + chance.integers(0, 10, len(here)))
        accounts.append(np.full(len(here), -1))
        reps.append(here)
    kind, on, of, rep = (np.concatenate(part) for part in (kinds, days, accounts, reps))
    order = np.lexsort((kind, on))
    kind, on, of, rep = kind[order], on[order], of[order], rep[order]
    count = len(on)
    scales = list(SURVEYS.values())
    low, high, mean, spread = (np.array([scale[n] for scale in scales])[kind] for n in (2, 3, 4, 5))
    value = np.clip(np.rint(chance.normal(mean, spread)), low, high).astype(np.int64)
    says = np.where(chance.random(count) < 0.2, chance.integers(0, len(COMMENTS), count), -1)
    columns: Table = {
        "source_id": ids("SV", count, 6),
        "survey": texts([scale[0] for scale in scales])[kind],
        "kind": texts(list(SURVEYS))[kind],
        "question": texts([scale[1] for scale in scales])[kind],
        "scale_min": low.astype(np.int64) * 100,
        "scale_max": high.astype(np.int64) * 100,
        "value": value * 100,
        "comment": pick(texts(list(COMMENTS)), says),
        "account_id": pick(customers.codes, of),
        "rep_id": people.codes[rep],
        "answered_on": setting.dates(on),
        "answered_at": setting.instants(on, chance.integers(8 * 60, 21 * 60, count)),
    }
    return keep(columns, on <= setting.number(setting.as_of))
