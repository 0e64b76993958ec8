-- The tables of ampx, as of the newest migration. A fresh database is made from this file; an older one is brought here by the
-- files in migrations/, and a test proves that both ways end at the same tables.
-- Times are milliseconds since the Unix epoch. Booleans are 0 or 1. Nothing in here has escaped redaction.

-- One row a task: what was asked, the state folded from its events, and who works on it.
create table tasks (
  id text not null primary key,           -- ULID, upper case; sorts by time of creation
  short_id text not null,                 -- last 6 characters of the id, lower case: what people see and type
  repo text not null,                     -- repository: absolute path
  base text not null,                     -- branch that the change is for
  branch text not null,                   -- branch that ampx makes and pushes
  title text not null,                    -- one line for lists
  prompt text not null,                   -- what the agent shall do
  agent text not null,                    -- name of the agent
  created_by text not null,               -- login name of whoever started it
  created_at integer not null,            -- when it was asked for

  state text not null check (json_valid(state)), -- TaskState without its task, which is the columns above; derived from the events
  seq integer not null,                   -- number of events in the task's log
  updated_at integer not null,            -- time of the newest event

  -- Projections of the state for people and for queries, rewritten in the same statement as the state.
  status text not null,                   -- queued, running, retrying, needs_review, success, aborted, error
  phase text not null,                    -- name of the state's phase
  thread_id text,                         -- the agent's own id of the conversation
  ci_run_id text,                         -- newest CI run that judged a commit of the task
  commit_sha text,                        -- what was last pushed to the branch
  attempts integer not null,              -- attempts spent
  summary text not null,                  -- what was tried, a line an attempt
  needs_slot integer not null check (needs_slot in (0, 1)), -- its next step is a turn of the agent
  lock text,                              -- what no other task may hold at the same time: merges into one branch

  -- When the task is to be looked at, and what it waits for until then.
  wake_at integer,                        -- not before this; null: not before somebody asks for something
  waiting_for text,                       -- what it waits for in words; null once an event has followed
  waiting_since integer,                  -- since when it has waited for that
  faults integer not null default 0,      -- failed tries in a row

  -- Who works on it. A worker may write as long as the epoch is the one it was given.
  epoch integer not null default 0,       -- the fence: raised by each claim
  lease_worker text,                      -- id of the worker; null: released, nobody works on it
  lease_host text,                        -- where the worker's process runs
  lease_pid integer,                      -- its process id
  lease_started text,                     -- what tells it from another process with the same id
  lease_until integer not null default 0, -- from then on another worker may take over; 0: at once
  lease_renewed_at integer,               -- when the worker was last known to be alive; the machine's sleep is left out
  slot integer not null default 0 check (slot in (0, 1)), -- holds one of the slots for agent turns

  hurried_at integer,                     -- when it was last told that there is news for it, by a webhook; what is known from before may be old
  issue integer,                          -- number of the issue that it is for

  priority integer not null default 5,    -- 1 comes first, 9 last
  ticket_id text,                         -- names its ticket among those of the repository; null: none, or another task has it now
  ticket text check (ticket is null or json_valid(ticket)), -- TicketTerms: locks, dependencies and more
  waits_turn integer not null default 0 check (waits_turn in (0, 1)), -- begins, or goes on with its locks, when the schedule lets it
  working_agent text not null default ''  -- who works on it now; another than `agent` when that one's provider refuses for long
) strict;

create unique index tasks_short_id on tasks (short_id);
create unique index tasks_branch on tasks (repo, branch);
create unique index tasks_lock on tasks (lock) where lock is not null;
-- Lists: one index for each set of filters, each ending in the order of the list.
create index tasks_by_status on tasks (status, id);
create index tasks_by_repo on tasks (repo, status, id);
create index tasks_by_creator on tasks (created_by, status, id);
create index tasks_by_creator_and_repo on tasks (created_by, repo, status, id);
-- Claims: the oldest task that is due is found within the index.
create index tasks_due on tasks (needs_slot, priority, id, wake_at, lease_until) where wake_at is not null and waits_turn = 0;
create index tasks_waiting on tasks (waits_turn, lease_until) where waits_turn = 1;
-- A ticket is worked on once. One that is enqueued again after its end is taken from the task before.
create unique index tasks_ticket on tasks (repo, ticket_id) where ticket_id is not null;
create index tasks_wake on tasks (wake_at) where wake_at is not null;
create index tasks_leased on tasks (lease_worker, lease_until, slot) where lease_worker is not null;
-- Tasks whose change may be open, among very many that are merged.
create index tasks_unfinished on tasks (repo, id) where phase not in ('merged', 'aborted');

-- How many tasks there are, so that the total of a list costs the same for any number of them. Kept by triggers only.
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

-- Named locks that tasks hold, a row each: taken by the claim that lets a task begin, so derived from `started`, `locks_taken`, `locks_released`
-- and the ends of tasks.
create table locks (
  task_id text not null references tasks (id),
  repo text not null,                     -- locks of other repositories are others
  name text not null,                     -- without `read:`
  shared integer not null check (shared in (0, 1)), -- others may share it
  since integer not null,                 -- when it was taken
  primary key (repo, name, task_id)
) strict, without rowid;

