create or replace function reprise_engine.mask_secrets(document json)
returns json
language sql immutable -- and without settings, so that it is inlined where it is called
as $$
  -- In either order, and quotes in texts have a backslash.
  select case
    when mask_secrets.document::text like '%"io.kestra.datatype:aes\_encrypted"%' then regexp_replace(
      mask_secrets.document::text,
      '\{\s*(?:"type"\s*:\s*"io\.kestra\.datatype:aes_encrypted"\s*,\s*"value"\s*:\s*"[^"]*"|'
        '"value"\s*:\s*"[^"]*"\s*,\s*"type"\s*:\s*"io\.kestra\.datatype:aes_encrypted")\s*\}',
      '"******"', 'g'
    )::json
    else mask_secrets.document
  end;
$$;

comment on function reprise_engine.mask_secrets is 'A document with stars in place of the secrets in it, which are encrypted there.';
