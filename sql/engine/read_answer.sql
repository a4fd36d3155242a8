create or replace function reprise_engine.read_answer(task_run_id bigint)
returns json
language sql stable
set search_path = ''
as $$
  select json_build_object('read', reprise_engine.read_asked(r.execution_id, r.id), 'given', p.answer, 'answer', p.answer::text)
  from reprise.pauses as p
  join reprise.task_runs as r on r.id = p.task_run_id
  where p.task_run_id = read_answer.task_run_id and p.answer is not null and r.state = 'PAUSED';
$$;

comment on function reprise_engine.read_answer is
  'What a Pause asks for, and what it was given, for a worker to render: {"read", "given", "answer"}, the last for take_answer. Null, where it waits for no worker any more.';
