alter table tasks add column issue integer;                           -- number of the issue that it is for

-- How far each feed outside was read, such as the comments of a repository on GitHub: what is older was seen, or came before the first look.
create table read_marks (
  name text not null primary key,         -- of the feed
  at integer not null                     -- what is newer, by the feed's own clock, is still to be read
) strict, without rowid;
