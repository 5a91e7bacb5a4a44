"""A table for what the checks of the record found, and on SQLite a trigger that refuses to replace
an entry: REPLACE takes a row away without asking the trigger for deletions.
"""

from django.db import migrations, models

from ledger import triggers


def install_triggers(apps, schema_editor):
    triggers.drop(schema_editor.connection)
    triggers.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_seal_internal_entries")]

    operations = [
        migrations.CreateModel(
            name="RecordCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("checked_at", models.DateTimeField(verbose_name="核对时间")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("holds", "逐条相符"),
                            ("broken", "发现不符"),
                            ("unchecked", "没有核对成"),
                        ],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                (
                    "entries",
                    models.PositiveBigIntegerField(default=0, verbose_name="核对到第几条"),
                ),
                (
                    "head",
                    models.CharField(blank=True, max_length=64, verbose_name="最新校验值"),
                ),
                ("faults", models.PositiveBigIntegerField(default=0, verbose_name="不符之处")),
            ],
            options={
                "verbose_name": "核对情况",
                "verbose_name_plural": "核对情况",
                "ordering": ["-checked_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("faults__gte", 1), ("outcome", "broken")),
                            models.Q(("faults", 0), ("outcome__in", ["holds", "unchecked"])),
                            _connector="OR",
                        ),
                        name="record_check_counts_its_faults",
                    )
                ],
            },
        ),
        migrations.RunPython(install_triggers, install_triggers),
    ]
