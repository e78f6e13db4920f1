"""Installations from before say who is waited for, as their status has it."""

from django.db import migrations, models


def settle(apps, schema_editor):
    rows = apps.get_model("onboarding", "Installation").objects
    sides = {
        "support": ["submitted", "in_review", "building", "failed"],
        "nobody": ["confirmed", "cancelled"],
        "customer": ["draft", "changes_requested", "ready"],
    }
    for turn, statuses in sides.items():
        rows.filter(status__in=statuses).update(waits_for=turn, waits_since=models.F("status_since"))


class Migration(migrations.Migration):

    dependencies = [
        ('onboarding', '0009_the_desk'),
    ]

    operations = [migrations.RunPython(settle, migrations.RunPython.noop)]
