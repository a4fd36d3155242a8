create or replace function reprise_engine.matches_pattern(value text, pattern text)
returns boolean
language sql immutable
set search_path = ''
as $$
  -- Flows bring Java's patterns. What Postgres writes otherwise: classes, which mean ASCII but for those of Unicode; classes within classes; what a
  -- dot spares; lines; groups with names; the edges of words.
  with given as (
    select coalesce(substring(matches_pattern.pattern from '^\(\?([ims]+)\)'), '') as flags, regexp_replace(matches_pattern.pattern, '^\(\?[ims]+\)', '') as rest
  ), part as (
    select
      p.text[1] as text, p.ordinality,
      sum(case when p.text[1] ~ '^\[' then 1 when p.text[1] = ']' then -1 else 0 end) over (order by p.ordinality) as balance
    from given
    cross join regexp_matches(
      given.rest, '\\[pP]\{\w+\}|\\x[0-9a-fA-F]{2}|\\.|\[\^?|\]|\(\?<\w+>|[.^$(]|[^][\\.^$(]+', 'g'
    ) with ordinality as p (text, ordinality)
  ), placed as (
    -- A bracket that closes nothing is a character.
    select part.text, part.ordinality, part.balance - least(0, min(part.balance) over (order by part.ordinality)) as depth from part
  ), written as (
    select
      case
        when p.depth = 0 and p.text = '.' and given.flags !~ 's' then '[^\n\r\u0085\u2028\u2029]'
        when p.depth = 0 and p.text = '$' then format('(?:(?=(?:\r\n|[\n\r\u0085\u2028\u2029])%s))', case when given.flags ~ 'm' then '|\Z' else '?\Z' end)
        when p.depth = 0 and p.text = '^' then format('(?:\A%s)', case when given.flags ~ 'm' then '|(?<=[\n\r\u0085\u2028\u2029])(?!\Z)' end)
        when p.depth = 0 and p.text = '\b' then '(?:(?<=[A-Za-z0-9_])(?![A-Za-z0-9_])|(?<![A-Za-z0-9_])(?=[A-Za-z0-9_]))'
        when p.depth = 0 and p.text = '\B' then '(?:(?<=[A-Za-z0-9_])(?=[A-Za-z0-9_])|(?<![A-Za-z0-9_])(?![A-Za-z0-9_]))'
        when p.depth = 0 and p.text ~ '^\(\?<\w' then '('
        when p.depth > 1 and p.text ~ '^\[' or p.depth > 0 and p.text = ']' then ''
        when p.text ~ '^\\x..' then '\u00' || substr(p.text, 3)
        when c.members is null or p.depth > 0 and p.text ~ '^\\P' then p.text
        when p.depth > 0 then case when p.text ~ '^\\[DWS]$' then c.others else c.members end
        else format('[%s%s]', case when p.text ~ '^\\[PDWS]' then '^' end, c.members)
      end as text,
      p.ordinality
    from placed as p
    cross join given
    left join (
      values
        ('d', '0-9', '\u0001-/:-\U0010FFFF'), ('w', 'A-Za-z0-9_', '\u0001-/:-@\[-^`{-\U0010FFFF'),
        ('s', ' \t\n\x0B\f\r', '\u0001-\u0008\u000E-\u001F!-\U0010FFFF'), ('{L}', '[:alpha:]', null), ('{IsAlphabetic}', '[:alpha:]', null),
        ('{Lu}', '[:upper:]', null), ('{Ll}', '[:lower:]', null), ('{N}', '[:digit:]', null), ('{Nd}', '[:digit:]', null), ('{P}', '[:punct:]', null),
        ('{Alpha}', 'A-Za-z', null), ('{Upper}', 'A-Z', null), ('{Lower}', 'a-z', null), ('{Digit}', '0-9', null), ('{Alnum}', 'A-Za-z0-9', null),
        ('{Punct}', '!-/:-@\[-`{-~', null), ('{Space}', ' \t\n\x0B\f\r', null)
    ) as c (name, members, others)
      on c.name = case when p.text ~ '^\\[pP]' then substr(p.text, 3) when p.text ~ '^\\[dDwWsS]$' then lower(substr(p.text, 2)) end
  )
  -- What a letter is does not depend on the locale of the database.
  select matches_pattern.value collate pg_catalog."unicode" ~ format(
    '(?s%s)\A(?:%s)\Z', case when given.flags ~ 'i' then 'i' end,
    (select string_agg(w.text, '' order by w.ordinality) from written as w)
  )
  from given
$$;

comment on function reprise_engine.matches_pattern is
  'Whether a whole text matches a pattern as Java writes it: its classes, groups with names, and (?i), (?m) or (?s) in front, are understood.';
