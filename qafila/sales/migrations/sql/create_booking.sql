-- A package booking in one call: what Python has checked and priced is written set by set. One round trip instead of
-- fifteen, because creating bookings is the busiest verb of the house and every buyer of a departure waits for its row.
--
-- `sale` is the document that actions/create_booking.py builds; its keys are the columns. Answers
--   {"id", "number", "passengers": [{"n", "id"}]}   made
--   {"duplicate": "BK-2026-000007"}                 the customer has a live booking on this group; the caller raises
-- The unique (customer, group) comes first, because a twin waits there. The seats are not taken here but by the group's
-- own step right after: its row is the last lock, because every buyer of a departure waits for it.
CREATE OR REPLACE FUNCTION sales_create_booking(sale jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    counter bigint;
    digits text;
    the_number text;
    made bigint;
    travellers jsonb;
    who bigint := (sale->'actor'->>'user_id')::bigint;
    who_name text := sale->'actor'->>'name';
    the_customer bigint := (sale->'booking'->>'customer_id')::bigint;
    the_group bigint := (sale->'package'->>'group_id')::bigint;
BEGIN
    counter := qafila_next_number(sale->>'prefix', (sale->>'year')::int);
    digits := lpad(counter::text, greatest(6, length(counter::text)), '0');
    the_number := concat_ws('-', sale->>'prefix', sale->>'year', digits);

    INSERT INTO sales_booking (number, product, state, customer_id, payer_id, agent_id, branch_id, currency,
        net_total, tax_total, tcs_total, gross_total, paid, external_ref, notes, version, created_by_id)
    SELECT the_number, 'package', sale->>'state', b.customer_id, b.payer_id, b.agent_id, b.branch_id, b.currency,
           b.net_total, b.tax_total, b.tcs_total, b.gross_total, 0, b.external_ref, b.notes, 1, who
      FROM jsonb_to_record(sale->'booking') AS b(customer_id bigint, payer_id bigint, agent_id bigint, branch_id bigint,
           currency text, net_total numeric, tax_total numeric, tcs_total numeric, gross_total numeric,
           external_ref text, notes text)
    RETURNING id INTO made;

    INSERT INTO sales_packagesale (booking_id, group_id, customer_id, is_live, booking_type, room_type, payment_policy,
        adults, children, infants, adult_rate, child_rate, infant_rate, rates_from, agreed_total, sheet_version,
        finance_approval, ops_approval, needs_attention)
    SELECT made, the_group, the_customer, true, p.booking_type, p.room_type, p.payment_policy,
           p.adults, p.children, p.infants, p.adult_rate, p.child_rate, p.infant_rate, p.rates_from, p.agreed_total,
           p.sheet_version, 'pending', 'pending', ''
      FROM jsonb_to_record(sale->'package') AS p(booking_type text, room_type text, payment_policy text, adults int,
           children int, infants int, adult_rate numeric, child_rate numeric, infant_rate numeric, rates_from text,
           agreed_total numeric, sheet_version int)
    ON CONFLICT (customer_id, group_id) WHERE is_live DO NOTHING;
    IF NOT FOUND THEN
        RETURN jsonb_build_object('duplicate', (
            SELECT b.number FROM sales_packagesale p JOIN sales_booking b ON b.id = p.booking_id
             WHERE p.customer_id = the_customer AND p.group_id = the_group AND p.is_live));
    END IF;

    INSERT INTO sales_salerate (sale_id, item, adult, child, infant)
    SELECT made, r.item, r.adult, r.child, r.infant
      FROM jsonb_to_recordset(sale->'rates') AS r(item text, adult numeric, child numeric, infant numeric);

    INSERT INTO sales_saletax (sale_id, n, name, kind, rate, mode, applies_to, base, amount)
    SELECT made, t.n, t.name, t.kind, t.rate, t.mode, t.applies_to, t.base, t.amount
      FROM jsonb_to_recordset(sale->'taxes') AS t(n int, name text, kind text, rate numeric, mode text,
           applies_to text[], base numeric, amount numeric);

    -- A passenger whose passport is on file is that customer.
    WITH written AS (
        INSERT INTO sales_passenger (booking_id, n, customer_id, state, tier, is_lead, title, first_name, last_name,
            gender, date_of_birth, passport_no, passport_issued, passport_expiry, nationality, needs_visa, pnr, flight_id)
        SELECT made, p.n, c.party_id, 'active', p.tier, p.is_lead, p.title, p.first_name, p.last_name,
               p.gender, p.date_of_birth, p.passport_no, p.passport_issued, p.passport_expiry, p.nationality,
               p.needs_visa, p.pnr, p.flight_id
          FROM jsonb_to_recordset(sale->'passengers') AS p(n int, tier text, is_lead boolean, title text,
               first_name text, last_name text, gender text, date_of_birth date, passport_no text,
               passport_issued date, passport_expiry date, nationality text, needs_visa boolean, pnr text,
               flight_id bigint)
          LEFT JOIN parties_customer c ON c.passport_no = nullif(p.passport_no, '') AND c.deleted_at IS NULL
        RETURNING n, id)
    SELECT coalesce(jsonb_agg(jsonb_build_object('n', n, 'id', id) ORDER BY n), '[]') INTO travellers FROM written;

    INSERT INTO kernel_auditentry (user_id, user_name, ip, request_id, action, entity, entity_id, after, note)
    VALUES (who, who_name, (sale->'actor'->>'ip')::inet, sale->'actor'->>'request_id', 'booking.created', 'booking',
            made, sale->'audit' || jsonb_build_object('number', the_number), '');

    INSERT INTO kernel_statechange (machine, object_id, from_state, event, to_state, user_id, user_name, reason)
    VALUES ('package_booking', made, '', 'create', sale->>'state', who, who_name, '');

    INSERT INTO groups_groupevent (group_id, what, text, booking_id, user_id, user_name)
    VALUES (the_group, 'booked', left(the_number || ': ' || (sale->>'told'), 500), made, who, who_name);

    -- The number's own words as kernel.search would cut them: all of it, the counter's endings, and it without zeros.
    INSERT INTO kernel_searchentry (entity, object_id, title, subtitle, url, "right", agent_id, words, rank)
    SELECT 'booking', made, the_number, s.subtitle, '/sales/bookings/' || the_number, 'bookings.view', s.agent_id,
           array_to_tsvector(ARRAY(SELECT jsonb_array_elements_text(sale->'search'->'words'))
               || ARRAY[lower(sale->>'prefix'), sale->>'year', digits, counter::text]
               || ARRAY(SELECT right(digits, keep) FROM generate_series(4, length(digits) - 1) keep)), s.rank
      FROM jsonb_to_record(sale->'search') AS s(subtitle text, agent_id bigint, rank int);

    RETURN jsonb_build_object('id', made, 'number', the_number, 'passengers', travellers);
END $$;
