"""Messages go out if, and only if, the business event commits; and in the end they go out."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from qafila.documents.steps import store
from qafila.identity.facts import PasswordResetAsked
from qafila.identity.tests.factories import anonymous, as_role, make_agency
from qafila.identity.types import Role
from qafila.kernel import clock
from qafila.kernel.actor import SYSTEM, Actor
from qafila.kernel.errors import MissingRight, WrongState
from qafila.kernel.facts import announce
from qafila.kernel.models import StateChange
from qafila.kernel.pagination import Window
from qafila.notifications import jobs, mailing, queries
from qafila.notifications.actions.send_again import send_again
from qafila.notifications.actions.settle_message import FORGOTTEN
from qafila.notifications.actions.take_message import Letter
from qafila.notifications.errors import AddressInvalid
from qafila.notifications.models import Message
from qafila.notifications.queue import ATTEMPTS
from qafila.notifications.steps import send_email


def a_message(**said) -> int:
    given = {"to": "wani@example.com", "subject": "Your invoice", "body": "Attached.", **said}
    with transaction.atomic():
        return send_email(SYSTEM, **given)


def jobs_of(message_id: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status::text, queue_name, lock, scheduled_at FROM procrastinate_jobs"
            " WHERE task_name = 'notifications.send_message' AND args->>'message_id' = %s ORDER BY id",
            [str(message_id)],
        )
        return list(cursor.fetchall())


@pytest.fixture
def outside(monkeypatch):
    """A test that is rolled back is a transaction itself; that one does not count."""
    monkeypatch.setattr(mailing, "_inside_a_transaction", lambda: len(connection.atomic_blocks) > 1)


def trouble(monkeypatch, error: Exception) -> None:
    def refuse(*args, **kwargs):
        raise error

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)


def test_a_message_and_its_job_commit_together(committed_db):
    key = a_message()
    assert Message.objects.get(pk=key).state == "queued"
    assert [(status, queue, lock) for status, queue, lock, _ in jobs_of(key)] == [("todo", "mail", f"message-{key}")]


def test_a_business_event_that_is_undone_sends_nothing(committed_db):
    with transaction.atomic():
        key = send_email(SYSTEM, to="wani@example.com", subject="s", body="b")
        assert len(jobs_of(key)) == 1
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert jobs_of(key) == []


def test_the_worker_sends_it_once(committed_db):
    make_agency(email="desk@noor.example")
    key = a_message()
    assert jobs.send_message(message_id=key) == "sent"
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.reply_to) == (["wani@example.com"], "Your invoice", ["desk@noor.example"])
    assert sent.extra_headers["Message-ID"].startswith(f"<qafila-message-{key}@")
    row = Message.objects.get(pk=key)
    assert (row.state, row.attempts) == ("sent", 1)
    assert row.sent_at is not None
    assert jobs.send_message(message_id=key) == "nothing to send"
    assert len(mail.outbox) == 1
    history = StateChange.objects.filter(machine="message", object_id=key).order_by("id")
    assert list(history.values_list("event", flat=True)) == ["create", "try", "sent"]


def test_the_mail_server_is_never_spoken_to_inside_a_transaction(committed_db):
    key = a_message()
    with pytest.raises(RuntimeError, match="inside a transaction"), transaction.atomic():
        mailing.deliver(Letter(key, "a@example.com", "s", "b", (), 1))
    assert mail.outbox == []


@pytest.mark.django_db
def test_files_go_with_it(outside):
    with transaction.atomic():
        file_id = store(
            SYSTEM,
            entity="invoice",
            entity_id=1,
            kind="invoice",
            name="INSXR-26-1.pdf",
            content=b"%PDF-1.7 invoice",
            content_type="application/pdf",
            right="invoices.view",
        )
    jobs.send_message(message_id=a_message(attachment_ids=[file_id]))
    assert mail.outbox[0].attachments[0][:3] == ("INSXR-26-1.pdf", b"%PDF-1.7 invoice", "application/pdf")


@pytest.mark.django_db
def test_a_server_that_is_down_is_tried_again_later_and_later(outside, monkeypatch):
    trouble(monkeypatch, ConnectionRefusedError("no server"))
    key = a_message()
    waits = []
    for _ in range(ATTEMPTS):
        jobs.send_message(message_id=key)
        row = Message.objects.get(pk=key)
        if row.next_attempt_at:
            waits.append(round((row.next_attempt_at - clock.now()) / timedelta(minutes=1)))
    assert waits == [1, 5, 30, 120, 720, 1440, 1440]
    assert (row.state, row.attempts, row.last_error) == ("failed", 8, "ConnectionRefusedError: no server")
    assert len(jobs_of(key)) == ATTEMPTS
    assert jobs_of(key)[0][3] is None
    assert jobs_of(key)[1][3] is not None


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "state"), [(550, "failed"), (450, "queued")])
def test_a_receiver_refused_for_good_is_not_tried_again(outside, monkeypatch, code, state):
    trouble(monkeypatch, smtplib.SMTPRecipientsRefused({"wani@example.com": (code, b"no such mailbox")}))
    key = a_message()
    assert jobs.send_message(message_id=key) == state
    assert Message.objects.get(pk=key).last_error == f"{code} no such mailbox"


@pytest.mark.django_db
def test_a_worker_that_died_in_the_middle_is_followed_by_another(outside):
    key = a_message()
    Message.objects.filter(pk=key).update(state="sending", attempts=1)
    assert jobs.send_message(message_id=key) == "sent"
    assert Message.objects.get(pk=key).attempts == 2


@pytest.mark.django_db
@pytest.mark.parametrize("bad", ["", "nobody", "a@b.example\nBcc: c@d.example", "a b@c.example"])
def test_what_is_no_address_is_refused(bad):
    with pytest.raises(AddressInvalid) as refused:
        a_message(to=bad)
    assert refused.value.loc == ["to"]
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_a_subject_is_one_line():
    key = a_message(subject="Your\r\nBcc: everybody@example.com invoice")
    assert Message.objects.get(pk=key).subject == "Your Bcc: everybody@example.com invoice"


@pytest.mark.django_db
def test_a_password_link_is_sent_shown_to_nobody_and_forgotten(outside):
    with transaction.atomic():
        announce(SYSTEM, PasswordResetAsked(7, "aisha@example.com", "Aisha", "https://q.example/reset/x/y"))
    row = Message.objects.get(entity="user", entity_id=7)
    assert "https://q.example/reset/x/y" in row.body
    assert "reset" not in queries.message(SYSTEM, row.pk).body
    jobs.send_message(message_id=row.pk)
    assert "https://q.example/reset/x/y" in mail.outbox[0].body
    row.refresh_from_db()
    assert row.body == FORGOTTEN


@pytest.mark.django_db
def test_a_failed_message_is_sent_again_by_who_may(outside):
    key = a_message()
    with pytest.raises(MissingRight):
        send_again(actor=Actor(user_id=1, name="x", kind="staff"), message_id=key)
    with pytest.raises(WrongState):
        send_again(actor=SYSTEM, message_id=key)
    Message.objects.filter(pk=key).update(state="failed", attempts=8)
    send_again(actor=SYSTEM, message_id=key)
    assert jobs.send_message(message_id=key) == "sent"
    Message.objects.filter(pk=key).update(state="failed", is_secret=True)
    with pytest.raises(WrongState, match="forgotten"):
        send_again(actor=SYSTEM, message_id=key)


@pytest.mark.django_db
def test_the_database_knows_the_states_of_a_message():
    key = a_message()
    for wrong in ({"state": "lost"}, {"attempts": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.filter(pk=key).update(**wrong)


@pytest.mark.django_db
def test_the_outbox_lists_in_two_queries(django_assert_num_queries):
    keys = [a_message(to=f"p{n}@example.com") for n in range(3)]
    with django_assert_num_queries(2):
        found = queries.messages(SYSTEM, Window(), q="P1@", state="queued")
    assert [row.id for row in found.items] == [keys[1]]
    assert queries.counts(SYSTEM) == {"queued": 3}


@pytest.mark.django_db
def test_the_outbox_s_pages():
    key = a_message()
    assert anonymous().get("/admin-desk/outbox").status_code == 302
    assert as_role(Role.CASHIER).get("/admin-desk/outbox").status_code == 403
    auditor, boss = as_role(Role.AUDITOR), as_role(Role.CEO)
    assert b"wani@example.com" in auditor.get("/admin-desk/outbox").content
    assert b"Send again" not in boss.get(f"/admin-desk/outbox/{key}").content
    Message.objects.filter(pk=key).update(state="failed", last_error="550 no such mailbox")
    assert b"Send again" not in auditor.get(f"/admin-desk/outbox/{key}").content
    page = boss.get(f"/admin-desk/outbox/{key}").content
    assert b"Send again" in page
    assert b"550 no such mailbox" in page
    assert auditor.post(f"/admin-desk/outbox/{key}/again").status_code == 403
    assert boss.post(f"/admin-desk/outbox/{key}/again").status_code in (302, 204)
    assert Message.objects.get(pk=key).state == "queued"
    assert boss.get("/admin-desk/outbox/999999").status_code == 404
