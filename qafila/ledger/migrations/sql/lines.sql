-- What every entry's lines must be (invariants 1, 4, 6). Checked when they arrive, and again when a pending entry is
-- approved: an account may have been closed meanwhile. The plan settings keep the one plan that is right for one entry
-- and for ten thousand: through the indexes; a session that plans on an empty table would keep a scan of all lines.
CREATE OR REPLACE FUNCTION ledger_check(ids bigint[]) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    bad record;
    base text;
    digits int;
BEGIN
    SELECT base_currency INTO base FROM identity_agency;
    digits := ledger_minor_units(base);

    SELECT * INTO bad FROM (
        SELECT e.number, e.total, e.reverses_id, sum(l.debit) AS debits, sum(l.credit) AS credits, count(*) AS lines,
               bool_or(l.date <> e.date OR l.branch_id IS DISTINCT FROM e.branch_id) AS astray
          FROM ledger_journalentry e JOIN ledger_journalline l ON l.entry_id = e.id
         WHERE e.id = ANY(ids) GROUP BY e.id) AS entry
     WHERE debits <> credits OR lines < 2 OR debits <> total OR astray LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('an_entry_has_two_sides', format('Entry %s has one line; it needs two at least.', bad.number))
          WHERE bad.lines < 2;
        PERFORM ledger_refuse('an_entry_balances', format('Entry %s does not balance: debits %s, credits %s.',
            bad.number, ledger_text(bad.debits), ledger_text(bad.credits))) WHERE bad.debits <> bad.credits;
        PERFORM ledger_refuse('a_total_is_its_lines', format('Entry %s says %s in all, its lines say %s.',
            bad.number, ledger_text(bad.total), ledger_text(bad.debits))) WHERE bad.debits <> bad.total;
        PERFORM ledger_refuse('a_line_stands_with_its_entry',
            format('A line of %s has another date or branch than the entry.', bad.number));
    END IF;

    SELECT l.n, l.party_id, a.code, a.name, a.is_group, a.is_active, a.control, a.currency, p.kind AS party_kind,
           p.id AS party_found, coalesce(l.currency, base) AS line_currency, l.debit + l.credit AS amount
      INTO bad
      FROM ledger_journalline l
      JOIN ledger_account a ON a.id = l.account_id
      LEFT JOIN ledger_party p ON p.id = l.party_id
     WHERE l.entry_id = ANY(ids)
       AND (a.is_group OR NOT a.is_active
            OR (a.control = '') <> (l.party_id IS NULL)
            OR (a.control <> '' AND (p.id IS NULL OR a.control NOT IN ('any', p.kind)))
            OR a.currency <> coalesce(l.currency, base)
            OR scale(trim_scale(l.debit + l.credit)) > digits)
     LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('an_account_takes_postings',
            format('Account %s %s is a group: post to one of its accounts.', bad.code, bad.name)) WHERE bad.is_group;
        PERFORM ledger_refuse('an_account_takes_postings', format('Account %s %s is not in use any more.', bad.code, bad.name))
          WHERE NOT bad.is_active;
        PERFORM ledger_refuse('a_party_only_where_it_belongs',
            format('Account %s %s takes no customer, agent or supplier on its lines.', bad.code, bad.name))
          WHERE bad.control = '' AND bad.party_id IS NOT NULL;
        PERFORM ledger_refuse('a_control_account_names_its_party', format('Account %s %s needs %s on each line.', bad.code, bad.name,
            CASE bad.control WHEN 'agent' THEN 'an agent' WHEN 'any' THEN 'a customer, agent or supplier' ELSE 'a ' || bad.control END))
          WHERE bad.control <> '' AND (bad.party_found IS NULL OR bad.control NOT IN ('any', bad.party_kind));
        PERFORM ledger_refuse('a_line_is_in_its_accounts_currency', format('Account %s %s is kept in %s, the line is in %s.',
            bad.code, bad.name, bad.currency, bad.line_currency)) WHERE bad.currency <> bad.line_currency;
        PERFORM ledger_refuse('an_amount_has_its_currencys_digits',
            format('%s on account %s is finer than %s goes.', ledger_text(bad.amount), bad.code, base));
    END IF;

    SELECT e.number, o.number AS original INTO bad
      FROM ledger_journalentry e JOIN ledger_journalentry o ON o.id = e.reverses_id
     WHERE e.id = ANY(ids)
       AND (EXISTS (SELECT account_id, debit, credit, party_id, branch_id, group_id, booking_id, currency, amount
                      FROM ledger_journalline WHERE entry_id = e.id
                    EXCEPT ALL
                    SELECT account_id, credit, debit, party_id, branch_id, group_id, booking_id, currency, amount
                      FROM ledger_journalline WHERE entry_id = o.id)
            OR (SELECT count(*) FROM ledger_journalline WHERE entry_id = e.id)
               <> (SELECT count(*) FROM ledger_journalline WHERE entry_id = o.id))
     LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('a_reversal_is_the_mirror', format(
            'A reversal of %s must mirror its lines; what keeps a part is a correction, not a reversal.', bad.original));
    END IF;
