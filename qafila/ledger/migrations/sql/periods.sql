-- Hold these periods open until the transaction ends, and refuse if one of them is not (invariant 3).
-- Posting takes the shared lock of its period, a change of the period the exclusive one: a period closes between two
-- postings, never in the middle of one. An advisory lock and not a row lock, because every posting takes it.
CREATE OR REPLACE FUNCTION ledger_hold_periods(periods bigint[]) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    shut record;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(720120, period::int)
       FROM (SELECT DISTINCT unnest(periods) AS period ORDER BY 1) AS each;
    SELECT name, replace(state, '_', ' ') AS state INTO shut FROM ledger_period
     WHERE id = ANY(periods) AND state <> 'open'
       AND NOT (state = 'soft_closed' AND coalesce(current_setting('qafila.may_adjust', true), '') = 'on')
     ORDER BY starts LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('period_is_open', format('The period %s is %s: nothing can be posted into it.', shut.name, shut.state));
    END IF;
END $$;

CREATE OR REPLACE FUNCTION ledger_period_changes() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(720120, OLD.id::int);
    IF OLD.state = 'locked' THEN
        PERFORM ledger_refuse('a_locked_period_stays', format('The period %s is locked for good.', OLD.name));
    END IF;
    IF TG_OP = 'DELETE' OR NEW.starts <> OLD.starts OR NEW.ends <> OLD.ends THEN
        IF EXISTS (SELECT FROM ledger_journalentry WHERE date BETWEEN OLD.starts AND OLD.ends
                      AND (TG_OP = 'DELETE' OR date NOT BETWEEN NEW.starts AND NEW.ends)) THEN
            PERFORM ledger_refuse('a_used_period_stays', format('The period %s has entries; its days stay.', OLD.name));
        END IF;
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE OR REPLACE TRIGGER ledger_period_changes BEFORE UPDATE OR DELETE ON ledger_period
    FOR EACH ROW EXECUTE FUNCTION ledger_period_changes();
