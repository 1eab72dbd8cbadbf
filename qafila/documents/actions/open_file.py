"""Open a stored file."""

from __future__ import annotations

from qafila.documents.errors import FileNotFound
from qafila.documents.models import FileOpening, StoredFile
from qafila.documents.queries import FileInfo, info_of
from qafila.kernel.actor import Actor
from qafila.kernel.transaction import action


@action
def open_file(*, actor: Actor, file_id: int) -> FileInfo:
    """What to hand out, and a row of who opened it when it is private. Refuses: FileNotFound, MissingRight."""
    row = StoredFile.objects.filter(pk=file_id).first()
    if row is None or (not actor.is_staff and not actor.may(row.right)):
        raise FileNotFound("There is no such file.")
    actor.need(row.right)
    if row.is_private:
        FileOpening.objects.create(file=row, user_id=actor.user_id, user_name=actor.name, ip=actor.ip)
    return info_of(row)
