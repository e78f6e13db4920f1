-- The law of the policy ledger on SQLite. Migration 0012 says the same to PostgreSQL.
-- Each trigger stands between two empty lines.

CREATE TRIGGER policyversion_begins BEFORE INSERT ON onboarding_policyversion
WHEN EXISTS (SELECT 1 FROM onboarding_policyversion) BEGIN
    SELECT RAISE(ABORT, 'A version begins as a proposal, newer than every other.')
    WHERE NEW.state <> 'proposed' OR NEW.proposed_by_id IS NULL
       OR NEW.approved_by_id IS NOT NULL OR NEW.approved_at IS NOT NULL
       OR NEW.effective_by_id IS NOT NULL OR NEW.effective_at IS NOT NULL
       OR NEW.number <= (SELECT max(number) FROM onboarding_policyversion);
END

CREATE TRIGGER policyversion_stays BEFORE UPDATE ON onboarding_policyversion BEGIN
    SELECT RAISE(ABORT, 'What was proposed is not changed: propose a newer version.')
    WHERE NEW.number IS NOT OLD.number OR NEW.source IS NOT OLD.source
       OR NEW.checksum IS NOT OLD.checksum OR NEW.what IS NOT OLD.what OR NEW.why IS NOT OLD.why
       OR NEW.expands IS NOT OLD.expands OR NEW.differences IS NOT OLD.differences
       OR NEW.proposed_by_id IS NOT OLD.proposed_by_id OR NEW.proposed_at IS NOT OLD.proposed_at;
    SELECT RAISE(ABORT, 'A version does not become that.')
    WHERE NOT (
        OLD.state = NEW.state
        OR (OLD.state = 'proposed' AND NEW.state = 'announced' AND NEW.expands)
        OR (OLD.state = 'proposed' AND NEW.state = 'effective' AND NOT NEW.expands)
        OR (OLD.state = 'announced' AND NEW.state = 'effective' AND NEW.expands)
        OR (OLD.state IN ('proposed', 'announced') AND NEW.state = 'withdrawn')
        OR (OLD.state IN ('proposed', 'announced', 'effective') AND NEW.state = 'superseded'
            AND EXISTS (SELECT 1 FROM onboarding_policyversion v WHERE v.number > OLD.number))
    );
    SELECT RAISE(ABORT, 'Who approved it and when stays.')
    WHERE (NEW.approved_by_id IS NOT OLD.approved_by_id OR NEW.approved_at IS NOT OLD.approved_at)
      AND NOT (OLD.state = 'proposed' AND NEW.state = 'announced');
    SELECT RAISE(ABORT, 'Since when it is in effect stays.')
    WHERE (NEW.effective_by_id IS NOT OLD.effective_by_id OR NEW.effective_at IS NOT OLD.effective_at)
      AND NOT (OLD.state <> 'effective' AND NEW.state = 'effective');
END

CREATE TRIGGER policyversion_announced BEFORE UPDATE ON onboarding_policyversion
WHEN NEW.state = 'announced' AND OLD.state <> 'announced' BEGIN
    SELECT RAISE(ABORT, 'A second person approves what expands access.')
    WHERE NEW.approved_by_id IS NULL OR NEW.approved_by_id IS NEW.proposed_by_id;
    SELECT RAISE(ABORT, 'It is approved now.')
    WHERE NEW.approved_at IS NULL
       OR abs(julianday(NEW.approved_at) - julianday('now')) * 86400 > 5;
END

CREATE TRIGGER policyversion_gate BEFORE UPDATE ON onboarding_policyversion
WHEN NEW.state = 'effective' AND OLD.state <> 'effective' BEGIN
    SELECT RAISE(ABORT, 'Somebody puts it into effect, now.')
    WHERE NEW.effective_by_id IS NULL OR NEW.effective_at IS NULL
       OR abs(julianday(NEW.effective_at) - julianday('now')) * 86400 > 5;
    SELECT RAISE(ABORT, 'A newer version is in effect.')
    WHERE EXISTS (
        SELECT 1 FROM onboarding_policyversion v WHERE v.state = 'effective' AND v.number > NEW.number
    );
    SELECT RAISE(ABORT, 'Not before every Organization Owner has been told for 14 x 24 hours.')
    WHERE NEW.expands AND EXISTS (
        SELECT 1 FROM onboarding_membership m WHERE m.role = 'owner' AND NOT EXISTS (
            SELECT 1 FROM onboarding_notice n
            WHERE n.version_id = NEW.id AND n.organization_id = m.organization_id
              AND n.owner_id = m.user_id
              AND (
                  (n.accepted_at <= strftime('%Y-%m-%d %H:%M:%f', 'now', '-336 hours')
                   AND (n.bounced_at IS NULL OR n.bounced_at < n.accepted_at))
                  OR n.acknowledged_at <= strftime('%Y-%m-%d %H:%M:%f', 'now', '-336 hours')
              )
        )
    );
    UPDATE onboarding_policyversion SET state = 'superseded'
    WHERE number < NEW.number AND state IN ('proposed', 'announced', 'effective');
