"""What keeps the books honest whatever a program asks: docs/decisions/0006."""

from django.db import migrations, models
from django.db.models import Q

from qafila.kernel.sql import append_only, run_file


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("kernel", "0002_guards"), ("identity", "0001_initial")]
    operations = [
        migrations.AddConstraint(
            model_name="period",
            constraint=models.CheckConstraint(
                condition=Q(state__in=["open", "soft_closed", "closed", "locked"]), name="period_state_is_known"
            ),
        ),
        run_file("ledger", "refusals"),
        run_file("ledger", "periods"),
        run_file("ledger", "accounts"),
        run_file("ledger", "lines"),
        run_file("ledger", "entries"),
        run_file("ledger", "post"),
        migrations.RunSQL(append_only("ledger_journalline"), migrations.RunSQL.noop),
    ]
