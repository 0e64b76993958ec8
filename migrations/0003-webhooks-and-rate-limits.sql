-- When the task was last told that there is news for it, by a webhook; what is known from before may be old. Null: never.
alter table tasks add column hurried_at integer;

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
