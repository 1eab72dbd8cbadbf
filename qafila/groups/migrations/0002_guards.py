"""Group codes minted by the database, the one function that knows a group's state, and rows that stay written."""

from django.db import migrations

from qafila.kernel.sql import append_only, run_file


class Migration(migrations.Migration):
    dependencies = [("groups", "0001_initial"), ("inventory", "0002_guards"), ("ledger", "0001_initial")]
    operations = [
        run_file("groups", "groups"),
        migrations.RunSQL(append_only("groups_groupseatmovement"), migrations.RunSQL.noop),
        migrations.RunSQL(append_only("groups_groupevent"), migrations.RunSQL.noop),
    ]
