-- An issued invoice, a receipt and an allocation say what they said: only the columns named in the trigger may change.
CREATE FUNCTION billing_keep_paper() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := coalesce(TG_ARGV, '{}');
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A row of % is never deleted.', TG_TABLE_NAME
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_paper_is_never_deleted';
    END IF;
    IF to_jsonb(OLD) - may_change IS DISTINCT FROM to_jsonb(NEW) - may_change THEN
        RAISE EXCEPTION 'A row of % does not change after it was written.', TG_TABLE_NAME
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_paper_says_what_it_said';
    END IF;
    RETURN NULL;
END
$$;

-- After, not before: generated columns are known only then.
CREATE TRIGGER billing_invoice_stands AFTER UPDATE OR DELETE ON billing_invoice
    FOR EACH ROW EXECUTE FUNCTION billing_keep_paper('state', 'allocated', 'open_amount', 'cancelled_at');
CREATE TRIGGER billing_payment_stands AFTER UPDATE OR DELETE ON billing_payment
    FOR EACH ROW EXECUTE FUNCTION billing_keep_paper(
        'state', 'number', 'entry_id', 'allocated', 'unallocated', 'decided_by_id', 'decided_at', 'reason');
-- A receipt's number and entry are given once.
CREATE TRIGGER billing_payment_numbered AFTER UPDATE ON billing_payment
    FOR EACH ROW WHEN (OLD.number IS NOT NULL)
    EXECUTE FUNCTION billing_keep_paper('state', 'allocated', 'unallocated', 'decided_by_id', 'decided_at', 'reason');
CREATE TRIGGER billing_allocation_stands AFTER UPDATE OR DELETE ON billing_allocation
    FOR EACH ROW EXECUTE FUNCTION billing_keep_paper('invoice_id', 'entry_id', 'taken_back_at');
CREATE TRIGGER billing_allocation_taken_back AFTER UPDATE ON billing_allocation
    FOR EACH ROW WHEN (OLD.taken_back_at IS NOT NULL) EXECUTE FUNCTION billing_keep_paper();
