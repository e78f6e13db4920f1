"""Whoever was support before there were groups is in the group of support from now on."""

from django.db import migrations


def join(apps, schema_editor):
    staff = apps.get_model("onboarding", "User").objects.filter(is_staff=True, groups=None)
    if staff.exists():
        # What the group may do is settled after the migration: onboarding/models/groups.py.
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Support")
        group.user_set.add(*staff)


class Migration(migrations.Migration):

    dependencies = [
        ('onboarding', '0012_the_policy_ledger'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [migrations.RunPython(join, migrations.RunPython.noop)]
