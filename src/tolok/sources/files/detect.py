"""What a file is, told from its content; its name decides only between kinds of plain text."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Literal

from tolok.errors import SourceError

Kind = Literal["text", "workbook", "html", "xml workbook", "json", "parquet", "zip", "gzip", "tar"]

FOREIGN = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG\r\n", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"{\\rtf", "an RTF document"),
    (b"OggS", "a sound file"),
    (b"ID3", "a sound file"),
    (b"PGDMP", "a PostgreSQL dump"),
    (b"ORC\x01", "an ORC file"),
    (b"Obj\x01", "an Avro file"),
    (b"ARROW1", "an Arrow file"),
    (b"\x00\x01\x00\x00Standard ", "a Microsoft Access database"),
)
DOCUMENTS = {
    "word/": "a Word document",
    "ppt/": "a PowerPoint presentation",
    "visio/": "a Visio drawing",
    "AndroidManifest.xml": "an Android package",
}
WRITING = re.compile(
    r"\.(md|rst|py|r|sql|toml|ya?ml|ini|cfg|js|css|sh|bat|ps1|java|c|h|tex|eml|ics|vcf|svg)", re.IGNORECASE
)
ADVICE = "Export it as CSV or XLSX."


def kind_of(path: Path, file: str) -> Kind:
    """The kind of a file, or a SourceError that says what it is instead of a table."""
    with path.open("rb") as opened:
        head = opened.read(64 * 1024)
    if not head:
        raise SourceError(f"{file} is empty.", next_step="Export it again, or leave it out.")
    for magic, what in FOREIGN:
        if head.startswith(magic):
            raise SourceError(f"{file} is {what}, not a table.", next_step=ADVICE)
    if head.startswith(b"SQLite format 3\0"):
        raise SourceError(
            f"{file} is an SQLite database, not a table.",
            next_step=f"Import it as sqlite:///{file}, naming its tables.",
        )
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "workbook"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip_kind(path, file)
    if head[257:262] == b"ustar":
        return "tar"
    if not head.startswith((b"\xff\xfe", b"\xfe\xff")) and _is_binary(head):
        raise SourceError(f"{file} is not text and of no kind that can be read as a table.", next_step=ADVICE)
    return _text_kind(head)


def _zip_kind(path: Path, file: str) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                what = archive.read("mimetype").decode("ascii", errors="replace")
                if "spreadsheet" in what:
                    return "workbook"
                if "opendocument" in what or "epub" in what:
                    raise SourceError(f"{file} is a text document, not a table.", next_step=ADVICE)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError, KeyError) as error:
        raise SourceError(
            f"{file} is a damaged ZIP archive or workbook.", next_step="Download or export it again."
        ) from error
    if "[Content_Types].xml" in names:
        if any(name.startswith("xl/") for name in names):
            return "workbook"
        for start, what in DOCUMENTS.items():
            if any(name.startswith(start) for name in names):
                raise SourceError(f"{file} is {what}, not a table.", next_step=ADVICE)
    if "AndroidManifest.xml" in names or "META-INF/MANIFEST.MF" in names:
        raise SourceError(f"{file} is a program, not a table.", next_step=ADVICE)
    return "zip"


def _is_binary(head: bytes) -> bool:
    """Whether control characters are too many for text; a NUL here and there happens in rich-text exports."""
    text = head.translate(None, b"\x01\x1e\x1f\t\n\r\x0b\x0c\x1a\0")
    controls = len(text) - len(text.translate(None, bytes(range(32)) + b"\x7f"))
    nul = head.count(0)
    even, odd = head[0::2].count(0), head[1::2].count(0)
    wide = nul > 0.2 * len(head) and min(even, odd) < 0.1 * max(even, odd)
    return controls > max(2, 0.01 * len(head)) or (nul > max(4, 0.05 * len(head)) and not wide)


def _text_kind(head: bytes) -> Kind:
    start = head.removeprefix(b"\xef\xbb\xbf")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head[:64]:
        start = head.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    start = start.lstrip()
    lower = start[:4096].lower()
    if lower.startswith(b"<"):
        if b"urn:schemas-microsoft-com:office:spreadsheet" in lower and b"<html" not in lower:
            return "xml workbook"
        whole = start.lower()
        if any(mark in whole for mark in (b"<html", b"<table", b"<!doctype html", b"<body", b"<meta", b"<style")):
            return "html"
    if lower.startswith(b"{") or (lower.startswith(b"[") and lower[1:].lstrip()[:1] in (b"{", b"]", b"[")):
        return "json"
    return "text"


def is_prose(path: Path) -> bool:
    """Whether the name says that a text file holds writing or code, which nobody means as a table."""
    return WRITING.fullmatch(path.suffix) is not None