END

CREATE TRIGGER notice_begins BEFORE INSERT ON onboarding_notice BEGIN
    SELECT RAISE(ABORT, 'Notice is given of an announced version, in its own words.')
    WHERE NEW.accepted_at IS NOT NULL OR NEW.bounced_at IS NOT NULL
       OR NEW.acknowledged_at IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM onboarding_policyversion v JOIN onboarding_noticetext t ON t.version_id = v.id
        WHERE v.id = NEW.version_id AND v.state = 'announced' AND t.id = NEW.wording_id
    );
END

CREATE TRIGGER notice_stays BEFORE UPDATE ON onboarding_notice BEGIN
    SELECT RAISE(ABORT, 'A notice stays as it was given: give another one.')
    WHERE NEW.id IS NOT OLD.id OR NEW.version_id IS NOT OLD.version_id
       OR NEW.organization_id IS NOT OLD.organization_id OR NEW.owner_id IS NOT OLD.owner_id
       OR NEW.wording_id IS NOT OLD.wording_id OR NEW.created_at IS NOT OLD.created_at
       OR (NEW.mail_id IS NOT OLD.mail_id AND NEW.mail_id IS NOT NULL)
       OR (NEW.address <> OLD.address AND NEW.address NOT LIKE 'former-%@deleted.invalid');
    SELECT RAISE(ABORT, 'When a notice was accepted is written once, by the clock.')
    WHERE NEW.accepted_at IS NOT OLD.accepted_at AND (
        OLD.accepted_at IS NOT NULL
        OR abs(julianday(NEW.accepted_at) - julianday('now')) * 86400 > 5
    );
    SELECT RAISE(ABORT, 'A notice is accepted when its mail is.')
    WHERE NEW.accepted_at IS NOT OLD.accepted_at AND NOT EXISTS (
        SELECT 1 FROM onboarding_mail WHERE id = NEW.mail_id AND state = 'accepted'
    );
    SELECT RAISE(ABORT, 'That a notice came back stays.')
    WHERE NEW.bounced_at IS NOT OLD.bounced_at AND (
        NEW.bounced_at IS NULL OR abs(julianday(NEW.bounced_at) - julianday('now')) * 86400 > 5
    );
    SELECT RAISE(ABORT, 'When a notice was acknowledged is written once, by the clock.')
    WHERE NEW.acknowledged_at IS NOT OLD.acknowledged_at AND (
        OLD.acknowledged_at IS NOT NULL
        OR abs(julianday(NEW.acknowledged_at) - julianday('now')) * 86400 > 5
    );
END

CREATE TRIGGER noticetext_stays BEFORE UPDATE ON onboarding_noticetext BEGIN
    SELECT RAISE(ABORT, 'What Owners were sent is not changed.');
END

CREATE TRIGGER mail_accepted AFTER UPDATE ON onboarding_mail
WHEN NEW.state = 'accepted' AND OLD.state <> 'accepted' BEGIN
    UPDATE onboarding_notice
    SET accepted_at = strftime('%Y-%m-%d %H:%M:%f', 'now'), accepted_reply = NEW.reply
    WHERE mail_id = NEW.id AND accepted_at IS NULL;
END

CREATE TRIGGER mail_came_back AFTER UPDATE ON onboarding_mail
WHEN NEW.state IN ('refused', 'bounced') AND NEW.state <> OLD.state BEGIN
    UPDATE onboarding_notice
    SET bounced_at = strftime('%Y-%m-%d %H:%M:%f', 'now'), bounced_reply = NEW.reply
    WHERE mail_id = NEW.id;
END
