"""How often a mail went out, and which mails an address had."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('onboarding', '0014_indexes_of_the_queue'),
    ]

    operations = [
        migrations.AddField(
            model_name='mail',
            name='copies',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(fields=['to', '-created_at'], name='mails_of_an_address'),
        ),
    ]
