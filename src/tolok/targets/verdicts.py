"""The five verdicts on a target: specific, measurable, achievable, relevant, time-bound; each with its reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from tolok.kpis.definition import Definition
from tolok.money import format_value
from tolok.periods import Grain, Period
from tolok.targets.sentence import Sentence, on, say
from tolok.targets.smart_reading import Reading
from tolok.targets.vocabulary import did_you_mean, drivers, most

Criterion = Literal["specific", "measurable", "achievable", "relevant", "time-bound"]
Judgement = Literal["yes", "doubtful", "no"]
CRITERIA: tuple[Criterion, ...] = ("specific", "measurable", "achievable", "relevant", "time-bound")
_GRAIN_WORDS: dict[str, tuple[str, str]] = {
    "day": ("days", "hari"), "week": ("weeks", "minggu"), "month": ("months", "bulan"),
    "quarter": ("quarters", "kuartal"), "year": ("years", "tahun"), "total": ("periods", "periode"),
}  # fmt: skip


@dataclass(frozen=True)
class Past:
    """What somebody came to in whole periods, oldest first; None where there was no answer."""

    name: str
    figures: tuple[tuple[Period, Decimal | None], ...] = ()

    @property
    def known(self) -> tuple[tuple[Period, Decimal], ...]:
        """The periods with an answer."""
        return tuple((period, value) for period, value in self.figures if value is not None)


@dataclass(frozen=True)
class Verdict:
    """One of the five verdicts."""

    criterion: Criterion
    judgement: Judgement
    reason: Sentence


Writer = Callable[[Decimal], Callable[[str], str]]


def writer(definition: Definition | None, currency: str) -> Writer:
    """How figures of a KPI are written in sentences."""
    unit = definition.unit if definition else "count"
    return lambda value: lambda language: format_value(value, unit, currency, language)


def grain_of(period: Period) -> Grain:
    """The length of a period, by its days where it has no grain of its own."""
    if period.grain != "total":
        return period.grain
    return next((grain for days, grain in _LENGTHS if period.days <= days), "year")


_LENGTHS: tuple[tuple[int, Grain], ...] = ((1, "day"), (7, "week"), (35, "month"), (100, "quarter"))


def specific(
    reading: Reading, definition: Definition | None, definitions: Mapping[str, Definition], based_on: Sentence | None
) -> Verdict:
    """Whether it names one KPI, and whose."""
    if definition is None:
        hint = did_you_mean(reading.text, definitions)
        return Verdict(
            "specific",
            "no",
            say("It names no KPI.{hint}", "Tidak menyebut KPI.{hint}", hint=f" {hint}" if hint else ""),
        )
    if reading.ambiguous:
        return Verdict(
            "specific",
            "doubtful",
            say("“{name}” may also be {other}.", "“{name}” bisa juga {other}.", name=reading.scope_name,
                other=", ".join(reading.ambiguous)),
        )  # fmt: skip
    name, nama = definition.name, definition.words_in("id").name
    whose = reading.scope_name
    base_en, base_id = (f", {based_on.en}", f", {based_on.id}") if based_on else ("", "")
    change = reading.change
    if change and change.how == "by" and change.figure.kind == "percent" and definition.unit == "percent":
        return Verdict(
            "specific",
            "doubtful",
            say(
                "{name}: percent of a percentage was taken as relative{base}; write “points” if you mean points.",
                "{nama}: persen dari persentase dianggap relatif{dasar}; tulis “poin” bila maksudnya poin.",
                name=name, nama=nama, base=base_en, dasar=base_id,
            ),
        )  # fmt: skip
    if reading.named and reading.named.others:
        others = [definitions[one] for one in reading.named.others if one in definitions]
        also = ", ".join(one.name for one in others[:2])
        juga = ", ".join(one.words_in("id").name for one in others[:2])
        return Verdict(
            "specific",
            "yes",
            say(
                "“{said}” was taken as {name} (not {also}) of {whose}{base}.",
                "“{said}” dianggap {nama} (bukan {juga}) dari {siapa}{dasar}.",
                said=reading.named.name, name=name, nama=nama, also=also, juga=juga,
                whose=whose or "the company", siapa=whose or "perusahaan", base=base_en, dasar=base_id,
            ),
        )  # fmt: skip
    return Verdict(
        "specific",
        "yes",
        say("{name} of {whose}{base}.", "{nama} dari {siapa}{dasar}.", name=name, nama=nama,
            whose=whose or "the company", siapa=whose or "perusahaan", base=base_en, dasar=base_id),
    )  # fmt: skip


def measurable(
    reading: Reading, definition: Definition | None, past: Past | None, value: Decimal | None, write: Writer
) -> Verdict:
    """Whether it says how much, of something that the data can show."""
    if reading.change is None:
        return Verdict("measurable", "no", say("It does not say how much.", "Tidak menyebut berapa."))
    if definition is None:
        return Verdict("measurable", "no", say("There is a figure, but no KPI.", "Ada angka, tetapi tanpa KPI."))
    limit = most(definition)
    if value is not None and (value < 0 or (limit is not None and value > limit)):
        return Verdict(
            "measurable",
            "no",
            say("It comes to {v}, which {name} cannot be.", "Hasilnya {v}, yang tidak mungkin untuk {nama}.",
                v=write(value), name=definition.name, nama=definition.words_in("id").name),
        )  # fmt: skip
    if past is None:
        return Verdict("measurable", "yes", say("It says how much.", "Menyebut berapa."))
    if not past.known:
        return Verdict(
            "measurable",
            "no",
            say(
                "The data has no {name} yet, so nothing would show whether it is reached.",
                "Data belum memuat {nama}, sehingga tidak akan terlihat apakah tercapai.",
                name=definition.name, nama=definition.words_in("id").name,
            ),
        )  # fmt: skip
    if value is None:
        return Verdict("measurable", "no", say("There is nothing to count the change from.", "Tidak ada dasar hitung."))
    return Verdict(
        "measurable",
        "yes",
        say("It comes to {v} per period; the latest is {last}.", "Hasilnya {v} per periode; yang terakhir {last}.",
            v=write(value), last=write(past.known[-1][1])),
    )  # fmt: skip


def achievable(
    definition: Definition | None,
    past: Past,
    peers: Sequence[Past],
    value: Decimal | None,
    periods: tuple[Period, ...],
    write: Writer,
) -> Verdict:
    """Judged by history: how often the value was reached, and how near the best came."""
    pool = [one for one in (past, *peers) if one.known]
    if definition is None or value is None or not pool:
        return Verdict(
            "achievable", "doubtful", say("There is no history to judge it by.", "Tidak ada riwayat untuk menilainya.")
        )
    lower = definition.better == "lower"
    reached = [(one, p) for one in pool for p, v in one.known if (v <= value if lower else v >= value)]
    count = max(len(one.figures) for one in pool)
    words, kata = _GRAIN_WORDS[grain_of(periods[0])]
    if reached:
        times = len([one for one in reached if one[0] is past])
        if times and times == len(past.known) and times > 3:
            return Verdict(
                "achievable",
                "yes",
                say("It was reached in every one of the last {n} {words}: it asks for nothing new.",
                    "Tercapai di setiap {n} {kata} terakhir: tidak menuntut hal baru.", n=times, words=words, kata=kata),
            )  # fmt: skip
        name = past.name if times else sorted({one.name for one, _ in reached})[0]
        return Verdict(
            "achievable",
            "yes",
            say("{who} reached it {k} times in the last {n} {words}.", "{who} mencapainya {k} kali dalam {n} {kata} terakhir.",
                who=_who(name), k=times or len(reached), n=count, words=words, kata=kata),
        )  # fmt: skip
    best_one, best_period, best = _best(pool, lower=lower)
    percent = _nearness(best, value, lower=lower)
    near = percent is not None and percent >= 90
    shown = _whole_percent(percent)
    if peers:
        en = "Nobody on this team has reached this in {n} {words}; the best was {percent} ({best}, {who}, {label})."
        id_ = "Belum ada di tim ini yang mencapainya dalam {n} {kata}; terbaik {percent} ({best}, {who}, {label})."
    else:
        en = "{name} has not reached this in {n} {words}; the best was {percent} ({best}, {label})."
        id_ = "{nama} belum mencapainya dalam {n} {kata}; terbaik {percent} ({best}, {label})."
    reason = say(
        en, id_, n=count, words=words, kata=kata, percent=shown, best=write(best), label=best_period.label,
        who=_who(best_one.name), name=_who(past.name), nama=_who(past.name),
    )  # fmt: skip
    return Verdict("achievable", "doubtful" if near else "no", reason)


def _who(name: str) -> Callable[[str], str]:
    return lambda language: name or ("Perusahaan" if language == "id" else "The company")


def _best(pool: Sequence[Past], *, lower: bool) -> tuple[Past, Period, Decimal]:
    every = [(one, period, value) for one in pool for period, value in one.known]
    return min(every, key=lambda item: item[2]) if lower else max(every, key=lambda item: item[2])


def _nearness(best: Decimal, value: Decimal, *, lower: bool) -> Decimal | None:
    of, over = (value, best) if lower else (best, value)
    return 100 * of / over if over > 0 else None


def _whole_percent(percent: Decimal | None) -> str:
    """Rounded down, so that what fell short never shows as reached."""
    return f"{int(percent)} %" if percent is not None else "–"


def relevant(
    reading: Reading,
    definition: Definition | None,
    definitions: Mapping[str, Definition],
    north_star: str,
    objective: str,
) -> Verdict:
    """Whether it moves what the organisation steers by, or serves an objective that was named."""
    if definition is None:
        return Verdict("relevant", "no", say("Without a KPI nobody can say.", "Tanpa KPI tidak dapat dinilai."))
    wrong = {"higher": "down", "lower": "up"}[definition.better]
    change = reading.change
    if reading.direction == wrong and change and definition.better == "higher":
        return Verdict(
            "relevant",
            "no",
            say("{name} is better when higher; this lowers it.", "{nama} lebih baik bila naik; ini menurunkannya.",
                name=definition.name, nama=definition.words_in("id").name),
        )  # fmt: skip
    if reading.direction == wrong and change and change.how == "by":
        return Verdict(
            "relevant",
            "no",
            say("{name} is better when lower; this raises it.", "{nama} lebih baik bila turun; ini menaikkannya.",
                name=definition.name, nama=definition.words_in("id").name),
        )  # fmt: skip
    star = definitions.get(north_star)
    if objective.strip():
        return Verdict(
            "relevant", "yes", say("It serves: {o}.", "Mendukung: {o}.", o=objective.strip().rstrip(".")[:200])
        )
    if star and definition.id == star.id:
        return Verdict("relevant", "yes", say("It is the north star itself.", "Ini bintang utaranya sendiri."))
    words = {
        "name": definition.name, "nama": definition.words_in("id").name,
        "star": star.name if star else north_star, "bintang": star.words_in("id").name if star else north_star,
    }  # fmt: skip
    if definition.id in drivers(north_star, definitions):
        return Verdict("relevant", "yes", say("{name} moves {star}.", "{nama} menggerakkan {bintang}.", **words))
    if definition.function == "sales":
        return Verdict(
            "relevant",
            "yes",
            say("{name} is a figure of selling itself.", "{nama} adalah ukuran penjualan itu sendiri.", **words),
        )
    return Verdict(
        "relevant",
        "doubtful",
        say("Nothing says how {name} moves {star}; name the objective that it serves.",
            "Belum jelas bagaimana {nama} menggerakkan {bintang}; sebutkan tujuan yang didukungnya.", **words),
    )  # fmt: skip


def time_bound(reading: Reading, periods: tuple[Period, ...], today: date) -> Verdict:
    """Whether it says by when, and that is still to come."""
    term = reading.term
    if term is None:
        return Verdict("time-bound", "no", say("It does not say by when.", "Tidak menyebut sampai kapan."))
    if term.end < today:
        return Verdict("time-bound", "no", say("It ended on {day}.", "Sudah berakhir pada {day}.", day=on(term.end)))
    first, last = (periods[0].start, periods[-1].end) if periods else (term.start, term.end)
    left = (last - max(today, first) + timedelta(days=1)).days
    return Verdict(
        "time-bound",
        "yes",
        say(
            "From {a} to {b}: {n} days.",
            "Dari {a} sampai {b}: {n} hari.",
            a=on(first),
            b=on(last),
            n=left,
        ),
    )
