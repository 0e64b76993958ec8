-- Tasks whose change may be open, among very many that are merged.
create index tasks_unfinished on tasks (repo, id) where phase not in ('merged', 'aborted');
