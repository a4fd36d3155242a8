create or replace function reprise_engine.check_file_input(definition jsonb, given text)
returns text
language sql stable
set search_path = ''
as $$
  select case
    -- What a flow gives at its end may be a file that lies elsewhere.
    when (definition ->> 'isOutput')::boolean then null
    when given ~ '^nsfile:' then format('`%s` is a file of the namespace, which is not supported yet', given)
    when given !~ '^kestra:' then
      format('`%s` is no stored file: upload it, or give the URI of one, like `kestra:///company/team/…`', given)
    when jsonb_array_length(coalesce(nullif(definition -> 'allowedFileExtensions', 'null'), '[]')) > 0
      and not (definition -> 'allowedFileExtensions') ? lower(coalesce(substring(given from '\.[^./]*$'), ''))
    then format(
      'File type not allowed. Accepted extensions: %s',
      (select string_agg(e.extension, ', ' order by e.place) from jsonb_array_elements_text(definition -> 'allowedFileExtensions') with ordinality as e (extension, place))
    )
    when not exists (select from reprise.files as f where f.uri = given and f.state = 'STORED') then
      format('There is no file %s.', given)
  end;
$$;

comment on function reprise_engine.check_file_input is
  'Checks the URI of a file that is given as an input: that it is there, and its extension. Tells the problem, or null.';
