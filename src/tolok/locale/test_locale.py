"""Everything that the interface says is said in Indonesian too."""

from tolok.locale import conflicts, files, missing, used
from tolok.locale.sentences import said


def test_nothing_is_left_in_english_alone():
    assert missing() == {}


def test_the_texts_are_found_at_all():
    assert len(used()) > 50
    assert ("", "Scorecard") in used()  # of Python
    assert ("", "of target") in used()  # of a template
    assert files()


def test_numbers_need_no_plural_in_indonesian():
    from django.utils import translation

    with translation.override("id"):
        assert translation.ngettext("%(months)s month", "%(months)s months", 3) % {"months": 3} == "3 bulan"
        assert translation.ngettext("%(months)s month", "%(months)s months", 1) % {"months": 1} == "1 bulan"


def test_nothing_is_said_in_two_ways():
    assert conflicts() == []


def test_reasons_of_no_answer_are_told_in_indonesian():
    assert said("there are no targets; one for revenue is needed", "id") == (
        "target tidak ada; target untuk revenue diperlukan"
    )
    assert said("web_visits is observed by week, so it has no figure by day", "id") == (
        "web_visits diamati per minggu, jadi tidak ada angka per hari"
    )
