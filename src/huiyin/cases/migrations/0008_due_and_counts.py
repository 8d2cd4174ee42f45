from django.db import migrations, models


class Migration(migrations.Migration):
    """Lists in the order of due times from an index; the marks of open cases counted in one."""

    dependencies = [("cases", "0007_visit_draws")]

    operations = [
        migrations.RemoveIndex(model_name="case", name="case_open_of_company"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("next_due__isnull", False)),
                fields=["company", "next_due", "id"],
                name="case_due_of_company",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("open", True)),
                fields=[
                    "company",
                    "open",
                    "next_due",
                    "id",
                    "unit",
                    "handler",
                    "assigned_unit",
                    "assigned_post",
                    "owner_post",
                    "urgency",
                    "follow_up_outcome",
                    "follow_up_needed",
                    "chased",
                ],
                name="case_open_counts",
            ),
        ),
    ]
