-- Who may do what. Run after the functions and views, each time they change.
--
-- The migrating role owns everything. reprise_graphql is the narrow role that the server takes with `set role`: it reads the
-- views of reprise_api and calls its functions, and sees nothing else. reprise_worker may do what workers do in our schemas.
-- Roles belong to the whole cluster, so several databases may make them at the same moment; and the migrating role may not be
-- allowed to make them, in which case an administrator does, and `reprise doctor` says so.

do $$
declare
  v_role text;
begin
  foreach v_role in array '{reprise_worker,reprise_graphql}'::text[] loop
    begin
      if not exists (select from pg_catalog.pg_roles as r where r.rolname = v_role) then
        execute format('create role %I nologin', v_role);
      end if;
    exception
      when duplicate_object or unique_violation then
        null; -- Another database was quicker.
      when insufficient_privilege then
        raise warning 'The role % is missing and % may not create it.', v_role, current_user
          using hint = format('As an administrator: create role %I nologin; grant %I to %I;', v_role, v_role, current_user);
    end;

    begin
      if exists (select from pg_catalog.pg_roles as r where r.rolname = v_role)
        and not pg_catalog.pg_has_role(current_user, v_role, 'SET')
      then
        execute format('grant %I to %I with set true', v_role, current_user);
      end if;
    exception
      when unique_violation then
        null; -- Another database was quicker.
      when internal_error then
        if sqlerrm not like 'tuple concurrently%' then
          raise;
        end if;
      when insufficient_privilege then
        raise warning '% may not take the role %.', current_user, v_role
          using hint = format('As an administrator: grant %I to %I;', v_role, current_user);
    end;
  end loop;
end;
$$;

-- What is not granted does not exist: functions are executable by everybody unless told otherwise.
revoke all on all functions in schema reprise_engine from public;
revoke all on all functions in schema reprise_api from public;

do $$
begin
  if exists (select from pg_catalog.pg_roles as r where r.rolname = 'reprise_graphql') then
    grant usage on schema reprise to reprise_graphql; -- for the types of what it reads; it may read no table of it
    grant usage on schema reprise_api to reprise_graphql;
    grant select on all tables in schema reprise_api to reprise_graphql;
    grant execute on all functions in schema reprise_api to reprise_graphql;
  end if;

  if exists (select from pg_catalog.pg_roles as r where r.rolname = 'reprise_worker') then
    grant usage on schema reprise, reprise_engine, reprise_api to reprise_worker;
    grant select, insert, update, delete on all tables in schema reprise to reprise_worker;
    grant usage on all sequences in schema reprise to reprise_worker;
    grant execute on all functions in schema reprise_engine to reprise_worker;
    grant execute on all functions in schema reprise_api to reprise_worker;
  end if;
end;
$$;
