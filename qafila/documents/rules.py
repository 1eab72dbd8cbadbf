"""What may be kept: by what the bytes are, never by what the sender calls them. Pure.

Source: quality.md, Security: "uploads checked by content, size and name, served as attachments".
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from qafila.documents.errors import FileRefused, FileTooLarge

MAX_BYTES = 10 * 1024 * 1024
MAX_NAME = 150
LONGEST_ENDING = 10
OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class Kind:
    """A kind of file: its type, the endings its name may have (the first is given to a name without), its mark."""

    content_type: str
    endings: tuple[str, ...]
    marked: Callable[[bytes], bool]


def _begins(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(marks)


def _office(part: str) -> Callable[[bytes], bool]:
    def marked(content: bytes) -> bool:
        if not content.startswith(b"PK\x03\x04"):
            return False
        try:
            names = zipfile.ZipFile(io.BytesIO(content)).namelist()
        except (zipfile.BadZipFile, ValueError, OSError):
            return False
        macros = any(name.endswith("vbaProject.bin") for name in names)
        return "[Content_Types].xml" in names and any(name.startswith(part) for name in names) and not macros

    return marked


def _text(content: bytes) -> bool:
    try:
        said = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    markup = said.lstrip()[:1] == "<"
    return not markup and not any(c < " " and c not in "\t\r\n\f" for c in said)


def _mail(content: bytes) -> bool:
    head = content[:4096].decode("ascii", "replace").lower()
    return (
        bool(re.search(r"^(from|received):", head, re.MULTILINE)) and "\x00" not in head and "<html" not in head[:200]
    )


KINDS = (
    Kind("application/pdf", (".pdf",), _begins(b"%PDF-")),
    Kind("image/jpeg", (".jpg", ".jpeg"), _begins(b"\xff\xd8\xff")),
    Kind("image/png", (".png",), _begins(b"\x89PNG\r\n\x1a\n")),
    Kind("image/webp", (".webp",), lambda c: c[:4] == b"RIFF" and c[8:12] == b"WEBP"),
    Kind("image/heic", (".heic", ".heif"), lambda c: c[4:8] == b"ftyp" and c[8:12] in (b"heic", b"heix", b"mif1")),
    Kind(f"{OFFICE}.spreadsheetml.sheet", (".xlsx",), _office("xl/")),
    Kind(f"{OFFICE}.wordprocessingml.document", (".docx",), _office("word/")),
    Kind("message/rfc822", (".eml",), _mail),
    Kind("text/csv", (".csv",), _text),
    Kind("text/plain", (".txt",), _text),
)
ALIASES = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "application/x-pdf": "application/pdf"}
KEPT = "PDF, JPEG, PNG, WebP, HEIC, XLSX, DOCX, e-mail, CSV and text"


def check(content: bytes, content_type: str, name: str) -> tuple[str, str]:
    """The safe name and the true type of a file that may be kept.

    Refuses: FileTooLarge beyond 10 MB; FileRefused when it is empty, of a kind not kept here, or not what its type or
    name says.
    """
    if not content:
        raise FileRefused("The file is empty.", field="file")
    if len(content) > MAX_BYTES:
        raise FileTooLarge(f"A file has at most {MAX_BYTES // 1024**2} MB.", field="file")
    told = content_type.split(";", maxsplit=1)[0].strip().lower()
    told = ALIASES.get(told, told)
    clean = safe_name(name)
    ending = f".{clean.rpartition('.')[2].lower()}" if "." in clean else ""
    fits = [kind for kind in KINDS if kind.marked(content)]
    if not fits:
        raise FileRefused(f"{clean} is of a kind that is not kept here; these are: {KEPT}.", field="file")
    if told not in ("", "application/octet-stream"):
        fits = [kind for kind in fits if kind.content_type == told]
        if not fits:
            raise FileRefused(f"{clean} is sent as {told}, but its content is not that.", field="file")
    named = [kind for kind in fits if ending in kind.endings]
    if ending and not named:
        raise FileRefused(f"{clean} is named {ending}, but its content is not that.", field="file")
    kind = (named or fits)[0]
    return (clean if ending else clean + kind.endings[0]), kind.content_type


def safe_name(name: str) -> str:
    """A file's name without folders, control and direction characters, leading dots; at most 150 characters."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*%')
    kept = " ".join(kept.split()).strip(". ")
    stem, dot, ending = kept.rpartition(".")
    if dot and len(ending) <= LONGEST_ENDING:
        return f"{stem[: MAX_NAME - len(ending) - 1].rstrip()}.{ending}"
    return kept[:MAX_NAME].strip(". ") or "file"
