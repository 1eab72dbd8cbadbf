-- How the books refuse: one sentence for the person at the counter, the rule's name where a program looks for it.
-- Returns a bigint so that it can stand where a value is missing: coalesce(account.id, ledger_refuse(...)).
CREATE OR REPLACE FUNCTION ledger_refuse(rule text, sentence text) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', sentence USING ERRCODE = 'check_violation', CONSTRAINT = rule;
END $$;

-- An amount as a person reads it: 1200.00, 0.125.
CREATE OR REPLACE FUNCTION ledger_text(amount numeric) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT round(amount, greatest(2, scale(trim_scale(amount))))::text
$$;

-- Digits after the point of a currency, as babel (Unicode CLDR) says; a test compares the two.
CREATE OR REPLACE FUNCTION ledger_minor_units(currency text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN currency IN ('BHD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND', 'CLF', 'UYW') THEN 3
        WHEN currency IN ('ADP', 'AFN', 'ALL', 'BIF', 'BYR', 'CLP', 'DJF', 'ESP', 'GNF', 'IQD', 'IRR', 'ISK', 'ITL',
                          'JPY', 'KMF', 'KPW', 'KRW', 'LAK', 'LBP', 'LUF', 'MGA', 'MGF', 'MMK', 'MRO', 'PYG', 'RSD',
                          'RWF', 'SLL', 'SOS', 'STD', 'SYP', 'TMM', 'TRL', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF',
                          'XPF', 'YER', 'ZMK', 'ZWD') THEN 0
        ELSE 2
    END
$$;
