"""Files kept and handed out."""

import os
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction

from qafila.documents import jobs, queries, store
from qafila.documents.actions.open_file import open_file
from qafila.documents.errors import FileNotFound, FileRefused
from qafila.documents.models import FileOpening, StoredFile
from qafila.documents.steps import store as keep
from qafila.identity.tests.factories import anonymous, as_role
from qafila.identity.types import Role
from qafila.kernel import clock
from qafila.kernel.actor import SYSTEM, Actor
from qafila.kernel.errors import MissingRight
from qafila.kernel.models import AuditEntry

PDF = b"%PDF-1.7 passport of Hafiza Wani"
pytestmark = pytest.mark.django_db


def a_file(content: bytes = PDF, **said) -> int:
    given = {
        "entity": "ticket",
        "entity_id": 7,
        "kind": "scan",
        "name": "passport.pdf",
        "content_type": "application/pdf",
        "right": "tickets.view",
        **said,
    }
    with transaction.atomic():
        return keep(SYSTEM, content=content, **given)


def test_a_file_is_kept_by_its_content_and_recorded():
    key = a_file()
    row = StoredFile.objects.get(pk=key)
    assert (row.size, row.content_type, row.is_private) == (len(PDF), "application/pdf", True)
    assert row.path == f"{row.sha256[:2]}/{row.sha256[2:4]}/{row.sha256}"
    with default_storage.open(row.path) as kept:
        assert kept.read() == PDF
    entry = AuditEntry.objects.get(action="file.stored", entity="ticket", entity_id=7)
    assert entry.after
    assert entry.after["name"] == "passport.pdf"


def test_the_same_content_for_the_same_thing_is_the_same_file():
    key = a_file()
    assert a_file(name="again.pdf") == key
    other = a_file(entity_id=8)
    assert other != key
    assert StoredFile.objects.values("path").distinct().count() == 1


def test_what_is_refused_leaves_nothing():
    with pytest.raises(FileRefused):
        a_file(b"MZ executable")
    assert not StoredFile.objects.exists()


def test_a_file_is_handed_out_as_an_attachment_and_its_opening_is_written_down():
    key = a_file(name="جواز سفر.pdf")
    manager = as_role(Role.TICKET_MANAGER)
    assert manager.user
    for opened, path in enumerate((f"/files/{key}", f"/api/v1/files/{key}"), 1):
        response: Any = manager.get(path)
        assert response.status_code == 200
        assert b"".join(response.streaming_content) == PDF
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"].startswith("sandbox")
        assert FileOpening.objects.filter(file_id=key, user_id=manager.user.pk).count() == opened


def test_who_may_not_see_a_file_does_not_and_no_opening_is_written():
    key = a_file()
    assert anonymous().get(f"/api/v1/files/{key}").status_code == 401
    assert as_role(Role.CASHIER).get(f"/api/v1/files/{key}").status_code == 403
    assert as_role(Role.CASHIER).get("/api/v1/files/999999").status_code == 404
    assert not FileOpening.objects.exists()


def test_a_portal_log_in_is_not_told_that_a_file_exists():
    key = a_file()
    partner = Actor(user_id=9, name="Partner", kind="agent", party_id=3)
    with pytest.raises(FileNotFound):
        open_file(actor=partner, file_id=key)
    stranger = Actor(user_id=9, name="Somebody", kind="staff")
    with pytest.raises(MissingRight, match=r"tickets\.view"):
        open_file(actor=stranger, file_id=key)


def test_an_opening_is_never_unsaid():
    open_file(actor=SYSTEM, file_id=a_file())
    for change in ("UPDATE documents_fileopening SET user_name = 'nobody'", "DELETE FROM documents_fileopening"):
        refused = pytest.raises(DatabaseError, match=r"append-only|permission denied")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_a_public_file_is_not_watched():
    open_file(actor=SYSTEM, file_id=a_file(is_private=False))
    assert not FileOpening.objects.exists()


def test_a_lost_content_is_told_plainly():
    key = a_file(b"%PDF-1.7 to be lost")
    default_storage.delete(StoredFile.objects.get(pk=key).path)
    assert as_role(Role.CEO).get(f"/api/v1/files/{key}").status_code == 410
    assert "holds nothing" in next(iter(queries.damaged()))


def test_verify_names_a_content_that_was_changed():
    row = StoredFile.objects.get(pk=a_file(b"%PDF-1.7 to be spoiled"))
    assert list(queries.damaged()) == []
    with open(default_storage.path(row.path), "ab") as out:  # noqa: PTH123
        out.write(b"!")
    assert "not what was stored" in next(iter(queries.damaged()))
    default_storage.delete(row.path)


def test_the_night_sweeps_what_no_row_names_after_a_day():
    row = StoredFile.objects.get(pk=a_file())
    _, orphan = store.put(b"%PDF-1.7 of a sale that was undone")
    assert jobs.sweep_orphans() == 0
    old = (clock.now() - timedelta(days=2)).timestamp()
    for path in (row.path, orphan):
        os.utime(default_storage.path(path), (old, old))
    assert jobs.sweep_orphans() == 1
    assert default_storage.exists(row.path)
    assert not default_storage.exists(orphan)


def test_files_of_a_thing_are_listed_for_those_who_may(django_assert_num_queries):
    keys = [a_file(), a_file(b"%PDF-1.7 another"), a_file(b"%PDF-1.7 secret", right="finance.view")]
    actor = Actor(user_id=1, name="Ticketing", kind="staff", rights=frozenset({"tickets.view"}))
    with django_assert_num_queries(1):
        assert [f.id for f in queries.files_of(actor, "ticket", [7])] == keys[:2]
    assert queries.contents_of(keys[:1]) == [("passport.pdf", "application/pdf", PDF)]


def test_openings_are_the_auditor_s_to_see():
    key = a_file()
    open_file(actor=SYSTEM, file_id=key)
    assert [o.user_name for o in queries.openings_of(SYSTEM, key)] == ["Qafila"]
    with pytest.raises(FileNotFound):
        queries.openings_of(SYSTEM, 999999)
