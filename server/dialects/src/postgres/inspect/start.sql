-- Names in texts are written without a schema where the search path finds them: it is set for the texts to depend on
-- nothing but what is inspected. The former one is remembered in a setting of the session.
select set_config('atlas.search_path', current_setting('search_path'), false),
       set_config('search_path', {path}, false)
