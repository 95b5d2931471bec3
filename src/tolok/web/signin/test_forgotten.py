"""A forgotten password is mended by a link in the mail, which tells nobody who has an account."""

from __future__ import annotations

import re

import pytest
from django.core import mail as sent
from django.core.cache import cache
from django.test import Client

from tolok.app import mail
from tolok.app.models import AuditEntry, Invitation, User
from tolok.settings import save


@pytest.fixture
def mails(company, monkeypatch):
    """A workspace with a mail server; mails are sent while one waits, into ``django.core.mail.outbox``."""
    file = company / "tolok.toml"
    text = file.read_text()
    save(file, {"mail_url": "smtp://127.0.0.1:9"})
    send = mail.send_link
    monkeypatch.setattr(mail, "send_link", lambda user, link: send(user, link, wait=True))
    cache.clear()
    yield sent
    cache.clear()
    file.write_text(text)


def link_in(message) -> str:
    return re.search(r"http://\S+(/welcome/\S+/)", message.body).group(1)


def test_a_link_comes_by_mail_and_works_once(mails, people):
    rep = people["rep"]
    browser = Client()
    assert "/account/forgotten/" in browser.get("/account/login/").content.decode()
    answer = browser.post("/account/forgotten/", {"email": rep.email.upper()})
    assert "on its way" in answer.content.decode()
    (message,) = mails.outbox
    assert message.to == [rep.email]
    path = link_in(message)
    assert browser.post(path, {"password": "lima-enam-tujuh-delapan"}).status_code == 302
    rep.refresh_from_db()
    assert rep.check_password("lima-enam-tujuh-delapan")
    assert Client().get(path).status_code == 404
    entry = AuditEntry.objects.get(action="link mailed")
    assert path.split("/")[2] not in str((entry.subject, entry.details))


def test_the_same_is_said_to_everybody_and_nothing_sent_to_who_has_no_account(mails, people):
    User.objects.filter(pk=people["stranger"].pk).update(is_active=False)
    pages = []
    for email in (people["rep"].email, "nobody@elsewhere.test", people["stranger"].email):
        answer = Client().post("/account/forgotten/", {"email": email})
        pages.append((answer.status_code, re.sub(r"(?i)csrf\S+|value=\S+", "", answer.content.decode())))
    assert pages[0][0] == 200
    assert pages[0] == pages[1] == pages[2]
    assert [message.to for message in mails.outbox] == [[people["rep"].email]]


def test_links_are_few_an_hour_and_end_no_link_of_the_administrator(mails, people):
    handed = Invitation.make(people["rep"], people["administrator"])
    for _ in range(5):
        Client().post("/account/forgotten/", {"email": people["rep"].email})
    assert len(mails.outbox) == 3
    assert Invitation.of(handed) is not None
    assert Invitation.of(link_in(mails.outbox[0]).split("/")[2]) is None  # a newer one came
    assert Invitation.of(link_in(mails.outbox[2]).split("/")[2]) is not None
    answers = [Client().post("/account/forgotten/", {"email": f"x{n}@y.test"}).status_code for n in range(20)]
    assert answers[-1] == 429


def test_without_a_server_there_is_no_such_page(company, people):
    assert Client().get("/account/forgotten/").status_code == 404
    assert "/account/forgotten/" not in Client().get("/account/login/").content.decode()


def test_the_administrator_has_a_link_mailed(mails, signed_in, people):
    browser = signed_in("administrator")
    page = f"/settings/people/{people['rep'].pk}/"
    assert "Mail a link" in browser.get(page).content.decode()
    assert browser.post(f"{page}link/", {"by": "mail"}).status_code == 302
    assert Client().get(link_in(mails.outbox[0])).status_code == 200
    for who in ("director", "manager", "rep"):
        assert signed_in(who).post(f"{page}link/", {"by": "mail"}).status_code == 404
    assert len(mails.outbox) == 1


def test_the_mail_is_in_the_persons_language(mails, people):
    Client(headers={"cookie": "tolok_language=id"}).post("/account/forgotten/", {"email": people["rep"].email})
    assert mails.outbox[0].subject.startswith("Pilih kata sandi")
    assert "Tautan berlaku sekali" in mails.outbox[0].body


def test_a_mail_that_cannot_be_sent_is_logged_without_its_link(mails, people, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    answer = Client().post("/account/forgotten/", {"email": people["rep"].email})
    assert "on its way" in answer.content.decode()
    assert "could not be mailed" in caplog.text
    assert "welcome" not in caplog.text
