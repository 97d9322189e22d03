from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("feedback", "9998_more_of_a_case")]

    operations = [AddIndexConcurrently("case", models.Index(fields=["later_code"], name="later_code_found"))]
