"""A stored file, handed out: always as an attachment, never as something the browser runs."""

from __future__ import annotations

from django.http import FileResponse

from qafila.documents import store
from qafila.documents.actions.open_file import open_file
from qafila.documents.errors import FileGone
from qafila.kernel.http import Request
from qafila.kernel.may import SIGNED_IN
from qafila.kernel.web import page


def handed_out(request: Request, file_id: int) -> FileResponse:
    """Refuses: FileNotFound, MissingRight (the file's own right), FileGone."""
    file = open_file(actor=request.actor, file_id=file_id)
    try:
        content = store.fetch(file.path)
    except FileNotFoundError:
        raise FileGone(f"{file.name} is not in the file store any more.") from None
    response = FileResponse(content, as_attachment=True, filename=file.name, content_type=file.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


@page(SIGNED_IN)
def download(request: Request, file_id: int) -> FileResponse:
    """One file. What a person needs beyond being signed in, the file itself says."""
    return handed_out(request, file_id)
