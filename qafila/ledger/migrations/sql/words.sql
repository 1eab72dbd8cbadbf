-- What an entry is found by: the words of its narration, cut as the house's search cuts them (kernel/search.py).
CREATE OR REPLACE FUNCTION ledger_words(narration text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(array_remove(regexp_split_to_array(lower(narration), '[\W_]+'), ''))
$$;
CREATE INDEX IF NOT EXISTS ledger_journalentry_words ON ledger_journalentry USING gin (ledger_words(narration));
