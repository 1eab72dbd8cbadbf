-- Codes of parties: one sequence a kind.
CREATE SEQUENCE IF NOT EXISTS ledger_party_code_customer;
CREATE SEQUENCE IF NOT EXISTS ledger_party_code_agent;
CREATE SEQUENCE IF NOT EXISTS ledger_party_code_supplier;

-- What gives an account's postings their meaning cannot change under them. LOCK waits for postings on their way, so that
-- the answer to "is it used" is the last word; these changes are rare.
CREATE OR REPLACE FUNCTION ledger_account_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    LOCK TABLE ledger_journalline IN SHARE MODE;
    IF EXISTS (SELECT FROM ledger_journalline WHERE account_id = OLD.id) THEN
        PERFORM ledger_refuse('a_used_account_keeps_its_meaning', format(
            'Account %s has postings: its code, kind, control, currency and being a group stay as they are.', OLD.code));
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER ledger_account_changes BEFORE UPDATE ON ledger_account
    FOR EACH ROW WHEN (OLD.code <> NEW.code OR OLD.kind <> NEW.kind OR OLD.control <> NEW.control
                       OR OLD.is_group <> NEW.is_group OR OLD.currency IS DISTINCT FROM NEW.currency)
    EXECUTE FUNCTION ledger_account_changes();

-- The chart is a tree: an account hangs under a group of its own kind, and no group under itself.
CREATE OR REPLACE FUNCTION ledger_account_has_its_place() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    above record;
BEGIN
    IF NOT NEW.is_group AND EXISTS (SELECT FROM ledger_account WHERE parent_id = NEW.id) THEN
        PERFORM ledger_refuse('a_parent_is_a_group', format('Account %s holds other accounts; it stays a group.', NEW.code));
    END IF;
    IF EXISTS (SELECT FROM ledger_account WHERE parent_id = NEW.id AND kind <> NEW.kind) THEN
        PERFORM ledger_refuse('a_group_holds_its_kind', format('Account %s holds accounts of another kind.', NEW.code));
    END IF;
    IF NEW.parent_id IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT is_group, kind, code INTO above FROM ledger_account WHERE id = NEW.parent_id;
    IF NOT FOUND OR NOT above.is_group THEN
        PERFORM ledger_refuse('a_parent_is_a_group', format('Account %s must hang under a group.', NEW.code));
    END IF;
    IF above.kind <> NEW.kind THEN
        PERFORM ledger_refuse('a_group_holds_its_kind',
            format('Account %s is of kind %s; the group %s holds %s.', NEW.code, NEW.kind, above.code, above.kind));
    END IF;
    IF EXISTS (WITH RECURSIVE up(id) AS (
                   SELECT NEW.parent_id
                   UNION
                   SELECT a.parent_id FROM ledger_account a JOIN up ON a.id = up.id WHERE a.parent_id IS NOT NULL)
               SELECT FROM up WHERE id = NEW.id) THEN
        PERFORM ledger_refuse('a_group_is_not_its_own', format('Account %s cannot hang under itself.', NEW.code));
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER ledger_account_has_its_place AFTER INSERT OR UPDATE OF parent_id, is_group, kind ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION ledger_account_has_its_place();

-- Who a party is (customer, agent, supplier) and the code printed on old statements stay.
CREATE OR REPLACE FUNCTION ledger_party_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM ledger_refuse('a_party_stays', format('%s stays in the books as it is: its kind and code do not change.', OLD.code));
END $$;
CREATE OR REPLACE TRIGGER ledger_party_stays BEFORE UPDATE ON ledger_party
    FOR EACH ROW WHEN (OLD.kind <> NEW.kind OR OLD.code <> NEW.code) EXECUTE FUNCTION ledger_party_stays();

-- The books are kept in one currency from the first entry on.
CREATE OR REPLACE FUNCTION ledger_base_currency_stays() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    LOCK TABLE ledger_journalline IN SHARE MODE;
    IF EXISTS (SELECT FROM ledger_journalline) THEN
        PERFORM ledger_refuse('the_base_currency_stays', 'The books have entries: the base currency stays as it is.');
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER ledger_base_currency_stays BEFORE UPDATE ON identity_agency
    FOR EACH ROW WHEN (OLD.base_currency <> NEW.base_currency) EXECUTE FUNCTION ledger_base_currency_stays();

ALTER TABLE identity_user ADD CONSTRAINT a_portal_login_belongs_to_a_party
    FOREIGN KEY (party_id) REFERENCES ledger_party (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX identity_user_of_party ON identity_user (party_id) WHERE party_id IS NOT NULL;
