"""The append-only guard, the number sequences, and the two trails that nobody may change."""

from django.db import migrations

from qafila.kernel.sql import append_only, run_file


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [
        run_file("kernel", "guards"),
        migrations.RunSQL(append_only("kernel_auditentry"), migrations.RunSQL.noop),
        migrations.RunSQL(append_only("kernel_statechange"), migrations.RunSQL.noop),
    ]
