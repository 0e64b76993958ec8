-- The first version of the tables. Never edited: what comes after is a migration of its own.

create table tasks (
  id text not null primary key,
  short_id text not null,
  repo text not null,
  base text not null,
  branch text not null,
  title text not null,
  prompt text not null,
  agent text not null,
  created_by text not null,
  created_at integer not null,

  state text not null check (json_valid(state)),
  seq integer not null,
  updated_at integer not null,

  status text not null,
  phase text not null,
  thread_id text,
  ci_run_id text,
  commit_sha text,
  attempts integer not null,
  summary text not null,
  needs_slot integer not null check (needs_slot in (0, 1)),
  lock text,

  wake_at integer,
  waiting_for text,
  waiting_since integer,
  faults integer not null default 0,

  epoch integer not null default 0,
  lease_worker text,
  lease_host text,
  lease_pid integer,
  lease_started text,
  lease_until integer not null default 0,
  lease_renewed_at integer,
  slot integer not null default 0 check (slot in (0, 1))
) strict;

create unique index tasks_short_id on tasks (short_id);
create unique index tasks_branch on tasks (repo, branch);
create unique index tasks_lock on tasks (lock) where lock is not null;

create index tasks_by_status on tasks (status, id);
create index tasks_by_repo on tasks (repo, status, id);
create index tasks_by_creator on tasks (created_by, status, id);
create index tasks_by_creator_and_repo on tasks (created_by, repo, status, id);

create index tasks_due on tasks (needs_slot, id, wake_at, lease_until) where wake_at is not null;
create index tasks_wake on tasks (wake_at) where wake_at is not null;
create index tasks_leased on tasks (lease_worker, lease_until, slot) where lease_worker is not null;

create table task_counts (
  repo text not null,
  created_by text not null,
  status text not null,
  count integer not null,
  primary key (repo, created_by, status)
) strict, without rowid;

create trigger tasks_counted after insert on tasks begin
  insert into task_counts (repo, created_by, status, count) values (new.repo, new.created_by, new.status, 1)
    on conflict do update set count = count + 1;
end;

create trigger tasks_recounted after update of status on tasks when old.status <> new.status begin
  update task_counts set count = count - 1
    where repo = old.repo and created_by = old.created_by and status = old.status;
  insert into task_counts (repo, created_by, status, count) values (new.repo, new.created_by, new.status, 1)
    on conflict do update set count = count + 1;
end;

create table events (
  id integer primary key autoincrement,
  task_id text not null references tasks (id),
  seq integer not null,
  at integer not null,
  type text not null,
  data text not null check (json_valid(data)),
  unique (task_id, seq)
) strict;

create trigger events_are_not_changed before update on events begin
  select raise(abort, 'events are never changed');
end;

create trigger events_are_not_deleted before delete on events begin
  select raise(abort, 'events are never deleted');
end;

create table log_lines (
  task_id text not null references tasks (id),
  n integer not null,
  at integer not null,
  stream text not null,
  attempt integer not null,
  text text not null,
  primary key (task_id, n)
) strict, without rowid;

create table idempotency_keys (
  key text not null primary key,
  digest text not null,
  task_id text not null references tasks (id),
  at integer not null
) strict, without rowid;

create index idempotency_keys_at on idempotency_keys (at);

create table workers (
  id text not null primary key,
  host text not null,
  pid integer not null,
  started text not null,
  alive_at integer not null,
  slots integer not null,
  agents text not null check (json_valid(agents))
) strict, without rowid;
