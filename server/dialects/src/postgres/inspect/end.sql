-- Restores the settings.
select set_config('search_path', current_setting('atlas.search_path'), false),
       set_config(case when current_setting('atlas.jit') = '' then 'atlas.jit' else 'jit' end,
                  current_setting('atlas.jit'), false)
