-- A customer's id is its ledger party's id: the party must be of that kind, or a customer's money would stand on a
-- supplier's account. And a party keeps its shelf: its row is never deleted, only marked.
CREATE OR REPLACE FUNCTION parties_keep_shelf() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a % is deleted softly, its row stays', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT kind INTO found FROM ledger_party WHERE id = NEW.party_id;
    IF found IS DISTINCT FROM TG_ARGV[0] THEN
        RAISE EXCEPTION 'party % is no % but a %', NEW.party_id, TG_ARGV[0], found
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER parties_customer_shelf BEFORE INSERT OR DELETE OR UPDATE OF party_id ON parties_customer
    FOR EACH ROW EXECUTE FUNCTION parties_keep_shelf('customer');
CREATE TRIGGER parties_agent_shelf BEFORE INSERT OR DELETE OR UPDATE OF party_id ON parties_agent
    FOR EACH ROW EXECUTE FUNCTION parties_keep_shelf('agent');
CREATE TRIGGER parties_supplier_shelf BEFORE INSERT OR DELETE OR UPDATE OF party_id ON parties_supplier
    FOR EACH ROW EXECUTE FUNCTION parties_keep_shelf('supplier');

-- Phones are E.164, so that one person's number is one text everywhere.
ALTER TABLE parties_customer ADD CONSTRAINT customer_phone_is_e164 CHECK (phone = '' OR phone ~ '^\+[1-9][0-9]{4,14}$');
ALTER TABLE parties_agent ADD CONSTRAINT agent_phone_is_e164 CHECK (phone = '' OR phone ~ '^\+[1-9][0-9]{4,14}$');
ALTER TABLE parties_supplier ADD CONSTRAINT supplier_phone_is_e164 CHECK (phone = '' OR phone ~ '^\+[1-9][0-9]{4,14}$');

-- A passport is issued before it expires, and expires after its holder's birth. (A day of issue before the birth is told,
-- not refused: no machine line proves that day, so it is mistyped often enough.)
ALTER TABLE parties_customer ADD CONSTRAINT customer_passport_dates_in_order CHECK (
    (passport_issued IS NULL OR passport_expiry IS NULL OR passport_issued < passport_expiry)
    AND (date_of_birth IS NULL OR passport_expiry IS NULL OR date_of_birth < passport_expiry));

-- Lists and typeaheads show the live, newest first.
CREATE INDEX IF NOT EXISTS customers_live ON parties_customer (party_id DESC) WHERE deleted_at IS NULL;

-- Lists sorted by name walk this instead of sorting everybody.
CREATE INDEX IF NOT EXISTS party_by_name ON ledger_party (name, id);
