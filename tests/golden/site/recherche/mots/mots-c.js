find.shard("c", "c  2\ncar  2\nce  6\nCitoyens  2\ncongrès  2", [])
