"""Delimited text: what a user would expect of every way that an export can be written or damaged."""

from __future__ import annotations

import gzip

import pytest

from tolok.errors import SourceError
from tolok.sources.files import Limits


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter_is_found(files, delimiter: str) -> None:
    seen = files.one(f"Nama{delimiter}Jumlah\nBudi{delimiter}15\nSiti{delimiter}20\n")
    assert seen.table.headers == ("Nama", "Jumlah")
    assert seen.rows == [("Budi", "15"), ("Siti", "20")]
    assert seen.lines == [2, 3]


def test_semicolons_win_over_decimal_commas(files) -> None:
    assert files.one("Nama;Harga;Diskon\nA;1,50;0,10\nB;2,75;0,20\n").rows == [
        ("A", "1,50", "0,10"),
        ("B", "2,75", "0,20"),
    ]


def test_lists_inside_cells_do_not_pass_for_the_delimiter(files) -> None:
    body = "".join(f"{number},Acme,red;blue,5|6,{number}.50\n" for number in range(50))
    assert files.one(f"id,name,colours,sizes,amount\n{body}").rows[1] == ("1", "Acme", "red;blue", "5|6", "1.50")
    body = "".join(f"{number};Acme, Inc;Jl. Sudirman, Jakarta;1,50\n" for number in range(50))
    assert files.one(f"id;name;address;price\n{body}").rows[1] == ("1", "Acme, Inc", "Jl. Sudirman, Jakarta", "1,50")


def test_a_sep_line_declares_the_delimiter_and_is_no_record(files) -> None:
    seen = files.one("sep=;\nNama;Harga\nA;1,5\n")
    assert (seen.table.headers, seen.rows, seen.lines) == (("Nama", "Harga"), [("A", "1,5")], [2])


@pytest.mark.parametrize(
    "content",
    [
        "nomé,b\né,2\n".encode(),
        b"\xef\xbb\xbf" + "nomé,b\né,2\n".encode(),
        "nomé,b\né,2\n".encode("utf-16"),
        b"\xfe\xff" + "nomé,b\né,2\n".encode("utf-16-be"),
        "nomé,b\né,2\n".encode("utf-16-le"),
        "nomé,b\né,2\n".encode("latin-1"),
        gzip.compress("nomé,b\né,2\n".encode(), mtime=0),
    ],
)
def test_any_western_encoding_reads_the_same(files, content: bytes) -> None:
    seen = files.one(content)
    assert (seen.table.headers, seen.rows) == (("nomé", "b"), [("é", "2")])


def test_windows_letters_beyond_latin_1_are_kept(files) -> None:
    assert files.one("price,who\n5 €,“Épée”\n".encode("cp1252")).rows == [("5 €", "“Épée”")]


def test_windows_letters_deep_in_a_long_file_are_found(files) -> None:
    body = b"".join(b"%d,plain words\n" % number for number in range(400_000))
    seen = files.one(b"id,note\n" + body + "400000,Épée\n".encode("cp1252"))
    assert seen.rows[-1] == ("400000", "Épée")
    assert seen.table.rows == 400_001


