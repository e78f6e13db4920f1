"""What the queue and its search look up by. The beginnings of words are PostgreSQL's alone."""

from django.db import migrations, models

from onboarding.models.words import INDEXES, index_sql


def index_words(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(index_sql(name))


def forget_words(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f'DROP INDEX "{name}"')


class Migration(migrations.Migration):

    dependencies = [
        ('onboarding', '0013_groups_of_the_desk'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='installation',
            name='queue',
        ),
        migrations.RemoveIndex(
            model_name='installation',
            name='turns',
        ),
        migrations.AddIndex(
            model_name='checkresult',
            index=models.Index(condition=models.Q(('blocking', True), ('status', 'failed')), fields=['code', 'installation'], name='failed_checks'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['kind', 'at'], name='happened_lately'),
        ),
        migrations.AddIndex(
            model_name='installation',
            index=models.Index(fields=['status', 'waits_since'], name='queue'),
        ),
        migrations.AddIndex(
            model_name='installation',
            index=models.Index(fields=['waits_for', 'waits_since'], include=('status', 'assignee'), name='turns'),
        ),
        migrations.AddIndex(
            model_name='installation',
            index=models.Index(condition=models.Q(('assignee', None)), fields=['waits_for', 'waits_since'], name='unclaimed'),
        ),
        migrations.AddIndex(
            model_name='installation',
            index=models.Index(fields=['waits_since'], name='by_age'),
        ),
        migrations.AddIndex(
            model_name='installation',
            index=models.Index(fields=['assignee', 'waits_since'], name='by_assignee'),
        ),
        migrations.AddIndex(
            model_name='installation',
            index=models.Index(fields=['region', 'waits_for', 'waits_since'], name='by_region'),
        ),
        migrations.AddIndex(
            model_name='installation',
            index=models.Index(fields=['aws_account_id'], name='by_account', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(condition=models.Q(('is_staff', True)), fields=['name', 'email'], name='people_of_support'),
        ),
        migrations.RunPython(index_words, forget_words),
    ]
