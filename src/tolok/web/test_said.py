"""What the engine refuses is said in the language of the page."""

from __future__ import annotations

import time

import pytest
from django.http import HttpResponse
from django.utils import translation

from tolok.app import work
from tolok.app.models import Job
from tolok.errors import DefinitionError, QuestionError, nearest
from tolok.locale import sentences
from tolok.settings import Settings, parse
from tolok.web.faults import Faults
from tolok.web.settings.test_choices import opened
from tolok.workspace import Workspace


def test_every_sentence_has_its_indonesian():
    assert sentences.missing() == {}


def test_nothing_is_translated_that_is_said_nowhere():
    assert set(sentences.translations()) - set(sentences.sentences()) == set()


def test_every_translation_keeps_every_value():
    assert [form for form, other in sentences.translations().items() if form.count("{}") != other.count("{}")] == []


def test_the_sentences_are_found_at_all():
    found = sentences.sentences()
    assert len(found) > 300
    assert "There is no KPI {}." in found  # of an f-string
    assert "Say what speaks against it." in found  # of a next step
    assert "must be at least {}" in found  # of a check


@pytest.mark.parametrize("form", sorted(sentences.sentences()))
def test_a_sentence_with_values_in_it_is_known_again(form):
    values = iter(f"x{number}" for number in range(20))
    text = "".join(part + (next(values) if place else "") for part, place in _parts(form))
    said = sentences.said(text, "id")
    assert said != text or sentences.translations()[form].replace("{}", "") == form.replace("{}", "")
    assert sentences.said(text, "en") == text


def _parts(form):
    pieces = form.split("{}")
    return [(piece, place < len(pieces) - 1) for place, piece in enumerate(pieces)]


def error_of(call) -> str:
    with pytest.raises((QuestionError, DefinitionError)) as caught:
        call()
    return str(caught.value)


def test_real_refusals_come_out_whole(tmp_path, company):
    workspace = Workspace(company, Settings())
    assert sentences.said(error_of(lambda: workspace.ask("winrate")), "id") == (
        "Tidak ada KPI 'winrate'. Apakah maksud Anda win_rate?"
    )
    assert sentences.said(error_of(lambda: parse('curency = "IDR"')), "id") == (
        "tolok.toml:1: Setelan 'curency' tidak dikenal. Apakah maksud Anda currency?"
    )
    assert sentences.said(error_of(lambda: parse('currency = "rupiah"')), "id") == (
        "tolok.toml:1: 'currency' harus tiga huruf besar seperti USD, EUR, atau IDR: 'rupiah'."
    )
    assert sentences.said(error_of(lambda: parse("threads = true")), "id") == (
        "tolok.toml:1: 'threads' harus bilangan bulat, bukan True."
    )
    assert sentences.said(nearest("zzz", ["a", "b"]), "id") == "Yang ada: a, b."
    assert sentences.said("x.pdf is a PDF document, not a table. Export it as CSV or XLSX.", "id") == (
        "x.pdf adalah dokumen PDF, bukan tabel. Ekspor sebagai CSV atau XLSX."
    )


def test_what_is_of_no_known_form_stays_as_it_is():
    for text in ("", "Sesuatu yang lain. Dan lagi.", "a\nb", "{}", "%s {0} ${X}"):
        assert sentences.said(text, "id") == text


@pytest.mark.parametrize(
    ("page", "field", "value", "says"),
    [
        ("money", "currency", "rupiah", "harus tiga huruf besar"),
        ("calendar", "closed_on", "natal", "harus berisi tanggal seperti 2026-12-31"),
        ("calendar", "working_hours", "seharian", "harus misalnya 09:00-17:00"),
    ],
)
def test_a_page_says_in_indonesian_what_the_engine_refused(signed_in, people, page, field, value, says):
    people["administrator"].language = "id"
    people["administrator"].save()
    browser = signed_in("administrator")
    answer = browser.post(f"/settings/{page}/", {**opened(browser, f"/settings/{page}/"), field: value})
    assert says in answer.content.decode()


def test_a_fault_says_in_indonesian_what_the_engine_refused(rf, people):
    request = rf.get("/")
    request.user = people["director"]
    with translation.override("id"):
        page = Faults(lambda asked: HttpResponse()).process_exception(
            request, QuestionError("There is no dimension 'x'.", next_step="Did you mean rep?")
        )
    assert "Tidak ada dimensi &#x27;x&#x27;. Apakah maksud Anda rep?" in page.content.decode()


def test_a_long_text_full_of_full_stops_is_quick():
    hostile = "x.x is of type , which " * 150
    start = time.perf_counter()
    assert sentences.said(hostile, "id") == hostile
    assert time.perf_counter() - start < 2


def test_a_job_that_failed_says_so_in_indonesian(signed_in, people, company, tmp_path):
    people["administrator"].language = "id"
    people["administrator"].save()
    (tmp_path / "x.csv").write_bytes(b"%PDF-1.7 nothing")
    job = Job.objects.create(kind="preview", title="x", arguments={"path": str(tmp_path / "x.csv")})
    work.main(company, job.pk)
    page = signed_in("administrator").get(f"/data/jobs/{job.pk}/").content.decode()
    assert "dokumen PDF, bukan tabel" in page
    assert "not a table" not in page
