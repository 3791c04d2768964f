-- Names in texts are written without a schema where the search path finds them: it is set for the texts to depend on
-- nothing but what is inspected. Compiling queries of the catalog takes longer than running them. The former settings
-- are remembered in settings of the session; a server without a compiler knows nothing of `jit`.
select set_config('atlas.search_path', current_setting('search_path'), false),
       set_config('search_path', {path}, false),
       set_config('atlas.jit', coalesce(current_setting('jit', true), ''), false),
       set_config(case when current_setting('jit', true) is null then 'atlas.jit' else 'jit' end,
                  case when current_setting('jit', true) is null then '' else 'off' end, false)
