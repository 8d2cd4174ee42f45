from django.db import migrations

from huiyin.journal import guards


def install(apps, schema_editor):
    guards.install(schema_editor.connection)


def remove(apps, schema_editor):
    guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    """The database refuses to change or remove what is in the journal."""

    dependencies = [("journal", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