def test_nul_bytes_are_removed(files) -> None:
    assert files.one(b"\0id,note\n1,\0x\n").rows == [("1", "x")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_reads_the_same(files, end: str) -> None:
    assert files.one(end.join(["a,b", "1,2", '3,"x, y"', ""])).rows == [("1", "2"), ("3", "x, y")]


def test_mixed_line_ends_and_returns_inside_cells_lose_nothing(files) -> None:
    assert files.one("a,b\r\n1,2\n3,4\r\n").rows == [("1", "2"), ("3", "4")]
    assert files.one('a,b\n1,"x\ry"\n2,p\rq\n').rows == [("1", "x\ry"), ("2", "p\rq")]


def test_quoted_cells_hold_delimiters_quotes_and_newlines(files) -> None:
    assert files.one('a,b\n1,"x, ""y""\n\nz"\n2,w\n').rows == [("1", 'x, "y"\n\nz'), ("2", "w")]


def test_quotes_that_first_appear_after_the_sample_are_still_quotes(files) -> None:
    body = "".join(f"{number},plain\n" for number in range(200_000))
    seen = files.one(f'id,note\n{body}200000,"x, y"\n')
    assert seen.rows[-1] == ("200000", "x, y")


def test_single_quotes_and_backslashes_are_understood(files) -> None:
    assert files.one("a,b\n'x,y',2\n'z,w',3\n").rows == [("x,y", "2"), ("z,w", "3")]
    assert files.one('a,b\n"x \\"q\\", y",2\n"z",3\n').rows == [('x "q", y', "2"), ("z", "3")]


def test_short_and_long_records_are_rejected_and_the_others_kept_with_their_numbers(files) -> None:
    good = "".join(f"{number},x,y\n" for number in range(20))
    seen = files.one(f"id,b,c\n{good}20,x\n21,x,y\n22,x,y,z\n23,x,y\n")
    assert [row[0] for row in seen.rows] == [*map(str, range(20)), "21", "23"]
    assert seen.lines == [*range(2, 22), 23, 25]
    short, long = seen.table.rejects
    assert (short.line, short.column, short.row) == (22, "c", "20,x")
    assert short.reason == "2 cells where the table has 3"
    assert (long.line, long.column, long.row) == (24, "c", "22,x,y,z")


def test_an_unclosed_quote_costs_its_own_record_only(files) -> None:
    seen = files.one('a,b,c\n1,2,3\n1,"2,3\n4,5,6\n7,"8",9\n1,"m\nx",2\n')
    assert seen.rows == [("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), ("1", "m\nx", "2")]
    (reject,) = seen.table.rejects
    assert (reject.line, reject.column, reject.reason) == (3, "b", "a quote opens and does not close")


def test_many_damaged_records_in_a_long_file_are_found_by_number(files) -> None:
    lines = []
    bad = []
    for number in range(60_000):
        if number % 7_001 == 5:
            bad.append(number + 2)
            lines.append(f"{number},only two\n")
        elif number % 9_001 == 7:
            bad.append(number + 2)
            lines.append(f'{number},"open,3\n')
        elif number % 3 == 0:
            lines.append(f'{number},"a ""b"", c","{number}"\n')
        else:
            lines.append(f"{number},plain,{number}\n")
    seen = files.one("id,note,n\n" + "".join(lines))
    assert [reject.line for reject in seen.table.rejects] == bad
    assert all(line == int(row[0] or -1) + 2 for line, row in zip(seen.lines, seen.rows, strict=True))
    assert {row[1] for row in seen.rows} == {'a "b", c', "plain"}
    assert len(seen.rows) + len(bad) == 60_000


def test_blank_cells_at_the_end_may_be_left_out_or_doubled(files) -> None:
    assert files.one("a,b,c,d\n1,2\n1,2,3,4\n1\n1,2,3\n").rows[0] == ("1", "2", None, None)
    assert files.one("a,b,c,\n1,2,3,\n4,5,6,\n").table.headers == ("a", "b", "c")
    assert files.one("a,b,c\n1,2,3,,\n4,5,6\n").rows == [("1", "2", "3"), ("4", "5", "6")]


def test_blank_lines_are_no_records_and_blank_rows_are_left_out(files) -> None:
    assert files.one("a,b\n1,2\n\n3,4\n\n").rows == [("1", "2"), ("3", "4")]
    seen = files.one("a,b\n1,2\n,\n3,4\n,\n,\n")
    assert (seen.rows, seen.lines) == ([("1", "2"), ("3", "4")], [2, 4])


def test_a_title_block_and_a_total_row_are_left_out_with_a_note(files) -> None:
    seen = files.one("Sales report 2024\nGenerated for ACME\n\nName,Region,Amount\nA,X,1\nB,Y,2\n\nTotal,,3\n")
    assert seen.table.headers == ("Name", "Region", "Amount")
    assert seen.rows == [("A", "X", "1"), ("B", "Y", "2")]
    assert seen.lines == [4, 5]
    assert any("total row" in note for note in seen.table.notes)


def test_the_footer_of_a_report_export_is_left_out(files) -> None:
    seen = files.one(
        '"Opportunity Owner","Amount","Stage"\n"A","1","x"\n"B","2","y"\n\n\n"Opportunity Report"\n'
        '"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."\n'
        '"Confidential Information - Do Not Distribute"\n"Generated By:  A B  1/1/2026"\n"ACME"\n'
    )
    assert seen.rows == [("A", "1", "x"), ("B", "2", "y")]
    assert not seen.table.rejects
    assert any("5 lines of remarks" in note for note in seen.table.notes)


def test_a_customer_called_total_is_kept(files) -> None:
    assert files.one("Account,Sector,Amount\nA,x,2\nTotal,Oil,4\n").rows[-1] == ("Total", "Oil", "4")


def test_a_truncated_last_record_is_a_reject_not_a_footer(files) -> None:
    seen = files.one("Account,Sector,Amount\nA,x,2\nB,x,2\nFoo\n")
    assert [reject.line for reject in seen.table.rejects] == [4]


def test_subtotals_within_the_data_are_left_out(files) -> None:
    seen = files.one("Region,Rep,Amount\nN,A,1\nN,B,2\nSubtotal,,3\nS,C,4\nSubtotal,,4\nGrand Total,,7\n")
    assert [row[2] for row in seen.rows] == ["1", "2", "4"]


def test_a_header_that_comes_again_is_no_record(files) -> None:
    seen = files.one("id,name\n1,A\nid,name\n2,B\n")
    assert (seen.table.headers, seen.rows, seen.lines) == (("id", "name"), [("1", "A"), ("2", "B")], [2, 4])
    assert "1 repeated header row left out" in seen.table.notes


def test_a_file_without_a_header_gets_numbered_columns(files) -> None:
    seen = files.one("1,2017-01-01,Won\n2,2017-01-02,Lost\n3,2017-01-01,Won\n")
    assert seen.table.headers == ("column 1", "column 2", "column 3")
    assert seen.lines == [1, 2, 3]


def test_years_as_headings_are_a_header(files) -> None:
    assert files.one("Rep,2023,2024,2025\nA,1,2,3\nB,4,5,6\n").table.headers == ("Rep", "2023", "2024", "2025")


def test_repeated_and_blank_headers_are_told_apart(files) -> None:
    seen = files.one("a,a,,a (2)\n1,2,3,4\n")
    assert len(set(seen.table.headers)) == 4
    assert seen.table.headers[2:] == ("column 3", "a (2)")


@pytest.mark.parametrize("content", ["a,b,c\n", "a,b,c"])
def test_a_header_alone_is_a_table_of_no_rows(files, content: str) -> None:
    seen = files.one(content)
    assert (seen.table.headers, seen.rows) == (("a", "b", "c"), [])


def test_a_single_column_is_a_table(files) -> None:
    assert files.one("email\na@x.com\nb@x.com\n").rows == [("a@x.com",), ("b@x.com",)]


def test_a_hostile_file_name_cannot_reach_other_files(files) -> None:
    files.write("id,v\n9,9\n", "a.csv")
    seen = files.one("id,v\n1,2\n", "[ab]*'; DROP.csv")
    assert seen.rows == [("1", "2")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b" \n \n", "is empty"),
        (b"%PDF-1.7 ...", "is a PDF document, not a table"),
        (b"\x89PNG\r\n\x1a\n...", "is a picture (PNG), not a table"),
        (b"MZ\x90\x00\x03", "is a program, not a table"),
        (b"SQLite format 3\0...", "is an SQLite database"),
        (b"\x03\x04\x05\x06\x07\x08" * 50, "is not text"),
        ((",".join(f"c{n}" for n in range(10_000)) + "\n").encode(), "has 10,000 columns"),
        (b"a" * 50_000_000, "has a line of more than 16,000,000 characters"),
        (
            b"This is a long text about nothing.\nIt has several lines, and commas, here.\nBut no table.\n",
            "no table in it",
        ),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(files, content: bytes, says: str) -> None:
    with pytest.raises(SourceError) as refusal:
        files.one(content)
    assert says in refusal.value.message
    assert refusal.value.message.startswith("deals.csv ")


def test_a_cell_too_long_is_rejected(files) -> None:
    seen = files.one('a,b\n1,"' + "x" * 2_000_000 + '"\n2,3\n')
    assert seen.rows == [("2", "3")]
    assert len(seen.table.rejects[0].row) == 2_000


def test_a_file_of_rejects_is_refused(files) -> None:
    with pytest.raises(SourceError, match="More than 50 records"):
        files.one("a,b\n" + "1,2\n" * 2_000 + "1,2,3\n" * 60, limits=Limits(max_rejects=50))


def test_what_does_not_exist_or_may_not_be_read_is_said(files, tmp_path) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        files.read(tmp_path / "nowhere.csv")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="holds no files"):
        files.read(tmp_path / "empty")


def test_headings_that_reach_further_than_the_records(files) -> None:
    seen = files.one("a,b,c,d,e\n" + "".join(f"{n},x{n},\n" for n in range(9)) + "1,2,3,4,5\n")
    assert seen.table.headers[:2] == ("a", "b")
    assert len(seen.rows) + len({reject.line for reject in seen.table.rejects}) == 10


@pytest.mark.parametrize(
    ("encoding", "heading", "cell"),
    [
        ("cp1251", "Название сделки;Ответственный;Сумма", "Поставка;Иван Петров;100"),
        ("cp932", "商談名;フェーズ;金額", "更新案件;受注 クローズ;100"),
        ("gb18030", "商机名称;负责人;金额", "合同续签;王小明;100"),
        ("cp949", "거래 이름;담당자;금액", "계약 갱신;김민수;100"),
    ],
)
def test_letters_that_are_not_western_are_known_by_standing_in_words(
    files, encoding: str, heading: str, cell: str
) -> None:
    seen = files.one("".join(f"{line}\n" for line in [heading, *[cell] * 5]).encode(encoding))
    assert list(seen.table.headers) == heading.split(";")
    assert seen.rows[0] == tuple(cell.split(";"))
    assert any(note.startswith("read as ") for note in seen.table.notes)


@pytest.mark.parametrize(
    "text", ["Größe;Straße;Überführung", "Übergröße;ÄÖÜß;Éé", "Año;Ñandú;Avión", "Cliente;Çırağan;São João"]
)
def test_western_letters_stay_western(files, text: str) -> None:
    content = f"Name;Ort;Zusatz\n{text}\n{text}\n".encode("cp1252", errors="replace")
    assert files.one(content).rows[0] == tuple(content.decode("cp1252").splitlines()[1].split(";"))
