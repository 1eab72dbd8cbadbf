"""What the tables refuse whoever writes: a party on the wrong shelf, a passport or a phone in another form."""

from django.db import migrations

from qafila.kernel.sql import run_file


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_initial"), ("ledger", "0001_initial")]
    operations = [run_file("parties", "guards")]
