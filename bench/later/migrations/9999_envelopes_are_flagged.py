from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "9999_cases_are_found_by_code")]

    operations = [
        migrations.AddField(model_name="envelope", name="later_flag", field=models.BooleanField(db_default=False)),
    ]
