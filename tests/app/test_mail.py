"""Mail goes by the server of the settings, with a sender, and its password from the environment."""

from __future__ import annotations

import os
import socketserver
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tolok.errors import DefinitionError
from tolok.settings import create, parse

SCRIPT = """
import sys
from pathlib import Path
from tolok.web.serve import prepare
prepare(Path(sys.argv[1]))
from django.conf import settings
from tolok.app import mail
from tolok.app.models import User
user = User.objects.create_user("ana@toko.test", None, name="Ana")
assert mail.is_on()
mail.send_link(user, "http://localhost/welcome/secret/", wait=True)
print(settings.EMAIL_USE_TLS, settings.EMAIL_PORT)
"""


class Post(socketserver.StreamRequestHandler):
    """Just enough of SMTP to take a mail."""

    def handle(self) -> None:
        got: list[str] = self.server.got  # type: ignore[attr-defined]
        self.wfile.write(b"220 here\r\n")
        data = False
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            got.append(line)
            if data:
                data = line != "."
                if not data:
                    self.wfile.write(b"250 kept\r\n")
            elif line.upper().startswith("DATA"):
                data = True
                self.wfile.write(b"354 go on\r\n")
            elif line.upper().startswith("QUIT"):
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


def test_a_link_goes_by_smtp(tmp_path: Path) -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Post) as server:
        server.got = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        create(
            tmp_path / "w", name="Toko", currency="IDR",
            mail_url=f"smtp://127.0.0.1:{port}", mail_from="Toko <post@toko.test>",
        )  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(tmp_path / "w")], capture_output=True, text=True, timeout=60
        )
        server.shutdown()
    assert done.returncode == 0, done.stderr
    got = "\n".join(server.got)  # type: ignore[attr-defined]
    assert "mail FROM:<post@toko.test>" in got
    assert "rcpt TO:<ana@toko.test>" in got
    assert "http://localhost/welcome/secret/" in got


def test_over_a_network_mail_is_never_in_clear_text_and_the_password_is_the_environments(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tolok.app.configure import options; from tolok.settings import load\n"
        "found = options(Path(sys.argv[1]), load(Path(sys.argv[1])))\n"
        "print(found['EMAIL_USE_TLS'], found['EMAIL_PORT'], found['EMAIL_HOST_PASSWORD'])"
    )
    create(tmp_path / "w", name="Toko", currency="IDR", mail_url="smtp://post:${MAIL_WORD}@mail.toko.test")
    line = [sys.executable, "-c", script, str(tmp_path / "w")]
    done = subprocess.run(line, capture_output=True, text=True, env={**os.environ, "MAIL_WORD": "s p"}, timeout=60)
    assert done.stdout.split(maxsplit=2) == ["True", "587", "s p\n"], done.stderr
    assert "s p" not in (tmp_path / "w" / "tolok.toml").read_text()


@pytest.mark.parametrize("url", ["http://x", "smtp://", "smtp://a:secret@host", "mail.example.com", "smtp://h:port"])
def test_an_address_that_cannot_be_or_holds_a_password_is_refused(url: str) -> None:
    with pytest.raises(DefinitionError, match="must"):
        parse(f'mail_url = "{url}"')


@pytest.mark.parametrize("sender", ["nobody", "a@b\\nBcc: x@y", "A <a@b> more"])
def test_a_sender_that_is_none_is_refused(sender: str) -> None:
    with pytest.raises(DefinitionError, match="must be an e-mail address"):
        parse(f'mail_from = "{sender}"')
