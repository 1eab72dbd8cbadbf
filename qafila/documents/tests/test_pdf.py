"""Papers: right to read, in every script, and quick."""

import io
import time
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from qafila.documents.pdf import PACKAGE, fonts
from qafila.documents.steps import render_pdf

AGENCY = {"name": "Noor Qafila Travels", "address": ["Lal Chowk", "Srinagar"], "contact": ["+91 194 000000"], "tax": []}


def statement(rows: int = 3, **said: Any) -> dict[str, Any]:
    line = {"date": "18 Jan 2027", "number": "JV-1", "text": "Booking BK-2027-000001", "credit": "0.00"}
    return {
        "title": "Statement",
        "number": "CUS-000001",
        "agency": AGENCY,
        "party": {"name": "Hafiza Wani", "lines": ["Sopore"]},
        "facts": [["From", "1 Apr 2026"], ["To", "31 Mar 2027"]],
        "currency": "INR",
        "rows": [{**line, "debit": "485000.00", "balance": "485000.00"} for _ in range(rows)],
        "closing_label": "Owed",
        "closing": "-1485000.50",
        **said,
    }


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def faces(reader: PdfReader) -> set[str]:
    found = set()
    for page in reader.pages:
        fonts_used: Any = page["/Resources"]
        for font in fonts_used["/Font"].values():
            found.add(str(font.get_object()["/BaseFont"]).split("+")[-1])
    return found


def test_a_paper_says_what_it_was_given():
    text = read(render_pdf("documents/statement", statement())).pages[0].extract_text()
    for part in ("Noor Qafila Travels", "Hafiza Wani", "4,85,000.00", "(14,85,000.50)", "CUS-000001", "1 / 1"):
        assert part in text, part


@pytest.mark.parametrize(
    ("name", "face", "found"),  # a reader gets Indic vowel signs back in the order they are drawn
    [
        ("عبد الرشيد واني", "NotoNaskhArabic", ("عبد", "الرشيد", "واني")),
        ("अब्दुल रशीद वानी", "NotoSansDevanagari", ("अब्दुल",)),
        ("আব্দুল রশিদ", "NotoSansBengali", ("আব্দু",)),
        ("Đorđević-Łukasz Ñuñez", "Inter", ("Đorđević-Łukasz", "Ñuñez")),
    ],
)
def test_a_name_in_any_script_is_set_in_a_face_that_has_it(name, face, found):
    reader = read(render_pdf("documents/statement", statement(party={"name": name, "lines": []})))
    assert any(used.startswith(face) for used in faces(reader))
    text = reader.pages[0].extract_text()
    for word in found:
        assert word in text


def test_only_our_own_faces_are_used():
    assert all(
        found.startswith(("Inter", "Noto", "DejaVu"))
        for found in faces(read(render_pdf("documents/statement", statement())))
    )
    assert {"Inter", "Noto Naskh Arabic", "Noto Nastaliq Urdu"} <= set(fonts().families())


def test_what_people_type_is_never_read_as_markup():
    nasty = '#panic("x") *bold* $1$ \\ " @ref <label> #include "/etc/passwd"'
    text = (
        read(render_pdf("documents/statement", statement(party={"name": nasty, "lines": []}))).pages[0].extract_text()
    )
    assert '#panic("x") *bold*' in text.replace("“", '"').replace("”", '"')


def test_a_long_statement_repeats_its_head_and_counts_its_pages():
    reader = read(render_pdf("documents/statement", statement(rows=120)))
    assert len(reader.pages) > 2
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text()
        assert f"{number} / {len(reader.pages)}" in text
        if number < len(reader.pages):
            assert "Debit" in text


def test_a_template_is_named_by_room_and_file():
    for bad in ("../secret", "documents/none", "documents/base.typ", "/etc/passwd"):
        with pytest.raises(ValueError, match="template"):
            render_pdf(bad, {})


def test_a_page_takes_a_few_hundredths_of_a_second():
    render_pdf("documents/statement", statement())
    began = time.perf_counter()
    for n in range(10):
        render_pdf("documents/statement", statement(number=f"CUS-{n:06d}"))
    assert (time.perf_counter() - began) / 10 < 0.15  # 12 ms on a quiet machine


def test_the_licences_of_the_faces_are_with_them():
    folder = Path(PACKAGE) / "documents" / "fonts"
    assert {p.stem.split("-")[0] for p in folder.glob("*.ttf")} >= {"Inter", "NotoNaskhArabic", "NotoNastaliqUrdu"}
    for licence in ("inter", "noto"):
        assert "SIL OPEN FONT LICENSE" in (folder / "licences" / f"{licence}.txt").read_text()
