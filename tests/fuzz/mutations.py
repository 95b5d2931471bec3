"""Ways to spoil a file: its bytes, its cells and headings, the members of its archive, the markup of its sheets."""

from __future__ import annotations

import gzip
import io
import random
import re
import warnings
import zipfile
import zlib

PIECES = [
    b"\x00", b'"', b"'", b"\n", b"\r", b"\r\n\r\n", b";", b",", b"\t", b"|", b"\xff\xfe", b"\xef\xbb\xbf", b"1e308", b"-",
    b"0202-01-01", b"9999-12-31", b"=1+1", b"\\", b"NULL", b"\xc3", b"{", b"}", b"[", b"<", b"</table>", b"<table>", b"&#0;",
    b"Won", b"Total", b"2026-02-30", b"%", b"(", b"\xf0\x9f\x92\xa9", b"'; DROP TABLE deals; --", b"sep=;\n", b"\x1a",
]  # fmt: skip
CELLS = [
    "", " ", "-", "N/A", "1e400", "-1e30", "NaN", "Infinity", "0", "-0", "99999999999999999999", "1.234.567,89", "1,5 jt",
    "(1,234.00)", "5-", "$", "Rp", "31/12/2026", "12/31/2026", "2026-02-30", "0202-01-01", "2026-13-01T25:61:61Z", "45000",
    "=HYPERLINK(1)", "@SUM(1)", "Won", "Lost", "TOTAL", "Grand Total", "\u202e", "\u0000", "İ", "ß", "x" * 5000,
    '"', "''", "a,b;c\td|e", "line\nbreak", "{}", "[]", "null", "true", "../../etc/passwd", "${jndi}", "%s%n", "not closed",
]  # fmt: skip
HEADINGS = [
    "", "id", "Opportunity ID", "amount", "Amount (USD)", "Jan 2026", "2026", "line", "c0", "source_id", "@cell", "Close date",
    "Status", "Name", '"', "a" * 300, "deleted", "Owner", "extra", "rowid", "Tanggal", "Jumlah", "new:stage_id", "*", "(",
]  # fmt: skip
NAMES = [
    "../outside.csv",
    "/outside-of-everything.csv",
    "a/../../outside.csv",
    "C:\\outside.csv",
    "con",
    "x" * 400,
    "\u202e.csv",
    "",
]
VALUES = [b"0", b"1", b"-1", b"1048576", b"16384", b"4294967295", b"99999999999999999999", b"XFD1048576", b"A1:XFD1048576",
          b"ZZZZ99", b"", b"s", b"b", b"e", b"inlineStr", b"d", b"NaN"]  # fmt: skip


def spoiled(name: str, content: bytes, dice: random.Random, *, times: int = 0) -> bytes:
    """The content of a file of that name, changed a few times."""
    for _ in range(times or dice.choice([1, 1, 1, 2, 3, 6, 20])):
        content = dice.choice(_ways(name, content))(content, dice)[:2_000_000]
    return content


def _ways(name: str, content: bytes) -> list:  # type: ignore[type-arg]
    if content[:2] == b"PK":
        return [members, members, members, members, octets]
    if content[:2] == b"\x1f\x8b":
        return [unzipped, unzipped, octets]
    if name.endswith((".parquet", ".db")) or content[:4] == b"\xd0\xcf\x11\xe0":
        return [octets]
    if name.endswith((".json", ".jsonl", ".xml")) or content.lstrip()[:1] in (b"<", b"{", b"["):
        return [octets, markup, markup]
    return [octets, cells, cells, cells]


def octets(content: bytes, dice: random.Random) -> bytes:
    """Bytes put in, taken out, doubled, turned, cut off."""
    data = bytearray(content)
    place = dice.randrange(len(data) or 1)
    length = dice.choice([1, 1, 2, 8, 60, 400])
    what = dice.randrange(7)
    if what == 0:
        data[place:place] = dice.choice(PIECES) * dice.choice([1, 1, 1, 3, 200])
    elif what == 1:
        del data[place : place + length]
    elif what == 2:
        data[place:place] = data[place : place + length]
    elif what == 3 and data:
        data[place] = dice.randrange(256)
    elif what == 4 and data:
        data[place] ^= 1 << dice.randrange(8)
    elif what == 5:
        del data[place:]
    else:
        data[place : place + length] = dice.choice(PIECES)
    return bytes(data)


