"""Notices keep what was sent, where and what was answered; the law of the ledger stands in triggers.

PostgreSQL's triggers are made here. SQLite loses the triggers of a table whenever a migration
changes it, so that there they are made after every migrate: `onboarding.models.triggers`.
"""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

VERSIONS = """
CREATE FUNCTION policyversion_law() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    untold bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A version of the permissions is not deleted.'
            USING ERRCODE = 'check_violation';
    END IF;

    IF TG_OP = 'INSERT' THEN
        NEW.proposed_at := clock_timestamp();
        -- The one that the portal is set up with is in effect from the start, and nobody's notice.
        IF EXISTS (SELECT 1 FROM onboarding_policyversion) AND (
            NEW.state <> 'proposed' OR NEW.proposed_by_id IS NULL
            OR NEW.approved_by_id IS NOT NULL OR NEW.approved_at IS NOT NULL
            OR NEW.effective_by_id IS NOT NULL OR NEW.effective_at IS NOT NULL
            OR NEW.number <= (SELECT max(number) FROM onboarding_policyversion)
        ) THEN
            RAISE EXCEPTION 'A version begins as a proposal, newer than every other.'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;

    IF (NEW.id, NEW.number, NEW.source, NEW.checksum, NEW.what, NEW.why, NEW.expands,
        NEW.differences, NEW.proposed_by_id, NEW.proposed_at)
       IS DISTINCT FROM
       (OLD.id, OLD.number, OLD.source, OLD.checksum, OLD.what, OLD.why, OLD.expands,
        OLD.differences, OLD.proposed_by_id, OLD.proposed_at) THEN
        RAISE EXCEPTION 'What was proposed is not changed: propose a newer version.'
            USING ERRCODE = 'check_violation';
    END IF;
    IF (OLD.approved_by_id IS NOT NULL AND (NEW.approved_by_id, NEW.approved_at)
            IS DISTINCT FROM (OLD.approved_by_id, OLD.approved_at))
       OR (OLD.effective_at IS NOT NULL AND (NEW.effective_by_id, NEW.effective_at)
            IS DISTINCT FROM (OLD.effective_by_id, OLD.effective_at)) THEN
        RAISE EXCEPTION 'Who approved it and when, and since when it is in effect, stays.'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = OLD.state THEN
        IF (NEW.approved_by_id, NEW.effective_by_id, NEW.approved_at, NEW.effective_at)
           IS DISTINCT FROM
           (OLD.approved_by_id, OLD.effective_by_id, OLD.approved_at, OLD.effective_at) THEN
            RAISE EXCEPTION 'Approval and effect go with the state.'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;

    IF NEW.state = 'superseded' AND OLD.state IN ('proposed', 'announced', 'effective') THEN
        -- Only as part of another one taking effect, below.
        IF pg_trigger_depth() < 2 THEN
            RAISE EXCEPTION 'A version is superseded by another one that takes effect.'
                USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NEW.state = 'withdrawn' AND OLD.state IN ('proposed', 'announced') THEN
        NEW.withdrawn_at := clock_timestamp();
    ELSIF NEW.state = 'announced' AND OLD.state = 'proposed' AND NEW.expands THEN
        IF NEW.approved_by_id IS NULL OR NEW.proposed_by_id IS NULL
           OR NEW.approved_by_id = NEW.proposed_by_id THEN
            RAISE EXCEPTION 'A second person approves what expands access.'
                USING ERRCODE = 'check_violation';
        END IF;
        NEW.approved_at := clock_timestamp();
    ELSIF NEW.state = 'effective' AND (
        (OLD.state = 'announced' AND NEW.expands) OR (OLD.state = 'proposed' AND NOT NEW.expands)
    ) THEN
        IF NEW.effective_by_id IS NULL THEN
            RAISE EXCEPTION 'Somebody puts it into effect.' USING ERRCODE = 'check_violation';
        END IF;
        -- Versions take effect in the order of their numbers.
        IF EXISTS (
            SELECT 1 FROM onboarding_policyversion WHERE state = 'effective' AND number > NEW.number
        ) THEN
            RAISE EXCEPTION 'A newer version is in effect.' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.expands THEN
            -- 336 hours and not 14 days: a day of the session's time zone may have 23 or 25.
            SELECT count(*) INTO untold FROM onboarding_membership m
            WHERE m.role = 'owner' AND NOT EXISTS (
                SELECT 1 FROM onboarding_notice n
                WHERE n.version_id = NEW.id AND n.organization_id = m.organization_id
                  AND n.owner_id = m.user_id
                  AND (
                      (n.accepted_at <= statement_timestamp() - interval '336 hours'
                       AND (n.bounced_at IS NULL OR n.bounced_at < n.accepted_at))
                      OR n.acknowledged_at <= statement_timestamp() - interval '336 hours'
                  )
            );
            IF untold > 0 THEN
                RAISE EXCEPTION 'Not before every Organization Owner has been told for 14 x 24 hours: % have not.', untold
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'policy_gate';
            END IF;
        END IF;
        UPDATE onboarding_policyversion SET state = 'superseded'
        WHERE id <> NEW.id AND number < NEW.number AND state IN ('proposed', 'announced', 'effective');
        NEW.effective_at := clock_timestamp();
    ELSE
        RAISE EXCEPTION 'A version that is % does not become %.', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER policyversion_law BEFORE INSERT OR UPDATE OR DELETE ON onboarding_policyversion
FOR EACH ROW EXECUTE FUNCTION policyversion_law();

-- The ledger changes one statement after the other, before any of its rows is locked.
CREATE FUNCTION policyversion_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7402002);
    RETURN NULL;
END
$$;

CREATE TRIGGER policyversion_in_turn BEFORE INSERT OR UPDATE ON onboarding_policyversion
FOR EACH STATEMENT EXECUTE FUNCTION policyversion_in_turn();
"""

