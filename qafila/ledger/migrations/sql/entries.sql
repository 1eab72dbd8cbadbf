-- What a new entry must be (invariants 3, 6, 7): dated in an open period, not decided before anybody could decide,
-- a manual one above the threshold waiting for its checker, a reversal of something that can be reversed.
CREATE OR REPLACE FUNCTION ledger_entries_arrive() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    bad record;
BEGIN
    PERFORM ledger_hold_periods((SELECT array_agg(DISTINCT period_id) FROM new_entries));

    SELECT e.number, e.date, p.name INTO bad FROM new_entries e JOIN ledger_period p ON p.id = e.period_id
     WHERE e.date NOT BETWEEN p.starts AND p.ends LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('an_entry_is_in_its_period', format('%s is not a day of the period %s.', bad.date, bad.name));
    END IF;

    SELECT number, status INTO bad FROM new_entries
     WHERE status = 'rejected' OR checked_at IS NOT NULL OR checked_by_id IS NOT NULL
        OR (break_glass AND reverses_id IS NULL) LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('a_new_entry_is_undecided', format('Entry %s cannot arrive already decided.', bad.number));
    END IF;

    IF EXISTS (SELECT FROM new_entries WHERE origin IN ('manual', 'voucher') AND status = 'approved') THEN
        SELECT e.number, a.journal_threshold AS threshold INTO bad FROM new_entries e CROSS JOIN identity_agency a
         WHERE e.origin IN ('manual', 'voucher') AND e.status = 'approved' AND e.total > a.journal_threshold LIMIT 1;
        IF FOUND THEN
            PERFORM ledger_refuse('above_the_threshold_a_checker', format(
                'Entry %s is above %s and needs a checker.', bad.number, ledger_text(bad.threshold)));
        END IF;
    END IF;

    IF EXISTS (SELECT FROM new_entries WHERE reverses_id IS NOT NULL) THEN
        SELECT o.number, o.status, o.reverses_id INTO bad
          FROM new_entries e JOIN ledger_journalentry o ON o.id = e.reverses_id
         WHERE o.status <> 'approved' OR o.reverses_id IS NOT NULL OR o.id = e.id
            OR (o.origin IN ('manual', 'voucher') AND o.made_by_id = e.made_by_id AND NOT e.break_glass) LIMIT 1;
        IF FOUND THEN
            PERFORM ledger_refuse('no_reversal_of_a_reversal', format('%s is a reversal itself; post a new entry.', bad.number))
              WHERE bad.reverses_id IS NOT NULL;
            PERFORM ledger_refuse('only_approved_is_reversed', format('%s is %s; only an approved entry can be reversed.',
                bad.number, bad.status)) WHERE bad.status <> 'approved';
            PERFORM ledger_refuse('maker_is_not_checker', format('%s is your own entry; somebody else reverses it.', bad.number));
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER ledger_entries_arrive AFTER INSERT ON ledger_journalentry
    REFERENCING NEW TABLE AS new_entries FOR EACH STATEMENT EXECUTE FUNCTION ledger_entries_arrive();

-- No entry without lines: asked at commit, because the header comes first.
CREATE OR REPLACE FUNCTION ledger_entry_has_lines() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_journalline WHERE entry_id = NEW.id) THEN
        PERFORM ledger_refuse('an_entry_has_lines', format('Entry %s has no lines.', NEW.number));
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS ledger_entry_has_lines ON ledger_journalentry;
CREATE CONSTRAINT TRIGGER ledger_entry_has_lines AFTER INSERT ON ledger_journalentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_has_lines();

-- Nothing of an entry ever changes (invariant 2) but the decision on a pending one, made by ledger_decide.
CREATE OR REPLACE FUNCTION ledger_entry_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    decision constant text[] := '{status,checked_by_id,checked_by_name,checked_at,break_glass,reason}';
BEGIN
    IF coalesce(current_setting('qafila.deciding', true), '') = 'on'
       AND OLD.status = 'pending' AND NEW.status IN ('approved', 'rejected')
       AND to_jsonb(NEW) - decision = to_jsonb(OLD) - decision THEN
        RETURN NEW;
    END IF;
    PERFORM ledger_refuse('an_entry_stays', format('Entry %s stays as it is: correct it with a new one.', OLD.number));
END $$;
CREATE OR REPLACE TRIGGER ledger_entry_stays BEFORE UPDATE ON ledger_journalentry
    FOR EACH ROW EXECUTE FUNCTION ledger_entry_stays();
CREATE OR REPLACE TRIGGER ledger_journalentry_keeps_rows BEFORE DELETE ON ledger_journalentry
    FOR EACH ROW EXECUTE FUNCTION qafila_refuse_change();
CREATE OR REPLACE TRIGGER ledger_journalentry_keeps_all BEFORE TRUNCATE ON ledger_journalentry
    FOR EACH STATEMENT EXECUTE FUNCTION qafila_refuse_change();

-- An approval feeds the balances, after asking again what it asked when the lines arrived.
CREATE OR REPLACE FUNCTION ledger_entries_decided() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    ids bigint[];
    periods bigint[];
BEGIN
    IF TG_RELID <> 'ledger_journalentry'::regclass THEN
        RAISE EXCEPTION 'this trigger belongs to ledger_journalentry' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT array_agg(id ORDER BY id), array_agg(DISTINCT period_id) INTO ids, periods
      FROM decided WHERE status = 'approved';
    IF ids IS NOT NULL THEN
        PERFORM ledger_hold_periods(periods);
        PERFORM ledger_check(ids);
        PERFORM ledger_feed(ids);
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER ledger_entries_decided AFTER UPDATE ON ledger_journalentry
    REFERENCING NEW TABLE AS decided FOR EACH STATEMENT EXECUTE FUNCTION ledger_entries_decided();

-- The one way a pending entry's status moves. Who made an entry does not decide on it: the table's own constraint
-- `maker_is_not_checker` refuses, unless the break-glass right is used (`own`), which is then recorded on the entry.
CREATE OR REPLACE FUNCTION ledger_decide(
    ids bigint[], verdict text, by_id bigint, by_name text, at timestamptz, why text, own boolean, may_adjust boolean
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    bad record;
BEGIN
    PERFORM FROM ledger_journalentry WHERE id = ANY(ids) ORDER BY id FOR UPDATE;
    SELECT number, status INTO bad FROM ledger_journalentry WHERE id = ANY(ids) AND status <> 'pending' ORDER BY id LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('only_pending_is_decided', format('Entry %s is %s already.', bad.number, bad.status));
    END IF;
    PERFORM set_config('qafila.may_adjust', CASE WHEN may_adjust THEN 'on' ELSE 'off' END, true),
            set_config('qafila.deciding', 'on', true);
    UPDATE ledger_journalentry
       SET status = verdict, checked_by_id = by_id, checked_by_name = by_name, checked_at = at, reason = why,
           break_glass = own AND by_id IS NOT NULL AND by_id IS NOT DISTINCT FROM made_by_id
     WHERE id = ANY(ids);
    PERFORM set_config('qafila.deciding', 'off', true);
END $$;
