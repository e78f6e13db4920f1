"""What reminders are looked up by: since when nothing was saved, and when a peering was requested."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('onboarding', '0015_copies_of_a_mail'),
    ]

    operations = [
        migrations.AddField(
            model_name='peervpc',
            name='requested_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='peering requested'),
        ),
        migrations.AddIndex(
            model_name='peervpc',
            index=models.Index(condition=models.Q(('connection_id', ''), _negated=True), fields=['requested_at'], name='peering_requests'),
        ),
        migrations.AddIndex(
            model_name='installation',
            index=models.Index(fields=['status', 'saved_at'], name='idle'),
        ),
    ]
