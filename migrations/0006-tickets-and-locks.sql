alter table tasks add column priority integer not null default 5;
alter table tasks add column ticket_id text;
alter table tasks add column ticket text check (ticket is null or json_valid(ticket));
alter table tasks add column waits_turn integer not null default 0 check (waits_turn in (0, 1));
alter table tasks add column working_agent text not null default '';

update tasks set waits_turn = 1 where phase = 'queued'
  and json_extract(state, '$.requests.abort') is null and json_extract(state, '$.requests.attach') is null;
update tasks set working_agent = coalesce(json_extract(state, '$.agent'), agent);

drop index tasks_due;
create index tasks_due on tasks (needs_slot, priority, id, wake_at, lease_until) where wake_at is not null and waits_turn = 0;
create index tasks_waiting on tasks (waits_turn, lease_until) where waits_turn = 1;
create unique index tasks_ticket on tasks (repo, ticket_id) where ticket_id is not null;

create table locks (
  task_id text not null references tasks (id),
  repo text not null,
  name text not null,
  shared integer not null check (shared in (0, 1)),
  since integer not null,
  primary key (repo, name, task_id)
) strict, without rowid;

create unique index locks_exclusive on locks (repo, name) where shared = 0;
create index locks_by_task on locks (task_id);

create trigger locks_are_shared_or_not before insert on locks
when exists (select 1 from locks where repo = new.repo and name = new.name and task_id <> new.task_id and (shared = 0 or new.shared = 0)) begin
  select raise(abort, 'another task holds the lock');
end;

create table pauses (
  repo text not null primary key,
  by text not null,
  at integer not null,
  until_restart integer not null check (until_restart in (0, 1))
) strict, without rowid;
