create or replace function reprise_engine.holds_sealed(document json)
returns boolean
language sql immutable
set search_path = ''
as $$
  -- Where the word does not stand at all, as nearly always, nothing is walked through; it may be escaped.
  select coalesce(
    (holds_sealed.document::text like '%io.kestra.datatype:aes\_encrypted%' or strpos(holds_sealed.document::text, '\u') > 0)
      and jsonb_path_exists(holds_sealed.document::jsonb, 'strict $.** ? (@.type == "io.kestra.datatype:aes_encrypted")', silent => true),
    false
  );
$$;

comment on function reprise_engine.holds_sealed is 'Whether a value is, or holds, what a secret looks like when it is encrypted.';
