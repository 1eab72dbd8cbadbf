"""Where the bytes lie: outside the database, by their SHA-256, each content once.

They are written before the row's transaction commits; what a rolled-back one leaves behind is swept a day later.
A content appears under its name whole or not at all, also when the machine dies in the middle.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def path_of(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def put(content: bytes) -> tuple[str, str]:
    """Keep a content; answers its SHA-256 and its path in the store. Keeping it twice keeps it once."""
    sha256 = digest(content)
    path = path_of(sha256)
    folder = _folder()
    if folder is None:
        if not default_storage.exists(path):
            default_storage.save(path, ContentFile(content))
        return sha256, path
    target = folder / path
    try:
        os.utime(target)  # it is wanted again: the sweep must not take it
    except FileNotFoundError:
        _write(target, content)
    return sha256, path


def _folder() -> Path | None:
    """The store's folder, when it is one of this machine's; None for a store over the network."""
    inner = getattr(default_storage, "_wrapped", default_storage)
    if not isinstance(inner, FileSystemStorage):
        return None
    return Path(default_storage.path(""))


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def fetch(path: str) -> File[bytes]:
    """The content, open for reading. Raises FileNotFoundError."""
    return default_storage.open(path)


def kept_before(moment: datetime) -> Iterator[str]:
    """The paths in this machine's store that nobody has put there since, for the sweep."""
    folder = _folder()
    if folder is None or not folder.exists():
        return
    for file in folder.glob("??/??/*"):
        if datetime.fromtimestamp(file.stat().st_mtime, tz=UTC) < moment:
            yield file.relative_to(folder).as_posix()


def drop(path: str) -> None:
    default_storage.delete(path)
