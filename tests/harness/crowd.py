"""Very many installations, as a busy portal would have them after some years: by a few statements.

PostgreSQL alone: rows are made where they are kept, in seconds.
"""

from django.db import connection

SHARE_FINISHED = 70
"""Of a hundred installations, so many are over; the others stand in the queue."""

ORGANIZATIONS = """
INSERT INTO onboarding_organization (id, name, short_name, external_id_sealed,
    external_id_fingerprint, retiring_external_id_sealed, requires_second_factor, created_at)
SELECT md5('organization' || n)::uuid,
    (ARRAY['North', 'South', 'East', 'West'])[1 + n %% 4] || ' ' || substr(md5('name' || n), 1, 6)
        || ' ' || (ARRAY['Labs', 'Data', 'Works'])[1 + n %% 3],
    'crowd-' || substr(translate(md5('short' || n), '01', 'gh'), 1, 12) || chr(97 + n %% 5),
    '', md5('fingerprint' || n), '', false, now() - n * interval '1 minute'
FROM generate_series(%(first)s / 4, (%(last)s - 1) / 4) n ON CONFLICT DO NOTHING
"""
PEOPLE = """
INSERT INTO onboarding_user (email, name, password, is_staff, is_active, is_superuser, date_joined)
SELECT 'owner' || n || '@' || substr(md5('firm' || n), 1, 8) || '.example',
    'Ada ' || initcap(translate(substr(md5('person' || n), 1, 8), '0123456789', 'ghijklmnop')), '',
    false, true, false, now()
FROM generate_series(%(first)s / 4, (%(last)s - 1) / 4) n ON CONFLICT DO NOTHING
"""
MEMBERSHIPS = """
INSERT INTO onboarding_membership (organization_id, user_id, role, is_founder, created_at)
SELECT md5('organization' || n)::uuid, u.id, 'owner', true, now()
FROM generate_series(%(first)s / 4, (%(last)s - 1) / 4) n
JOIN onboarding_user u
    ON u.email = 'owner' || n || '@' || substr(md5('firm' || n), 1, 8) || '.example'
JOIN onboarding_organization o ON o.id = md5('organization' || n)::uuid
ON CONFLICT DO NOTHING
"""
INSTALLATIONS = """
INSERT INTO onboarding_installation (id, organization_id, status, status_since, waits_for,
    waits_since, assignee_id, created_at, saved_at, version, aws_account_id, account_is_dedicated,
    status_page_subscribed, domains_allowed, cluster_name, region, node_type, max_nodes,
    connectivity, astro_cidr, dns_servers, access_method, cluster_id, cluster_vpc_id, external_ips)
SELECT md5('installation' || n)::uuid, o.id, s.status, since, s.turn, since,
    CASE WHEN s.status IN ('draft', 'submitted') THEN NULL ELSE %(agent)s END, since, since, 1,
    lpad((100000000000 + n::bigint * 7919)::text, 12, '0'), true, true, true,
    'prod-' || n, (ARRAY['us-east-1', 'us-east-1', 'eu-west-1', 'us-west-2', 'eu-central-1',
        'ap-south-1', 'sa-east-1'])[1 + n %% 7],
    'm5.xlarge', 20, 'public', '172.20.0.0/19', '', 'script', '', '', ''
FROM generate_series(%(first)s, %(last)s - 1) n
JOIN onboarding_organization o ON o.id = md5('organization' || n / 4)::uuid
CROSS JOIN LATERAL (SELECT now() - (n %% 40000) * interval '13 minutes' AS since) t
CROSS JOIN LATERAL (
    SELECT CASE WHEN n * 37 %% 100 < %(finished)s THEN 'confirmed' ELSE (ARRAY['draft', 'submitted',
        'in_review', 'changes_requested', 'building', 'ready', 'failed', 'draft'])[1 + n %% 8] END
        AS status
) p
JOIN (VALUES ('confirmed', 'nobody'), ('draft', 'customer'), ('changes_requested', 'customer'),
    ('ready', 'customer'), ('submitted', 'support'), ('in_review', 'support'),
    ('building', 'support'), ('failed', 'support')) s (status, turn) USING (status)
"""
RESULTS = """
INSERT INTO onboarding_checkresult (installation_id, code, title, position, blocking, status, saw,
    needed, cause, turn, fix, report, request_ids, relied_on, source, attempts, checked_at)
SELECT md5('installation' || n)::uuid, code, code, 1, true,
    CASE WHEN n * 7 %% 20 = 0 THEN 'failed' ELSE 'passed' END, 'Seen.', '', '', 'nobody', '{}',
    '{}', '[]', '{}', 'aws', 1, now()
FROM generate_series(%(first)s, %(last)s - 1) n
CROSS JOIN (VALUES ('vpc_quota'), ('on_demand_quota')) c (code)
WHERE code = 'vpc_quota' OR n %% 10 = 0
"""
EVENTS = """
INSERT INTO onboarding_event (organization_id, installation_id, kind, note, data, at)
SELECT i.organization_id, i.id, k.kind, '', '{}', i.status_since - k.before
FROM generate_series(%(first)s, %(last)s - 1) n
JOIN onboarding_installation i ON i.id = md5('installation' || n)::uuid
CROSS JOIN (VALUES ('submitted', interval '50 hours'), ('claimed', interval '30 hours'),
    ('building', interval '26 hours'), ('ready', interval '2 hours')) k (kind, before)
WHERE i.status = 'confirmed' AND n %% 5 = 0
"""
MESSAGES = """
INSERT INTO onboarding_message (id, installation_id, side, by_id, field, text, at)
SELECT md5('message' || n)::uuid, md5('installation' || n)::uuid,
    (ARRAY['customer', 'support'])[1 + n %% 2], %(agent)s, '', 'Hello.', now()
FROM generate_series(%(first)s, %(last)s - 1) n WHERE n %% 3 = 0
"""
STATEMENTS = (ORGANIZATIONS, PEOPLE, MEMBERSHIPS, INSTALLATIONS, RESULTS, EVENTS, MESSAGES)
TABLES = (
    "onboarding_organization", "onboarding_user", "onboarding_membership",
    "onboarding_installation", "onboarding_checkresult", "onboarding_event",
    "onboarding_message",
)  # fmt: skip


def crowd(first: int, last: int, *, agent: int) -> None:
    """Installations `first` to `last`, without the last, four an Organization, all of them given to
    support's `agent` where they are somebody's. Statistics are brought up to date.

    No reference is checked: they hold, and hundreds of thousands to check take longer than the rows.
    """
    said = {"first": first, "last": last, "agent": agent, "finished": SHARE_FINISHED}
    with connection.cursor() as cursor:
        # A busy machine may take longer for that many rows than the portal waits for any statement.
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET session_replication_role = replica")
        for statement in STATEMENTS:
            cursor.execute(statement, said)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute(f"ANALYZE {', '.join(TABLES)}")
        cursor.execute("RESET statement_timeout")
