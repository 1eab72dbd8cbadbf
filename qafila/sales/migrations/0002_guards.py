"""Foreign keys of plain columns in lower rooms, the index imports resume by, and the function that writes a booking."""

from django.db import migrations, models
from django.db.models import Q

from qafila.kernel.sql import run_file


class Migration(migrations.Migration):
    dependencies = [
        ("sales", "0001_initial"),
        ("ledger", "0001_initial"),
        ("groups", "0001_initial"),
        ("parties", "0001_initial"),
        ("kernel", "0002_guards"),
    ]
    operations = [
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["external_ref"], condition=Q(external_ref__isnull=False), name="booking_by_ref"),
        ),
        run_file("sales", "keys"),
        run_file("sales", "create_booking"),
    ]
