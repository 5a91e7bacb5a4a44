"""A second way to make the hash of an entry, which tells strangers nothing of an internal one.

Entries already written keep theirs. On SQLite the change of the constraint copies the table, and
the copy has no triggers.
"""

from django.db import migrations, models

from ledger import triggers


def install_triggers(apps, schema_editor):
    triggers.drop(schema_editor.connection)
    triggers.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["visibility", "seq"], name="ledger_visible"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["verb", "seq"], name="ledger_verb"),
        ),
        migrations.RemoveConstraint(model_name="entry", name="ledger_alg_known"),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("alg", "sha256"),
                    models.Q(("alg", "sha256seal"), ("visibility", "internal")),
                    _connector="OR",
                ),
                name="ledger_alg_known",
            ),
        ),
        migrations.RunPython(install_triggers, install_triggers),
    ]