create unique index locks_exclusive on locks (repo, name) where shared = 0;
create index locks_by_task on locks (task_id);

create trigger locks_are_shared_or_not before insert on locks
when exists (select 1 from locks where repo = new.repo and name = new.name and task_id <> new.task_id and (shared = 0 or new.shared = 0)) begin
  select raise(abort, 'another task holds the lock');
end;

-- Where nothing begins, and no turn of an agent: a repository each, or all of them.
create table pauses (
  repo text not null primary key,         -- empty: everywhere
  by text not null,                       -- login name of whoever said so
  at integer not null,                    -- since when
  until_restart integer not null check (until_restart in (0, 1)) -- ends when the server starts again
) strict, without rowid;

-- Everything that happened. The truth: append-only, and each task's state can be folded from it again.
create table events (
  id integer primary key autoincrement,   -- global, in commit order: the Last-Event-ID
  task_id text not null references tasks (id),
  seq integer not null,                   -- position in the task's log, from 1
  at integer not null,                    -- when it happened
  type text not null,                     -- name of the event
  data text not null check (json_valid(data)), -- the facts of its type, without type and at
  unique (task_id, seq)
) strict;

create trigger events_are_not_changed before update on events begin
  select raise(abort, 'events are never changed');
end;

create trigger events_are_not_deleted before delete on events begin
  select raise(abort, 'events are never deleted');
end;

-- The newest lines of each task's log, up to a cap; the full text is in files of the home.
create table log_lines (
  task_id text not null references tasks (id),
  n integer not null,                     -- position in the task's log, from 1; gaps mark lines that are only in the files
  at integer not null,                    -- when the line was said
  stream text not null,                   -- who said it: worker, agent, ci
  attempt integer not null,               -- the attempt it belongs to
  text text not null,                     -- one line
  primary key (task_id, n)
) strict, without rowid;

-- Requests to create a task that were answered, so that a repeated one creates nothing.
create table idempotency_keys (
  key text not null primary key,          -- chosen by the client
  digest text not null,                   -- of the request; the same key with another digest is refused
  task_id text not null references tasks (id),
  at integer not null                     -- when it was first used; forgotten after a week
) strict, without rowid;

create index idempotency_keys_at on idempotency_keys (at);

-- The workers that live, as they told; rows older than a day are dropped.
create table workers (
  id text not null primary key,
  host text not null,                     -- where its process runs
  pid integer not null,                   -- its process id
  started text not null,                  -- what tells it from another process with the same id
  alive_at integer not null,              -- when it last reported
  slots integer not null,                 -- how many agent turns run at once over all workers
  agents text not null check (json_valid(agents)) -- what it found of each agent: command, version, problems
) strict, without rowid;

-- What agents have used, a row each time one told so, for sums over tasks. Derived from the events `usage_recorded`.
create table usage (
  event_id integer not null primary key references events (id),
  task_id text not null references tasks (id),
  at integer not null,                    -- when it was told
  agent text not null,                    -- name of the agent that used it
  input_tokens integer,                   -- tokens without those of a cache; null here and in the next three: not told
  output_tokens integer,                  -- with what was thought
  cache_read_tokens integer,              -- came from the provider's cache
  cache_write_tokens integer,             -- were put there
  usd real                                -- US dollars; null: not told
) strict;

create index usage_at on usage (at, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, usd);

-- Agents whose provider refuses: no task calls for them before `until`. Derived from the newest events of their turns.
create table parked_agents (
  agent text not null primary key,        -- name of the agent
  kind text not null,                     -- rate_limit, overloaded, auth
  message text not null,                  -- what it said
  since integer not null,                 -- when it first refused
  until integer not null,                 -- when it is tried again
  refusals integer not null               -- how often in a row
) strict, without rowid;

-- How far each feed outside was read, such as the comments of a repository on GitHub: what is older was seen, or came before the first look.
create table read_marks (
  name text not null primary key,         -- of the feed
  at integer not null                     -- what is newer, by the feed's own clock, is still to be read
) strict, without rowid;

-- Repositories that webhooks tell of, so that the others are looked at more often. Older than a day: dropped.
create table webhooks (
  repository text not null primary key,   -- host/owner/name, lower case
  runs_at integer,                        -- when one last told of a workflow run, to the minute; null: not for a day
  words_at integer                        -- when one last told that people have said or done something; null: not for a day
) strict, without rowid;

-- What GitHub said is left of each hour's requests, as the workers last told.
create table rate_limits (
  host text not null,                     -- the GitHub that counts
  scope text not null,                    -- whose requests: token, an installation of the App, nobody
  requests integer not null,              -- how many an hour may have
  remaining integer not null,             -- how many are left of them
  resets_at integer not null,             -- when the next hour begins
  told_at integer not null,               -- when a worker told so
  primary key (host, scope)
) strict, without rowid;
