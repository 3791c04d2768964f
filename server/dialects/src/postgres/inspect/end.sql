-- Restores the search path.
select set_config('search_path', current_setting('atlas.search_path'), false)
