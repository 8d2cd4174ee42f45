from django.db import migrations

from huiyin.reports import guards


def install(apps, schema_editor):
    guards.install(schema_editor.connection)


def remove(apps, schema_editor):
    guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    """The database refuses to change or remove an issued report."""

    dependencies = [("reports", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