END $$;

-- Add approved lines to the balances (invariants 8, 9), in the order of their keys so that two postings never wait for
-- each other in a circle. Sixteen rows per account, branch and month, one for each sixteenth of the connections: a busy
-- control account is not a queue. Runs with the rights of its caller: only the triggers' owner may write balances.
CREATE OR REPLACE FUNCTION ledger_feed(ids bigint[]) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    INSERT INTO ledger_accountbalance AS b (account_id, branch_id, month, bucket, debit, credit, lines)
    SELECT l.account_id, coalesce(l.branch_id, 0), date_trunc('month', l.date)::date, pg_backend_pid() % 16,
           sum(l.debit), sum(l.credit), count(*)
      FROM ledger_journalentry e JOIN ledger_journalline l ON l.entry_id = e.id
     WHERE e.id = ANY(ids) AND e.status = 'approved'
     GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (account_id, branch_id, month, bucket) DO UPDATE
       SET debit = b.debit + excluded.debit, credit = b.credit + excluded.credit, lines = b.lines + excluded.lines;

    INSERT INTO ledger_partybalance AS b (party_id, account_id, debit, credit, lines)
    SELECT l.party_id, l.account_id, sum(l.debit), sum(l.credit), count(*)
      FROM ledger_journalentry e JOIN ledger_journalline l ON l.entry_id = e.id
     WHERE e.id = ANY(ids) AND e.status = 'approved' AND l.party_id IS NOT NULL
     GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (party_id, account_id) DO UPDATE
       SET debit = b.debit + excluded.debit, credit = b.credit + excluded.credit, lines = b.lines + excluded.lines;
END $$;

-- The lines of an entry arrive complete, in one statement; a second statement for the same entry is refused.
CREATE OR REPLACE FUNCTION ledger_lines_arrive() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    ids bigint[];
    arrived bigint;
    stored bigint;
BEGIN
    IF TG_RELID <> 'ledger_journalline'::regclass THEN -- nobody borrows the owner's rights for a table of their own
        RAISE EXCEPTION 'this trigger belongs to ledger_journalline' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT array_agg(entry_id ORDER BY entry_id), sum(n) INTO ids, arrived
      FROM (SELECT entry_id, count(*) AS n FROM new_lines GROUP BY entry_id) AS entry;
    IF ids IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT count(*) INTO stored FROM ledger_journalline WHERE entry_id = ANY(ids);
    IF stored <> arrived THEN
        PERFORM ledger_refuse('lines_arrive_together', 'An entry''s lines arrive complete, in one statement; it has its lines already.');
    END IF;
    PERFORM ledger_check(ids);
    PERFORM ledger_feed(ids);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER ledger_lines_arrive AFTER INSERT ON ledger_journalline
    REFERENCING NEW TABLE AS new_lines FOR EACH STATEMENT EXECUTE FUNCTION ledger_lines_arrive();

-- Balances are written by the books alone: a statement of anybody's own is refused (depth 0), whatever they were granted.
CREATE OR REPLACE TRIGGER ledger_accountbalance_is_fed BEFORE INSERT OR UPDATE OR DELETE ON ledger_accountbalance
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION qafila_refuse_change();
CREATE OR REPLACE TRIGGER ledger_accountbalance_keeps_all BEFORE TRUNCATE ON ledger_accountbalance
    FOR EACH STATEMENT EXECUTE FUNCTION qafila_refuse_change();
CREATE OR REPLACE TRIGGER ledger_partybalance_is_fed BEFORE INSERT OR UPDATE OR DELETE ON ledger_partybalance
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION qafila_refuse_change();
CREATE OR REPLACE TRIGGER ledger_partybalance_keeps_all BEFORE TRUNCATE ON ledger_partybalance
    FOR EACH STATEMENT EXECUTE FUNCTION qafila_refuse_change();
COMMENT ON TABLE ledger_accountbalance IS 'app may SELECT';
COMMENT ON TABLE ledger_partybalance IS 'app may SELECT';
-- Room on the page for the next version of a row: updates stay in place and cost no index entry.
ALTER TABLE ledger_accountbalance SET (fillfactor = 50);
ALTER TABLE ledger_partybalance SET (fillfactor = 70);
