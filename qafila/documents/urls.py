"""Pages of the documents room."""

from __future__ import annotations

from django.urls import path

from qafila.documents.web import files

urlpatterns = [path("files/<int:file_id>", files.download)]
