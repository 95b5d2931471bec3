"""Folders and archives: every table found, nothing written outside scratch, nothing unpacked without end."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from tolok.errors import SourceError
from tolok.sources.files import Limits

DEALS = "id,amount\n1,5\n2,6\n"


def zipped(members: dict[str, bytes | str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def test_a_folder_gives_its_tables_in_order_and_says_what_it_left(files, tmp_path: Path) -> None:
    for name in ("export/b.csv", "export/a/deals.csv", "export/.hidden.csv", "export/~$deals.xlsx"):
        files.write(DEALS, name)
    files.write(b"%PDF-1.4", "export/offer.pdf")
    files.write("# Notes\n", "export/README.md")
    files.write("id,secret\n1,2\n", "outside.csv")
    os.symlink(tmp_path / "outside.csv", tmp_path / "export" / "link.csv")
    reading = files.read(tmp_path / "export")
    assert [table.file for table in reading.tables] == ["b.csv", "a/deals.csv"]
    assert dict(reading.skipped) == {
        "README.md": "no table in it",
        "link.csv": "a link that leaves the folder is not followed",
        "offer.pdf": "offer.pdf is a PDF document, not a table.",
    }


def test_a_zip_gives_its_members_by_content(files) -> None:
    reading = files.read(
        files.write(
            zipped({"x/deals.txt": DEALS, "deals.csv.gz": gzip.compress(DEALS.encode()), "a.pdf": b"%PDF"}), "e.zip"
        )
    )
    assert [table.file for table in reading.tables] == ["deals.csv.gz", "x/deals.txt"]
    assert [files.see(table).rows for table in reading.tables] == [[("1", "5"), ("2", "6")]] * 2
    assert reading.skipped == (("a.pdf", "a.pdf is a PDF document, not a table."),)


def test_the_hash_is_that_of_the_file_itself(files) -> None:
    content = gzip.compress(DEALS.encode())
    assert files.one(DEALS).table.content_hash == hashlib.sha256(DEALS.encode()).hexdigest()
    assert files.one(content, "deals.csv.gz").table.content_hash == hashlib.sha256(content).hexdigest()


def test_members_that_lead_outside_are_left_and_nothing_is_written_there(files, tmp_path: Path) -> None:
    scratch = tmp_path / "work" / "scratch"
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("../../escape.csv", DEALS)
        archive.writestr("/etc/absolute.csv", DEALS)
        archive.writestr("..\\windows.csv", DEALS)
        archive.writestr(link, "/etc/passwd")
        archive.writestr("good.csv", DEALS)
    path = files.write(target.getvalue(), "e.zip")
    before = {entry for entry in tmp_path.rglob("*") if entry.is_file()}
    reading = files.read(path, Limits(scratch=scratch))
    assert [table.file for table in reading.tables] == ["good.csv"]
    assert len(reading.skipped) == 4
    after = {entry for entry in tmp_path.rglob("*") if entry.is_file()}
    assert all(entry.is_relative_to(scratch) for entry in after - before)


def test_archives_may_lie_in_an_archive_but_not_deeper(files) -> None:
    inner = zipped({"deals.csv": DEALS})
    assert files.read(files.write(zipped({"in.zip": inner}), "e.zip")).tables[0].file == "in.zip/deals.csv"
    with pytest.raises(SourceError, match="archive inside an archive"):
        files.read(files.write(zipped({"mid.zip": zipped({"in.zip": inner})}), "deep.zip"))


def test_an_archive_made_to_fill_the_disk_is_refused(files, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    bomb = zipped({"deals.csv": b"1,2,3,4\n" * 40_000_000})
    with pytest.raises(SourceError, match="times its size"):
        files.read(files.write(bomb, "bomb.zip"), Limits(scratch=scratch))
    with pytest.raises(SourceError, match="times its size"):
        files.read(files.write(gzip.compress(b"0" * 300_000_000), "bomb.csv.gz"), Limits(scratch=scratch))
    with pytest.raises(SourceError, match="unpacks to more than 100 MB"):
        files.read(files.write(bomb, "bomb.zip"), Limits(scratch=scratch, max_unpacked_bytes=100 * 1024 * 1024))
    assert sum(entry.stat().st_size for entry in scratch.rglob("*") if entry.is_file()) == 0


def test_an_archive_that_lies_about_its_size_is_stopped_while_it_unpacks(files) -> None:
    content = bytearray(zipped({"deals.csv": b"1,2,3,4\n" * 1_000_000}))
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = content.find(mark) + place
        content[at : at + 4] = (100).to_bytes(4, "little")
    with pytest.raises(SourceError):
        files.read(files.write(bytes(content), "liar.zip"))


def test_locked_members_are_said(files) -> None:
    content = bytearray(zipped({"deals.csv": DEALS}))
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        content[content.find(mark) + place] |= 1
    with pytest.raises(SourceError, match="locked with a password"):
        files.read(files.write(bytes(content), "locked.zip"))


def test_a_tar_archive_is_read_and_its_links_are_not(files) -> None:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as archive:
        entry = tarfile.TarInfo("deals.csv")
        entry.size = len(DEALS)
        archive.addfile(entry, io.BytesIO(DEALS.encode()))
        link = tarfile.TarInfo("link.csv")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    reading = files.read(files.write(target.getvalue(), "e.tar.gz"))
    assert reading.tables[0].rows == 2
    assert [why for _, why in reading.skipped] == ["a link inside an archive is not followed"]


def test_too_many_files_are_refused(files) -> None:
    with pytest.raises(SourceError, match="holds more than 5 files"):
        files.read(files.write(zipped({f"{n}.csv": DEALS for n in range(6)}), "e.zip"), Limits(max_files=5))


def test_a_file_that_may_not_be_read_does_not_stop_the_others(files, tmp_path: Path, monkeypatch) -> None:
    files.write(DEALS, "export/a.csv")
    locked = files.write(DEALS, "export/b.csv")
    opened = Path.open

    def guarded(path: Path, *arguments, **options):
        if path == locked:
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", guarded)
    reading = files.read(tmp_path / "export")
    assert len(reading.tables) == 1
    assert "may not be read" in reading.skipped[0][1]
