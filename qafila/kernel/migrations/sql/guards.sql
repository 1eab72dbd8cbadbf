-- What is written once stays written. The grants of the application's role follow this trigger: a table that carries
-- it loses UPDATE, DELETE and TRUNCATE (config/grants.py).
CREATE OR REPLACE FUNCTION qafila_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- The next of a yearly sequence, made at its first use. A sequence and not a counter row: nobody waits for anybody.
CREATE OR REPLACE FUNCTION qafila_next_number(prefix text, year int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    name text := format('number_%s_%s', lower(prefix), year);
BEGIN
    IF prefix !~ '^[A-Z0-9]{1,10}$' OR year NOT BETWEEN 2000 AND 2999 THEN
        RAISE EXCEPTION 'not a number series: % %', prefix, year USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF to_regclass(name) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext(name));
        EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %I', name);
    END IF;
    RETURN nextval(name::regclass);
END $$;

-- What several processes share and may lose: used one-time codes and the like.
CREATE TABLE IF NOT EXISTS kernel_cache (
    cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS kernel_cache_expires ON kernel_cache (expires);