NOTICES = """
CREATE FUNCTION notice_law() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A notice is not deleted.' USING ERRCODE = 'check_violation';
    END IF;

    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (
            SELECT 1 FROM onboarding_policyversion v JOIN onboarding_noticetext t ON t.version_id = v.id
            WHERE v.id = NEW.version_id AND v.state = 'announced' AND t.id = NEW.wording_id
        ) THEN
            RAISE EXCEPTION 'Notice is given of an announced version, in its own words.'
                USING ERRCODE = 'check_violation';
        END IF;
        NEW.created_at := clock_timestamp();
        NEW.accepted_at := NULL;
        NEW.bounced_at := NULL;
        NEW.acknowledged_at := NULL;
        RETURN NEW;
    END IF;

    IF (NEW.id, NEW.version_id, NEW.organization_id, NEW.owner_id, NEW.wording_id, NEW.created_at)
       IS DISTINCT FROM
       (OLD.id, OLD.version_id, OLD.organization_id, OLD.owner_id, OLD.wording_id, OLD.created_at)
       OR (NEW.mail_id IS DISTINCT FROM OLD.mail_id AND NEW.mail_id IS NOT NULL)
       OR (NEW.address <> OLD.address AND NEW.address NOT LIKE 'former-%@deleted.invalid') THEN
        RAISE EXCEPTION 'A notice stays as it was given: give another one.'
            USING ERRCODE = 'check_violation';
    END IF;

    IF NEW.accepted_at IS DISTINCT FROM OLD.accepted_at THEN
        IF OLD.accepted_at IS NOT NULL THEN
            RAISE EXCEPTION 'When a notice was accepted is written once.'
                USING ERRCODE = 'check_violation';
        END IF;
        IF NOT EXISTS (
            SELECT 1 FROM onboarding_mail WHERE id = NEW.mail_id AND state = 'accepted'
        ) THEN
            RAISE EXCEPTION 'A notice is accepted when its mail is.'
                USING ERRCODE = 'check_violation';
        END IF;
        NEW.accepted_at := clock_timestamp();
    END IF;
    IF NEW.bounced_at IS DISTINCT FROM OLD.bounced_at THEN
        IF NEW.bounced_at IS NULL THEN
            RAISE EXCEPTION 'That a notice came back stays.' USING ERRCODE = 'check_violation';
        END IF;
        NEW.bounced_at := clock_timestamp();
    END IF;
    IF NEW.acknowledged_at IS DISTINCT FROM OLD.acknowledged_at THEN
        IF OLD.acknowledged_at IS NOT NULL THEN
            RAISE EXCEPTION 'When a notice was acknowledged is written once.'
                USING ERRCODE = 'check_violation';
        END IF;
        NEW.acknowledged_at := clock_timestamp();
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER notice_law BEFORE INSERT OR UPDATE OR DELETE ON onboarding_notice
FOR EACH ROW EXECUTE FUNCTION notice_law();

CREATE FUNCTION noticetext_law() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What Owners were sent is not changed.' USING ERRCODE = 'check_violation';
END
$$;

CREATE TRIGGER noticetext_law BEFORE UPDATE OR DELETE ON onboarding_noticetext
FOR EACH ROW EXECUTE FUNCTION noticetext_law();
"""

