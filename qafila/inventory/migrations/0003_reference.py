"""Airports and airlines of the world."""

from django.db import migrations

from qafila.inventory import reference


def load(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        reference.load(cursor)


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_guards")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
