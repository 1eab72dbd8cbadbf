-- The one posting function: any number of entries, their headers in one statement and all their lines in the same.
--
-- asked = {"entries": [{"e": 1, "date": …, "source": …, "event": …, "key": …, …}], "lines": [{"e": 1, "n": 1, …}]};
-- `e` ties lines to their entry; accounts come as codes. Answers each entry's id: the first one's where (source, event,
-- key) was posted already (invariant 5). It only asks well: what must hold, the tables' triggers check.
CREATE OR REPLACE FUNCTION ledger_post(asked jsonb, by_id bigint, by_name text, may_adjust boolean)
RETURNS TABLE (e int, entry_id bigint, fresh boolean) LANGUAGE plpgsql
SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
    places int[];
    ids bigint[];
    made bigint[];
    bad record;
BEGIN
    PERFORM set_config('qafila.may_adjust', CASE WHEN may_adjust THEN 'on' ELSE 'off' END, true);

    WITH line AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(asked -> 'lines') AS line (
            e int, n smallint, account text, debit numeric(18, 3), credit numeric(18, 3), party_id bigint, group_id bigint,
            booking_id bigint, currency text, amount numeric(18, 3), rate numeric(18, 8), memo text)
    ), whole AS (
        SELECT e, sum(debit) AS total FROM line GROUP BY e
    ), header AS MATERIALIZED (
        SELECT asking.*, nextval('ledger_journalentry_id_seq') AS id, coalesce(whole.total, 0) AS total,
               coalesce(period.id, ledger_refuse('a_day_has_its_period',
                   format('No accounting period covers %s.', asking.date))) AS period_id,
               CASE origin WHEN 'manual' THEN 'JV' WHEN 'voucher' THEN 'VJ' WHEN 'reversal' THEN 'REV' ELSE 'JE' END AS prefix
          FROM jsonb_to_recordset(asked -> 'entries') AS asking (
                   e int, date date, source text, source_id bigint, event text, key text, origin text, narration text,
                   branch_id bigint, reverses_id bigint, corrects_id bigint, break_glass boolean, reason text)
          LEFT JOIN whole ON whole.e = asking.e
          LEFT JOIN ledger_period period ON asking.date BETWEEN period.starts AND period.ends
    ), entry AS (
        INSERT INTO ledger_journalentry (
               id, number, date, period_id, source, source_id, event, key, origin, status, narration, branch_id,
               reverses_id, corrects_id, total, made_by_id, made_by_name, checked_by_name, break_glass, reason)
        SELECT id,
               prefix || '-' || extract(year FROM date) || '-'
                      || lpad(qafila_next_number(prefix, extract(year FROM date)::int)::text, 6, '0'),
               date, period_id, source, source_id, event, key, origin,
               CASE WHEN origin IN ('manual', 'voucher')
                     AND total > coalesce((SELECT journal_threshold FROM identity_agency), 0)
                    THEN 'pending' ELSE 'approved' END,
               narration, branch_id, reverses_id, corrects_id, total, by_id, by_name, '', break_glass, reason
          FROM header
         ORDER BY source, event, key -- two that post the same events wait for each other in one order
        ON CONFLICT (source, event, key) DO NOTHING
        RETURNING id
    ), arrival AS (
        INSERT INTO ledger_journalline (
               entry_id, n, account_id, date, debit, credit, party_id, branch_id, group_id, booking_id, currency, amount,
               rate, memo)
        SELECT entry.id, n,
               coalesce(account.id, ledger_refuse('an_account_exists', format('There is no account %s.', line.account))),
               header.date, debit, credit, party_id, header.branch_id, group_id, booking_id, line.currency, amount, rate, memo
          FROM entry JOIN header ON header.id = entry.id JOIN line ON line.e = header.e
          LEFT JOIN ledger_account account ON account.code = line.account
         ORDER BY entry.id, n
    )
    SELECT array_agg(header.e), array_agg(header.id), array_agg(entry.id) INTO places, ids, made
      FROM header LEFT JOIN entry ON entry.id = header.id;

    IF array_position(made, NULL) IS NULL THEN
        RETURN QUERY SELECT place, id, true FROM unnest(places, ids) AS posted (place, id) ORDER BY place;
        RETURN;
    END IF;

    -- Posted before: the same event with other amounts is not the same event, and must not pass for posted.
    SELECT stored.number INTO bad
      FROM jsonb_to_recordset(asked -> 'entries') AS asking (e int, source text, event text, key text)
      JOIN ledger_journalentry stored USING (source, event, key)
     WHERE stored.total <> (SELECT coalesce(sum(debit), 0) FROM jsonb_to_recordset(asked -> 'lines')
                                AS line (e int, debit numeric(18, 3)) WHERE line.e = asking.e)
     LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('one_entry_per_event', format('This was posted already, as %s, with another amount.', bad.number));
    END IF;
    RETURN QUERY
        SELECT asking.e, stored.id, stored.id = ANY(made)
          FROM jsonb_to_recordset(asked -> 'entries') AS asking (e int, source text, event text, key text)
          JOIN ledger_journalentry stored USING (source, event, key)
         ORDER BY asking.e;
END $$;
