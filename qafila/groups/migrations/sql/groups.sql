CREATE OR REPLACE FUNCTION qafila_group_prefix(kind text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT CASE kind
        WHEN 'HAJ' THEN 'HAJ' WHEN 'HAJ_ZIYARAT' THEN 'HZY' WHEN 'UMRAH' THEN 'UMR' WHEN 'UMRAH_ZIYARAT' THEN 'UZY'
        WHEN 'ZIYARAT' THEN 'ZIY' WHEN 'GENERAL_DOMESTIC' THEN 'DOM' WHEN 'GENERAL_INTERNATIONAL' THEN 'INT'
    END
$$;

CREATE OR REPLACE FUNCTION qafila_group_label(kind text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT CASE kind
        WHEN 'HAJ' THEN 'Hajj' WHEN 'HAJ_ZIYARAT' THEN 'Hajj and Ziyarat' WHEN 'UMRAH' THEN 'Umrah'
        WHEN 'UMRAH_ZIYARAT' THEN 'Umrah and Ziyarat' WHEN 'ZIYARAT' THEN 'Ziyarat'
        WHEN 'GENERAL_DOMESTIC' THEN 'Domestic tour' WHEN 'GENERAL_INTERNATIONAL' THEN 'International tour'
    END
$$;

-- The code and name the next group of a kind and month gets: UMR-26MAR-A, "Umrah March 2026 A". Rows are never deleted,
-- so their number is the last letter used.
CREATE OR REPLACE FUNCTION qafila_next_group_code(kind text, departs date, OUT code text, OUT name text)
LANGUAGE plpgsql SET search_path = public AS $$
DECLARE
    prefix text := format('%s-%s-', qafila_group_prefix(kind), to_char(departs, 'YYMON'));
    letters text := qafila_letters(
        (SELECT count(*) + 1 FROM groups_travelgroup g WHERE starts_with(g.code, prefix)));
BEGIN
    code := prefix || letters;
    name := format('%s %s %s', qafila_group_label(kind), to_char(departs, 'FMMonth YYYY'), letters);
END $$;

CREATE OR REPLACE FUNCTION qafila_mint_group_code() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
    IF qafila_group_prefix(NEW.group_type) IS NULL THEN
        RAISE EXCEPTION 'not a type of group: %', NEW.group_type USING ERRCODE = 'check_violation';
    END IF;
    -- Twins wait for each other until commit, so that no letter is skipped or given twice.
    PERFORM pg_advisory_xact_lock(hashtext('group ' || NEW.group_type || to_char(NEW.departure_date, 'YYMM')));
    SELECT n.code, n.name INTO NEW.code, NEW.name FROM qafila_next_group_code(NEW.group_type, NEW.departure_date) n;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION qafila_keep_group_code() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
    RAISE EXCEPTION 'code, name and type of group % never change', OLD.code
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER groups_code_is_minted BEFORE INSERT ON groups_travelgroup
    FOR EACH ROW EXECUTE FUNCTION qafila_mint_group_code();
CREATE TRIGGER groups_code_stays BEFORE UPDATE OF code, name, group_type ON groups_travelgroup
    FOR EACH ROW WHEN (ROW(OLD.code, OLD.name, OLD.group_type) IS DISTINCT FROM ROW(NEW.code, NEW.name, NEW.group_type))
    EXECUTE FUNCTION qafila_keep_group_code();

-- The state of a group on a day: the one function that list, page, steps and job ask.
CREATE OR REPLACE FUNCTION qafila_group_state(
    cancelled timestamptz, pinned text, departs date, returns date,
    linked boolean, priced boolean, booked int, capacity int, day date
) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN cancelled IS NOT NULL THEN 'cancelled'
        WHEN pinned <> 'auto' THEN pinned
        WHEN day > returns THEN 'completed'
        WHEN day > departs THEN 'departed'
        WHEN booked >= capacity THEN 'full'
        WHEN linked AND priced THEN 'open'
        ELSE 'planning'
    END
$$;

ALTER TABLE groups_travelgroup ADD CONSTRAINT group_state_pin_is_known
    CHECK (status_override IN ('auto', 'planning', 'open', 'full', 'departed', 'completed'));
ALTER TABLE inventory_blockseatmovement ADD CONSTRAINT block_movement_of_group
    FOREIGN KEY (group_id) REFERENCES groups_travelgroup (id);
ALTER TABLE ledger_journalline ADD CONSTRAINT journal_line_of_group
    FOREIGN KEY (group_id) REFERENCES groups_travelgroup (id);
