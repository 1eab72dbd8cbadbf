from django.db import migrations

from qafila.kernel.sql import append_only, run_file


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_included_taxes"), ("kernel", "0002_guards")]

    operations = [
        migrations.RunSQL(append_only("billing_invoiceline"), migrations.RunSQL.noop),
        migrations.RunSQL(append_only("billing_creditnote"), migrations.RunSQL.noop),
        run_file("billing", "papers"),
    ]
