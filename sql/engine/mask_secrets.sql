create or replace function reprise_engine.mask_secrets(document jsonb)
returns jsonb
language sql immutable -- and without settings, so that it is inlined where it is called
as $$
  -- As jsonb writes it: keys by their length, and quotes in texts with a backslash.
  select case
    when mask_secrets.document::text like '%"io.kestra.datatype:aes\_encrypted"%' then regexp_replace(
      mask_secrets.document::text, '\{"type": "io\.kestra\.datatype:aes_encrypted", "value": "[^"]*"\}', '"******"', 'g'
    )::jsonb
    else mask_secrets.document
  end;
$$;

comment on function reprise_engine.mask_secrets is 'A document with stars in place of the secrets in it, which are encrypted there.';
