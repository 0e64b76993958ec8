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
