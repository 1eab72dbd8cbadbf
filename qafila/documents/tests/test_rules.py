"""What may be kept, by what it is."""

import contextlib
import io
import zipfile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from qafila.documents.errors import FileRefused, FileTooLarge
from qafila.documents.rules import MAX_BYTES, check, safe_name

PDF = b"%PDF-1.7\n%\xe2\xe3\n1 0 obj"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
MAIL = b"From: a@b.example\r\nSubject: go\r\n\r\nyes"
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20


def workbook() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet().write(0, 0, "Pilgrims")
    book.close()
    return out.getvalue()


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "told", "name", "kept"),
    [
        (PDF, "application/pdf", "ticket.pdf", ("ticket.pdf", "application/pdf")),
        (PDF, "application/octet-stream", "ticket.PDF", ("ticket.PDF", "application/pdf")),
        (PDF, "", "ticket", ("ticket.pdf", "application/pdf")),
        (JPEG, "image/jpg", "pass.jpeg", ("pass.jpeg", "image/jpeg")),
        (PNG, "image/png; charset=binary", "../../etc/scan.png", ("scan.png", "image/png")),
        (b"name,passport\nWani,U1022552\n", "text/csv", "list.csv", ("list.csv", "text/csv")),
        (b"Mahram letter follows", "text/plain", "note.txt", ("note.txt", "text/plain")),
        (
            b"From: a@b.example\r\nSubject: go\r\n\r\nyes",
            "message/rfc822",
            "proof.eml",
            ("proof.eml", "message/rfc822"),
        ),
    ],
)
def test_what_it_says_it_is_is_kept(content, told, name, kept):
    assert check(content, told, name) == kept


def test_a_workbook_is_kept_and_one_with_macros_is_not():
    assert check(workbook(), "", "rooms.xlsx")[1].endswith("spreadsheetml.sheet")
    with pytest.raises(FileRefused):
        check(zipped("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "", "rooms.xlsx")
    with pytest.raises(FileRefused):
        check(zipped("evil.exe"), "", "rooms.xlsx")
    with pytest.raises(FileRefused):
        check(b"PK\x03\x04 no archive", "", "rooms.xlsx")


@pytest.mark.parametrize(
    ("content", "told", "name", "why"),
    [
        (b"", "application/pdf", "a.pdf", "empty"),
        (b"MZ\x90\0 an executable", "application/pdf", "a.pdf", "not kept here"),
        (b"<html><script>alert(1)</script>", "text/html", "a.html", "not kept here"),
        (b"<svg onload=alert(1)>", "text/plain", "a.txt", "not kept here"),
        (PNG, "application/pdf", "a.pdf", "its content is not that"),
        (PDF, "application/pdf", "a.exe", "named .exe"),
        (PDF, "application/pdf", "a.pdf.html", "named .html"),
        (b"text", "text/plain", "a.pdf", "named .pdf"),
    ],
)
def test_what_is_not_what_it_says_is_refused(content, told, name, why):
    with pytest.raises(FileRefused, match=why) as refused:
        check(content, told, name)
    assert refused.value.loc == ["file"]


def test_ten_megabytes_are_the_most():
    assert check(PDF.ljust(MAX_BYTES, b"0"), "application/pdf", "a.pdf")
    with pytest.raises(FileTooLarge):
        check(PDF.ljust(MAX_BYTES + 1, b"0"), "application/pdf", "a.pdf")


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("C:\\Users\\a\\passport.jpg", "passport.jpg"),
        ("/etc/passwd", "passwd"),
        ("..", "file"),
        (".htaccess", "htaccess"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("جواز سفر.pdf", "جواز سفر.pdf"),
        ("", "file"),
    ],
)
def test_a_name_is_only_a_name(given_name, safe):
    assert safe_name(given_name) == safe


@given(st.text(max_size=400))
def test_whatever_the_name_it_is_short_and_harmless(name):
    safe = safe_name(name)
    assert 1 <= len(safe) <= 150
    assert safe_name(safe) == safe
    assert not set(safe) & set('/\\\r\n\0<>:"|?*')


@given(st.binary(max_size=300), st.sampled_from(["", "application/pdf", "text/plain"]), st.text(max_size=20))
def test_any_bytes_are_kept_or_refused_never_a_crash(content, told, name):
    with contextlib.suppress(FileRefused):
        check(content, told, name)
