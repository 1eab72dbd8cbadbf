"""Clearances are kept for good."""

from django.db import migrations

from qafila.kernel.sql import append_only


class Migration(migrations.Migration):
    dependencies = [("ticketing", "0001_initial"), ("kernel", "0002_guards")]
    operations = [migrations.RunSQL(append_only("ticketing_clearance"), migrations.RunSQL.noop)]
