"""One row that says which state of what the public sees this is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_checks_and_refused_replacing")]

    operations = [
        migrations.CreateModel(
            name="PublicVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField(default=0, verbose_name="版次")),
                (
                    "stamp",
                    models.CharField(default="", max_length=16, verbose_name="版次标记"),
                ),
            ],
            options={
                "verbose_name": "公开内容版次",
                "verbose_name_plural": "公开内容版次",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="public_version_is_one_row"
                    )
                ],
            },
        ),
    ]
