"""How the bytes of a text file spell its letters, and a clean UTF-8 copy where they do not already."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

CHUNK = 4 * 1024 * 1024
BEYOND_ASCII = bytes(range(128, 256))
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True)
class Encoding:
    """What a file is written in. ``clean`` says that it can be read as it is: UTF-8 without NUL bytes."""

    name: str
    mark: int = 0  # length of the byte order mark
    clean: bool = False
    note: str = ""


def _survivor(error: UnicodeError) -> tuple[str, int]:
    """What a byte means that is not UTF-8 or not in cp1252: what Windows, else what Latin-1 says."""
    assert isinstance(error, UnicodeDecodeError)
    wrong = error.object[error.start : error.start + 1]
    try:
        return wrong.decode("cp1252"), error.start + 1
    except UnicodeDecodeError:
        return wrong.decode("latin-1"), error.start + 1


codecs.register_error("tolok-western", _survivor)


def recognise(path: Path, *, thorough: bool = True) -> Encoding:
    """Tell the encoding from a byte order mark, from the pattern of NUL bytes, or by trying UTF-8.

    Unless ``thorough``, UTF-8 is tried on the first megabytes only; NUL bytes are looked for in all of the file.
    """
    with path.open("rb") as file:
        head = file.read(64 * 1024)
        for mark, name in MARKS:
            if head.startswith(mark) and name != "utf-8":
                return Encoding(name, len(mark), note=f"read as {name.upper()}")
        wide = _without_mark(head)
        if wide:
            return Encoding(wide, note=f"read as {wide.upper()}")
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        nul = wrong = tried = False
        while chunk := file.read(CHUNK):
            nul = nul or b"\0" in chunk
            if tried and not thorough:
                continue
            tried = True
            if chunk.isascii() and not decoder.getstate()[0]:
                continue
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                wrong = True
                break
        if not wrong and thorough:
            try:
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                wrong = True
    mark_length = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    if wrong and mark_length:
        return Encoding(
            "utf-8", mark_length, note="some letters are not UTF-8 and were read as Windows Western (cp1252)"
        )
    if wrong:
        return _western(path)
    return Encoding("utf-8", mark_length, clean=not nul, note="NUL bytes removed" if nul else "")


def _without_mark(head: bytes) -> str:
    """UTF-16 without a mark: every other byte of Western text is NUL."""
    if len(head) < 4:
        return ""
    even, odd = head[0::2].count(0) / len(head[0::2]), head[1::2].count(0) / len(head[1::2])
    if odd > 0.4 and even < 0.1:
        return "utf-16-le"
    if even > 0.4 and odd < 0.1:
        return "utf-16-be"
    return ""


def _western(path: Path) -> Encoding:
    """cp1252, unless most letters beyond ASCII are sound UTF-8 and only a few bytes are broken."""
    sound = broken = 0
    with path.open("rb") as file:
        for _ in range(16):
            chunk = file.read(CHUNK)
            if not chunk:
                break
            decoded = chunk.decode("utf-8", errors="replace")
            bad = decoded.count("\ufffd")
            broken += bad
            sound += len(decoded) - bad - len(chunk.translate(None, BEYOND_ASCII))
    other = _elsewhere(path)
    if other and sound <= 0.5 * broken:
        return Encoding(other[0], note=f"read as {other[1]}")
    if sound > broken:
        return Encoding("utf-8", note="some letters are not UTF-8 and were read as Windows Western (cp1252)")
    return Encoding("cp1252", note="read as Windows Western (cp1252)")


ELSEWHERE = (
    ("cp932", "Japanese (Shift JIS)", re.compile("[\u3041-\u30ff]"), 0.1),
    ("cp949", "Korean", re.compile("[\uac00-\ud7a3]"), 0.9),
    ("gb18030", "Chinese (GB 18030)", re.compile("[\u4e00-\u9fff]"), 0.8),
)
"""Encodings of two bytes a letter, the letters that text in them has, and the least share of those among its letters."""
_CYRILLIC = re.compile(rb"[\xc0-\xff\xa8\xb8]{4,}")
_HIGH = re.compile(rb"[\x80-\xff]")


def _elsewhere(path: Path) -> tuple[str, str] | None:
    """An encoding that is not Western, where the letters beyond ASCII stand in rows, as whole words do.

    In Western text they stand alone between others, seldom two together and hardly ever four.
    """
    with path.open("rb") as file:
        head = file.read(CHUNK)
    head = head[: head.rfind(b"\n") + 1] or head
    high = len(_HIGH.findall(head))
    runs = sum(len(run) for run in re.findall(rb"[\x80-\xff](?:[\x80-\xff]|[\x40-\x7e](?=[\x80-\xff])){3,}", head))
    if high < 8 or runs < 0.4 * high:
        return None
    if sum(map(len, _CYRILLIC.findall(head))) >= 0.7 * high:
        text = head.decode("cp1251", errors="replace")
        small = len(re.findall("[а-яё]", text))
        if small > 0.6 * len(re.findall("[А-Яа-яЁё]", text)) and "\ufffd" not in text:
            return "cp1251", "Windows Cyrillic (cp1251)"
    for name, spoken, letters, least in ELSEWHERE:
        try:
            text = head.decode(name)
        except UnicodeDecodeError:
            continue
        beyond = len(re.findall(r"[^\x00-\x7f]", text))
        torn = len(re.findall(r"[a-z][^\x00-\u2fff]|[^\x00-\u2fff][a-z]", text))  # as “躡ergr鲞e” is
        if beyond and torn < 0.2 * beyond and len(letters.findall(text)) >= least * beyond:
            return name, spoken
    return None


def rewrite(path: Path, encoding: Encoding, clean: Path) -> None:
    """Write a UTF-8 copy without byte order mark and NUL bytes, a piece at a time."""
    errors = "tolok-western" if encoding.name in ("utf-8", "cp1252") else "replace"
    decoder = codecs.getincrementaldecoder(encoding.name)(errors=errors)
    with path.open("rb") as source, clean.open("w", encoding="utf-8", errors="replace", newline="") as target:
        source.seek(encoding.mark)
        while chunk := source.read(CHUNK):
            target.write(decoder.decode(chunk).replace("\0", ""))
        target.write(decoder.decode(b"", final=True).replace("\0", ""))
