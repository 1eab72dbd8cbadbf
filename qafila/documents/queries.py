"""What is known of stored files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from qafila.documents import store
from qafila.documents.errors import FileNotFound
from qafila.documents.models import FileOpening, StoredFile
from qafila.kernel.actor import Actor


@dataclass(frozen=True)
class FileInfo:
    """A stored file; `size` in bytes, `path` in the store."""

    id: int
    name: str
    content_type: str
    size: int
    sha256: str
    path: str
    is_private: bool
    entity: str
    entity_id: int
    kind: str
    right: str
    created_at: datetime

    @property
    def url(self) -> str:
        return f"/files/{self.id}"


@dataclass(frozen=True)
class Opening:
    """Somebody opened a private file."""

    user_name: str
    ip: str | None
    at: datetime


def info_of(row: StoredFile) -> FileInfo:
    return FileInfo(
        id=row.pk,
        name=row.name,
        content_type=row.content_type,
        size=row.size,
        sha256=row.sha256,
        path=row.path,
        is_private=row.is_private,
        entity=row.entity,
        entity_id=row.entity_id,
        kind=row.kind,
        right=row.right,
        created_at=row.created_at,
    )


def files_of(actor: Actor, entity: str, entity_ids: Iterable[int]) -> list[FileInfo]:
    """The files of some things of one kind that the actor may open, oldest first. One query."""
    rows = StoredFile.objects.filter(entity=entity, entity_id__in=list(entity_ids)).order_by("pk")
    return [info_of(row) for row in rows if actor.may(row.right)]


def openings_of(actor: Actor, file_id: int) -> list[Opening]:
    """Who opened a private file, the last 200, newest first. Needs admin.audit.view. Refuses: FileNotFound."""
    actor.need("admin.audit.view")
    if not StoredFile.objects.filter(pk=file_id).exists():
        raise FileNotFound("There is no such file.")
    rows = FileOpening.objects.filter(file_id=file_id).order_by("-pk")[:200]
    return [Opening(row.user_name, row.ip, row.at) for row in rows]


def contents_of(file_ids: Iterable[int]) -> list[tuple[str, str, bytes]]:
    """Name, type and content of files, in id order: what goes with an e-mail. For jobs; checks no right."""
    found = []
    for row in StoredFile.objects.filter(pk__in=list(file_ids)).order_by("pk"):
        with store.fetch(row.path) as content:
            found.append((row.name, row.content_type, content.read()))
    return found


def damaged() -> Iterator[str]:
    """Files whose content is gone or is not what was stored: a sentence each, for `qafila verify`."""
    for row in StoredFile.objects.order_by("pk").iterator():
        try:
            with store.fetch(row.path) as content:
                whole = content.read()
        except FileNotFoundError:
            yield f"File {row.pk} ({row.name}): the store holds nothing under {row.path}."
            continue
        if store.digest(whole) != row.sha256:
            yield f"File {row.pk} ({row.name}): the content is not what was stored."
