create or replace function reprise_engine.changed_defaults(target reprise.tasks, ran reprise.tasks)
returns text[]
language sql stable
set search_path = ''
as $$
  select coalesce(array_agg('defaults.' || new.id order by new.id), '{}')
  from reprise_engine.revision_defaults(changed_defaults.target) as new
  join reprise_engine.revision_defaults(changed_defaults.ran) as old on old.id = new.id
  where new.value is distinct from old.value
    and (
      (changed_defaults.target.reads ->> 'all')::boolean
      or exists (
        select
        from jsonb_array_elements_text(changed_defaults.target.reads -> 'inputs') as read (id)
        where split_part(read.id, '.', 1) = split_part(new.id, '.', 1)
      )
    );
$$;

comment on function reprise_engine.changed_defaults is 'The inputs that a task reads and whose defaults differ between two revisions.';
