find.shard("q", "Que  6\nqui  2", [])
