"""What higher rooms may do with files inside their own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qafila.documents import pdf, rules
from qafila.documents import store as shelf
from qafila.documents.models import StoredFile
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.transaction import step


@step
def store(
    actor: Actor,
    *,
    entity: str,
    entity_id: int,
    kind: str,
    name: str,
    content: bytes,
    content_type: str,
    right: str,
    is_private: bool = True,
) -> int:
    """Keep a file with a thing; the stored file's id. The same content for the same thing and kind is the same file.

    `right` is what a person must hold to open it. Every opening of a private file is recorded. Refuses: FileTooLarge,
    FileRefused.
    """
    clean, true_type = rules.check(content, content_type, name)
    sha256, path = shelf.put(content)
    row, made = StoredFile.objects.get_or_create(
        entity=entity,
        entity_id=entity_id,
        kind=kind,
        sha256=sha256,
        defaults={
            "name": clean,
            "content_type": true_type,
            "size": len(content),
            "path": path,
            "is_private": is_private,
            "right": right,
            "created_by_id": actor.user_id,
        },
    )
    if made:
        after = {"file": row.pk, "name": clean, "kind": kind, "size": len(content), "sha256": sha256}
        record(actor, "file.stored", entity, entity_id, after=after)
    return row.pk


def render_pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """A PDF from `qafila/<room>/templates/typst/<name>.typ`, named `<room>/<name>`, and its data.

    The template reads the data with `json(bytes(sys.inputs.data))` (or `given` of base.typ). Pure computing, some 12 ms
    a page: inside a transaction or outside.
    """
    return pdf.compiled(template, data)