MAILS = """
CREATE FUNCTION mail_tells_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = OLD.state THEN
        RETURN NULL;
    ELSIF NEW.state = 'accepted' THEN
        UPDATE onboarding_notice SET accepted_at = clock_timestamp(), accepted_reply = NEW.reply
        WHERE mail_id = NEW.id AND accepted_at IS NULL;
    ELSIF NEW.state IN ('refused', 'bounced') THEN
        UPDATE onboarding_notice SET bounced_at = clock_timestamp(), bounced_reply = NEW.reply
        WHERE mail_id = NEW.id;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER mail_tells_notice AFTER UPDATE ON onboarding_mail
FOR EACH ROW EXECUTE FUNCTION mail_tells_notice();
"""

UNDO = """
DROP TRIGGER mail_tells_notice ON onboarding_mail;
DROP FUNCTION mail_tells_notice;
DROP TRIGGER noticetext_law ON onboarding_noticetext;
DROP FUNCTION noticetext_law;
DROP TRIGGER notice_law ON onboarding_notice;
DROP FUNCTION notice_law;
DROP TRIGGER policyversion_in_turn ON onboarding_policyversion;
DROP FUNCTION policyversion_in_turn;
DROP TRIGGER policyversion_law ON onboarding_policyversion;
DROP FUNCTION policyversion_law;
"""


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in (VERSIONS, NOTICES, MAILS):
            schema_editor.execute(statement, params=None)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(UNDO, params=None)


def person():
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0011_deliveries_without_an_event")]

    operations = [
        migrations.AlterModelOptions(
            name="policyversion",
            options={
                "verbose_name": "version of the permissions",
                "verbose_name_plural": "versions of the permissions",
                "ordering": ["-number"],
                "permissions": [
                    ("propose_policyversion", "Can propose and withdraw a version of the permissions"),
                    ("approve_policyversion", "Can approve and announce a version somebody else proposed"),
                    ("activate_policyversion", "Can put a version of the permissions into effect"),
                ],
            },
        ),
        migrations.AddField("policyversion", "withdrawn_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("policyversion", "withdrawn_by", person()),
        migrations.CreateModel(
            name="NoticeText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("subject", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("html", models.TextField()),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="texts",
                        to="onboarding.policyversion",
                    ),
                ),
            ],
            options={"ordering": ["created_at", "pk"]},
        ),
        migrations.AddConstraint(
            model_name="noticetext",
            constraint=models.UniqueConstraint(fields=("version", "sha256"), name="each_text_once"),
        ),
        # No notice was ever given with the former table.
        migrations.DeleteModel("Notice"),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("address", models.CharField(max_length=320)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("accepted_reply", models.TextField(blank=True)),
                ("bounced_at", models.DateTimeField(blank=True, null=True)),
                ("bounced_reply", models.TextField(blank=True)),
                ("bounce_told_at", models.DateTimeField(blank=True, null=True)),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                (
                    "mail",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="policy_notices",
                        to="onboarding.mail",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="policy_notices",
                        to="onboarding.organization",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="policy_notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="onboarding.policyversion",
                    ),
                ),
                (
                    "wording",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="onboarding.noticetext",
                    ),
                ),
            ],
            options={"ordering": ["created_at", "pk"]},
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("bounced_at", None)),
                fields=("version", "organization", "owner"),
                name="one_notice_under_way_an_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["version", "organization", "owner"], name="notices_of_an_owner"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("bounce_told_at", None), ("bounced_at__isnull", False)),
                fields=["bounced_at"],
                name="bounces_to_tell",
            ),
        ),
        migrations.RunPython(make, drop),
    ]
