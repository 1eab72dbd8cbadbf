from decimal import Decimal

import pytest
from django.db import transaction

from qafila.kernel.actor import SYSTEM
from qafila.ledger import steps
from qafila.ledger.models import AccountBalance, PartyBalance
from qafila.ledger.tests.factories import an_entry, books, party
from qafila.ledger.types import credit, debit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _books() -> None:
    books()


def test_an_entry_feeds_its_accounts_and_its_partys_balance() -> None:
    customer = party()
    entry = an_entry(
        lines=(
            debit("1101", Decimal(105), party_id=customer),
            credit("4022", Decimal(100)),
            credit("2061-C", Decimal(5)),
        )
    )
    assert entry.number.startswith("JE-")
    assert entry.total == 105
    assert PartyBalance.objects.get(party_id=customer).debit == 105
    assert sum(b.debit for b in AccountBalance.objects.all()) == 105
    with transaction.atomic():
        again = steps.reverse(
            SYSTEM, entry.pk, source="test", event="undone", key=entry.key, date=entry.date, narration="Undo"
        )
    assert again
    assert PartyBalance.objects.get(party_id=customer).credit == 105
