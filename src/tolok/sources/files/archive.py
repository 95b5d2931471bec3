"""Archives: their members unpacked into scratch under names of our own, within a budget."""

from __future__ import annotations

import gzip
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from tolok.errors import SourceError
from tolok.sources.files.scratch import Scratch

CHUNK = 1024 * 1024
FREE_OF_RATIO = 100 * 1024 * 1024


@dataclass
class Budget:
    """How much one reading may still unpack, over all its archives."""

    most: int
    ratio: int
    used: int = 0

    def spend(self, size: int, unpacked: int, packed: int, file: str) -> None:
        """Count bytes that were written; refuse when the file grows past what an honest archive does."""
        self.used += size
        if self.used > self.most:
            raise SourceError(
                f"{file} unpacks to more than {self.most // 1024 // 1024:,} MB.",
                next_step="Unpack it and import the files that are needed.",
            )
        if unpacked > FREE_OF_RATIO and unpacked > packed * self.ratio:
            raise SourceError(
                f"{file} unpacks to more than {self.ratio} times its size, as archives made to fill a disk do.",
                next_step="Unpack it and import the files that are needed.",
            )


@dataclass(frozen=True)
class Member:
    """One file of an archive: where it was unpacked to, or why not."""

    name: str
    path: Path | None
    why: str = ""


def unpack_gzip(path: Path, file: str, scratch: Scratch, budget: Budget) -> Path:
    target = scratch.new("unpacked")
    try:
        with gzip.open(path) as source:
            _copy(source, target, path.stat().st_size, file, budget)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise SourceError(f"{file} is a damaged gzip file.", next_step="Download or export it again.") from error
    return target


def members(path: Path, file: str, scratch: Scratch, budget: Budget, max_files: int) -> Iterator[Member]:
    """The members of a ZIP or tar archive, unpacked one by one in the order of their names."""
    try:
        if zipfile.is_zipfile(path):
            yield from _zip_members(path, file, scratch, budget, max_files)
        else:
            yield from _tar_members(path, file, scratch, budget, max_files)
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, NotImplementedError) as error:
        raise SourceError(f"{file} is a damaged archive.", next_step="Download or export it again.") from error


def _zip_members(path: Path, file: str, scratch: Scratch, budget: Budget, max_files: int) -> Iterator[Member]:
    with zipfile.ZipFile(path) as archive:
        entries = sorted(
            (entry for entry in archive.infolist() if not entry.is_dir()), key=lambda entry: entry.filename
        )
        _check_count(len(entries), file, max_files)
        declared = sum(entry.file_size for entry in entries)
        if declared > budget.most - budget.used:
            budget.spend(declared, 0, 0, file)
        for entry in entries:
            name = _shown(entry.filename)
            if _is_hidden(name):
                continue
            why = _refused(entry.filename)
            if stat.S_ISLNK(entry.external_attr >> 16):
                why = "a link inside an archive is not followed"
            elif entry.flag_bits & 0x1:
                why = "it is locked with a password"
            if why:
                yield Member(name, None, why)
                continue
            target = scratch.new("member")
            try:
                with archive.open(entry) as source:
                    _copy(source, target, entry.compress_size, f"{file}/{name}", budget)
            except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
                yield Member(name, None, "it is damaged, or packed in a way that cannot be read")
                continue
            yield Member(name, target)


def _tar_members(path: Path, file: str, scratch: Scratch, budget: Budget, max_files: int) -> Iterator[Member]:
    with tarfile.open(path, mode="r:") as archive:
        for count, entry in enumerate(archive):
            _check_count(count, file, max_files)
            name = _shown(entry.name)
            if entry.isdir() or _is_hidden(name):
                continue
            why = _refused(entry.name) or ("" if entry.isfile() else "a link inside an archive is not followed")
            source = None if why else archive.extractfile(entry)
            if source is None:
                yield Member(name, None, why or "it is damaged")
                continue
            target = scratch.new("member")
            with source:
                _copy(source, target, entry.size, f"{file}/{name}", budget)
            yield Member(name, target)


def _copy(source: IO[bytes] | gzip.GzipFile, target: Path, packed: int, file: str, budget: Budget) -> None:
    unpacked = 0
    try:
        with target.open("wb") as writing:
            while chunk := source.read(CHUNK):
                unpacked += len(chunk)
                budget.spend(len(chunk), unpacked, max(packed, 1), file)
                writing.write(chunk)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _check_count(count: int, file: str, most: int) -> None:
    if count > most:
        raise SourceError(f"{file} holds more than {most:,} files.", next_step="Pack only the files of the export.")


def _refused(name: str) -> str:
    """Why a member's name is one that an honest archive does not have."""
    plain = name.replace("\\", "/")
    if plain.startswith("/") or (len(plain) > 1 and plain[1] == ":"):
        return "its name is an absolute path"
    if ".." in PurePosixPath(plain).parts:
        return "its name leads outside the archive"
    return ""


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "�" for letter in name.replace("\\", "/"))[:300]


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part.startswith(("~$", "__MACOSX")) or (part.startswith(".") and part != "..") for part in parts)
