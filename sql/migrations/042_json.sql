-- What people and tasks write is kept as they wrote it: the order of keys, and how numbers are written. jsonb sorts keys and keeps each
-- once, json keeps the text. What the engine writes and asks for by itself (labels, errors, states, anchors, reads) stays jsonb.

-- Views are made anew with the functions, behind the migrations; what is in their way goes first.
do $$
declare
  v_view text;
begin
  for v_view in select format('%I.%I', v.schemaname, v.viewname) from pg_catalog.pg_views as v where v.schemaname = 'reprise_api' loop
    execute format('drop view if exists %s cascade', v_view);
  end loop;
end;
$$;

alter table reprise.flow_revisions alter column definition type json using definition::json;
alter table reprise.tasks alter column definition type json using definition::json;

alter table reprise.executions
  alter column inputs drop default,
  alter column variables drop default,
  alter column inputs type json using inputs::json,
  alter column variables type json using variables::json,
  alter column trigger type json using trigger::json,
  alter column outputs type json using outputs::json,
  alter column inputs set default '{}',
  alter column variables set default '{}';

alter table reprise.attempts alter column outputs type json using outputs::json;
alter table reprise.task_caches alter column outputs type json using outputs::json;
alter table reprise.variable_changes alter column merged type json using merged::json;

alter table reprise.pauses
  alter column inputs drop default,
  alter column inputs type json using inputs::json,
  alter column inputs set default '[]';

-- Functions are not bound to the types of attributes until they run, and come anew with the migration.
alter type reprise.begun_attempt
  alter attribute inputs type json cascade,
  alter attribute variables type json cascade,
  alter attribute trigger type json cascade,
  alter attribute outputs type json cascade,
  alter attribute ancestors type json cascade,
  alter attribute execution_outputs type json cascade;

alter type reprise.subflow_extract
  alter attribute wanted type json cascade,
  alter attribute inputs type json cascade,
  alter attribute variables type json cascade,
  alter attribute trigger type json cascade,
  alter attribute outputs type json cascade;

alter type reprise.replay_plan alter attribute inputs type json cascade;
