from django.db import migrations, models


class Migration(migrations.Migration):
    """The first page of a whole company's open cases is read from its index."""

    dependencies = [("cases", "0005_case_approval_post_case_case_approval")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("open", True)),
                fields=["company", "next_due", "id"],
                name="case_open_of_company",
            ),
        ),
    ]
