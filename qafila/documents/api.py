"""Files over HTTP."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse

from qafila.documents.web.files import handed_out
from qafila.kernel.http import Id, Request, Routes
from qafila.kernel.may import SIGNED_IN

router = Routes(tags=["Files"])
ANY: dict[str, Any] = {
    "openapi_extra": {"responses": {200: {"description": "The file", "content": {"*/*": {}}}}},
    "response": None,
}


@router.get("/files/{file_id}", may=SIGNED_IN, **ANY)
def read_file(request: Request, file_id: Id) -> FileResponse:
    """One stored file as an attachment. Needs the right that the file itself names; private openings are recorded."""
    return handed_out(request, file_id)
