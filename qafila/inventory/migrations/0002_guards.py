"""Block codes minted by the database, the one function that knows a block's state, movements that stay written."""

from django.db import migrations

from qafila.kernel.sql import append_only, run_file


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial"), ("kernel", "0002_guards")]
    operations = [
        run_file("inventory", "blocks"),
        migrations.RunSQL(append_only("inventory_blockseatmovement"), migrations.RunSQL.noop),
    ]
