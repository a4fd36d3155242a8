create or replace function reprise_engine.actor(actor text)
returns text
language sql stable
set search_path = ''
as $$
  select coalesce(nullif(actor.actor, ''), nullif(current_setting('reprise.actor', true), ''), session_user::text);
$$;

comment on function reprise_engine.actor is
  'Who does something: the name given, else the setting reprise.actor, else the user of the session.';
