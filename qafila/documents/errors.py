"""What the documents room refuses."""

from __future__ import annotations

from qafila.kernel.errors import NotFound, Refusal


class FileRefused(Refusal):
    """The content is not what it says it is, or of a kind that is not kept here."""

    code, status, title = "FILE_REFUSED", 422, "Check the file"


class FileTooLarge(Refusal):
    code, status, title = "FILE_TOO_LARGE", 413, "The file is too large"


class FileNotFound(NotFound):
    """No such file, or one that belongs to somebody else."""


class FileGone(Refusal):
    """The row is there, but what it names is not in the store: restore it from the backup."""

    code, status, title = "FILE_GONE", 410, "The file is gone"
