"""Openings are never unsaid; one content may belong to several things, and once to each."""

from django.db import migrations, models

from qafila.kernel.sql import append_only


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial"), ("kernel", "0002_guards")]
    operations = [
        migrations.RemoveIndex(model_name="storedfile", name="files_of_one_thing"),
        migrations.AlterField(model_name="storedfile", name="path", field=models.CharField(max_length=200)),
        migrations.AddIndex(model_name="storedfile", index=models.Index(fields=["path"], name="file_by_path")),
        migrations.AddConstraint(
            model_name="storedfile",
            constraint=models.UniqueConstraint(
                fields=["entity", "entity_id", "kind", "sha256"], name="one_content_once_with_a_thing"
            ),
        ),
        migrations.RunSQL(append_only("documents_fileopening"), migrations.RunSQL.noop),
    ]
