create or replace function reprise_engine.uuid_v7(at timestamptz)
returns uuid
language sql volatile -- and without settings, so that it is inlined where it is called
as $$
  -- RFC 9562, 5.7: 48 bits of milliseconds, the version, 12 bits of the microseconds in place of randomness (method 3),
  -- the variant, 62 random bits. PostgreSQL has its own from version 18 on.
  select encode(
    substring(int8send(floor(extract(epoch from uuid_v7.at) * 1000)::bigint) from 3)
      || substring(int4send(28672 + (extract(microseconds from uuid_v7.at)::bigint % 1000 * 4096 / 1000)::integer) from 3)
      || substring(uuid_send(gen_random_uuid()) from 9),
    'hex'
  )::uuid;
$$;

comment on function reprise_engine.uuid_v7 is 'A new uuid of version 7 for a moment: such ids sort by time.';
