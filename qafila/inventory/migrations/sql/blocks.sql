-- 1 is A, 26 is Z, 27 is AA: the letters that end the codes of blocks and groups.
CREATE OR REPLACE FUNCTION qafila_letters(n bigint) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = public AS $$
DECLARE
    rest bigint := n;
    letters text := '';
BEGIN
    IF n < 1 THEN
        RAISE EXCEPTION 'letters count from 1, not %', n USING ERRCODE = 'invalid_parameter_value';
    END IF;
    WHILE rest > 0 LOOP
        letters := chr((65 + (rest - 1) % 26)::int) || letters;
        rest := (rest - 1) / 26;
    END LOOP;
    RETURN letters;
END $$;

-- A block's code, BLK-SV-27JAN-A: airline, departure month, the next letter. Rows are never deleted, so their number is
-- the last letter used; the lock makes twins wait for each other until commit.
CREATE OR REPLACE FUNCTION qafila_mint_block_code() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
DECLARE
    prefix text := format('BLK-%s-%s-', NEW.airline_id, to_char(NEW.departs_on, 'YYMON'));
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext(prefix));
    NEW.code := prefix || qafila_letters(
        (SELECT count(*) + 1 FROM inventory_airlineblock WHERE starts_with(code, prefix)));
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION qafila_keep_block_code() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
    RAISE EXCEPTION 'the code of block % never changes', OLD.code USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER inventory_block_code_is_minted BEFORE INSERT ON inventory_airlineblock
    FOR EACH ROW EXECUTE FUNCTION qafila_mint_block_code();
CREATE TRIGGER inventory_block_code_stays BEFORE UPDATE OF code ON inventory_airlineblock
    FOR EACH ROW WHEN (OLD.code IS DISTINCT FROM NEW.code) EXECUTE FUNCTION qafila_keep_block_code();

-- The state of a block on a day, for every list, page and step. `stored` is what a person decided: active or cancelled.
-- A block whose seats are all taken has nothing left to expire.
CREATE OR REPLACE FUNCTION qafila_block_state(
    stored text, allocated int, total int, expires date, departs date, day date
) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN stored = 'cancelled' THEN 'cancelled'
        WHEN day > departs THEN 'departed'
        WHEN allocated >= total THEN 'exhausted'
        WHEN day > expires THEN 'expired'
        ELSE 'active'
    END
$$;