def cells(content: bytes, dice: random.Random) -> bytes:
    """Cells, headings, rows and columns changed, as text is read."""
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = content.decode("utf-16" if wide else "utf-8", errors="replace" if wide else "surrogateescape")
    mark = max(",;\t|", key=text[:500].count)
    rows = [line.split(mark) for line in text.split("\n")]
    row = dice.choice(rows)
    place = dice.randrange(len(row))
    what = dice.randrange(9)
    if what in (0, 1):
        row[place] = dice.choice(CELLS)
    elif what == 2:
        rows[0][dice.randrange(len(rows[0]))] = dice.choice(HEADINGS)
    elif what == 3:
        for other in rows[1:]:
            if place < len(other):
                other[place] = dice.choice(CELLS)
    elif what == 4:
        rows.insert(dice.randrange(len(rows)), list(dice.choice(rows)))
    elif what == 5:
        rows.insert(dice.randrange(len(rows)), [dice.choice(CELLS)] * dice.choice([1, 2, len(row), 40]))
    elif what == 6:
        for other in rows:
            del other[place : place + 1]
    elif what == 7:
        for other in rows:
            other[place:place] = other[place : place + 1]
    else:
        dice.shuffle(rows)
    changed = "\n".join(mark.join(other) for other in rows)
    return changed.encode("utf-16" if wide else "utf-8", errors="replace" if wide else "surrogateescape")


def markup(content: bytes, dice: random.Random) -> bytes:
    """Elements and attributes of XML, HTML or JSON changed."""
    what = dice.randrange(5)
    places = [match.span() for match in re.finditer(rb'"[^"<>]{0,40}"|>[^<]{0,60}<|\b\d+\b', content[:400_000])]
    tags = [match.span() for match in re.finditer(rb"<[^>]{1,200}>|[{}\[\],:]", content[:400_000])]
    if what <= 1 and places:
        start, end = dice.choice(places)
        edge = content[start : start + 1] if not content[start : start + 1].isdigit() else b""
        value = dice.choice([*VALUES, dice.choice(CELLS).encode("utf-8", "replace")])
        return content[:start] + edge + value + (content[end - 1 : end] if edge else b"") + content[end:]
    if what == 2 and tags:
        start, end = dice.choice(tags)
        return content[:start] + content[end:]
    if what == 3 and tags:
        start, end = dice.choice(tags)
        return content[:end] + content[start:end] * dice.choice([1, 2, 300]) + content[end:]
    return octets(content, dice)


def members(content: bytes, dice: random.Random) -> bytes:
    """An archive with a member changed, named otherwise, doubled or left out."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as bundle:
            parts = [(info.filename, bundle.read(info)) for info in bundle.infolist()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error):
        return octets(content, dice)
    if not parts:
        return octets(content, dice)
    place = dice.randrange(len(parts))
    name, inner = parts[place]
    what = dice.randrange(8)
    if what <= 4:
        parts[place] = (name, (spoiled(name, inner, dice, times=1) if inner[:2] == b"PK" else _part(name, inner, dice)))
    elif what == 5:
        parts[place] = (dice.choice([*NAMES, dice.choice(parts)[0]]) or "x", inner)
    elif what == 6:
        del parts[place]
    else:
        parts.append(parts[place])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, inner in parts:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # one name twice is what is wanted
                bundle.writestr(zipfile.ZipInfo(name), inner)
    return out.getvalue()


def _part(name: str, inner: bytes, dice: random.Random) -> bytes:
    return dice.choice([markup, markup, octets] if name.endswith((".xml", ".rels")) else [cells, octets])(inner, dice)


def unzipped(content: bytes, dice: random.Random) -> bytes:
    """A gzip with other text in it."""
    try:
        return gzip.compress(cells(gzip.decompress(content), dice), mtime=0)
    except (OSError, EOFError, zlib.error):
        return octets(content, dice)
