"""Entries are found by the words of their narration, among millions."""

from django.db import migrations

from qafila.kernel.sql import run_file


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_guards")]
    operations = [run_file("ledger", "words")]
