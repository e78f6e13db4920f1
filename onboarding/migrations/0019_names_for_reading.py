from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0018_results_know_their_override")]

    operations = [
        migrations.AlterModelOptions(
            name="awscall",
            options={"ordering": ["-at", "-pk"], "verbose_name": "AWS call"},
        ),
        migrations.AlterModelOptions(
            name="delivery",
            options={"ordering": ["-created_at", "-pk"], "verbose_name_plural": "deliveries"},
        ),
    ]
