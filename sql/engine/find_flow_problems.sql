create or replace function reprise_engine.find_flow_problems(original reprise.executions, target_revision integer)
returns reprise.replay_problem[]
language plpgsql stable
set search_path = ''
as $$
begin
  return array(
    select row(
      case when f.deleted_at is not null then 'flow_deleted' else 'flow_disabled' end,
      format(
        'Flow %s.%s is %s: %s first.', f.namespace, f.id,
        case when f.deleted_at is not null then 'deleted' else 'disabled' end,
        case
          when f.deleted_at is not null then 'save it again'
          when f.is_disabled then 'enable it'
          else format('save revision %s without disabled: true', r.revision)
        end
      ),
      null, true
    )::reprise.replay_problem
    from reprise.flows as f
    join reprise.flow_revisions as r on r.namespace = f.namespace and r.flow_id = f.id and r.revision = find_flow_problems.target_revision
    where f.namespace = original.namespace and f.id = original.flow_id and (f.deleted_at is not null or f.is_disabled or r.is_disabled)
  );
end;
$$;

comment on function reprise_engine.find_flow_problems is 'That the flow of an execution that is to be replayed is deleted, or disabled.';
