"""The update of a role as a kind of work, and as something that happened."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('onboarding', '0016_whom_to_remind'),
    ]

    operations = [
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('founded', 'Organization founded'), ('renamed', 'Organization renamed'), ('invited', 'Invitation sent'), ('invitation_withdrawn', 'Invitation withdrawn'), ('joined', 'Joined the Organization'), ('role_changed', 'Role in the Organization changed'), ('removed', 'Removed from the Organization'), ('left', 'Left the Organization'), ('second_factor_required', 'Second factor required'), ('second_factor_optional', 'Second factor left to each'), ('sso_refused', 'Single sign-on refused'), ('external_id_rotated', 'External ID renewed'), ('external_id_retired', 'Former external ID retired'), ('handed_over', 'Access step handed to a colleague'), ('handover_withdrawn', 'Hand-over withdrawn'), ('handover_opened', 'Hand-over opened'), ('handover_done', 'Hand-over done'), ('started', 'Installation started'), ('step_saved', 'Step saved'), ('external_id_shown', 'External ID shown'), ('role_requested', 'Role creation asked for'), ('role_created', 'Role created'), ('role_proved', 'Role proved'), ('role_unsafe', 'Role found unsafe'), ('role_drifted', 'Role changed since it was proved'), ('role_updated', 'Role updated to a newer version'), ('monitoring_created', 'Alarm on the role created'), ('preflight_reported', 'Pre-flight report handed in'), ('checked', 'Account checked'), ('quota_requested', 'Quota increase asked for'), ('quota_decided', 'Quota increase decided by AWS'), ('region_requested', 'Region asked to be turned on'), ('region_enabled', 'Region turned on'), ('message', 'Message written'), ('noted', 'Internal note written'), ('overridden', 'Failed check overridden'), ('override_withdrawn', 'Override withdrawn'), ('submitted', 'Submitted'), ('claimed', 'Review started'), ('released', 'Review given back'), ('assigned', 'Given to somebody of support'), ('changes_requested', 'Changes requested'), ('building', 'Build started'), ('cluster_reported', 'Facts of the cluster reported'), ('ready', 'Cluster ready'), ('confirmed', 'Installation confirmed'), ('failed', 'Build failed'), ('cancelled', 'Cancelled'), ('reopened', 'Opened again'), ('mail_bounced', 'A mail came back'), ('reminded', 'Reminder sent'), ('reminders_stopped', 'Reminders stopped'), ('webhook_added', 'Webhook added'), ('webhook_changed', 'Webhook changed'), ('webhook_removed', 'Webhook removed'), ('policy_announced', 'Change of permissions announced'), ('policy_acknowledged', 'Change of permissions acknowledged'), ('policy_effective', 'Change of permissions in effect'), ('evidence_exported', 'Evidence pack downloaded')], max_length=30),
        ),
        migrations.AlterField(
            model_name='operation',
            name='kind',
            field=models.CharField(choices=[('verify_role', 'Prove the role'), ('check_account', 'Check the account'), ('create_role', 'Create the role'), ('watch_quotas', 'Ask for and watch quotas'), ('enable_region', 'Turn the Region on'), ('create_monitoring', 'Create the alarm'), ('update_role', 'Update the role')], max_length=20),
        ),
    ]
