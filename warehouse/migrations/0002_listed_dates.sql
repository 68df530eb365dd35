-- What a list tells of an article that was left out by its title: the day that its absence counts on.
ALTER TABLE raw.fetches ADD COLUMN listed_date DATE;
