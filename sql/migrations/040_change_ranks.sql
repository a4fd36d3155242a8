-- Where a change of variables belongs among the others, whenever a replay makes it again.

alter table reprise.variable_changes add column rank bigint;
update reprise.variable_changes as c set rank = c.id;
alter table reprise.variable_changes alter column rank set not null;
comment on column reprise.variable_changes.id is 'Its number.';
comment on column reprise.variable_changes.rank is
  'Changes in the order in which they count: that in which they were made, but one that a replay makes again takes the place of the one before.';
