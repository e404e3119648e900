find.shard("i", "ignore  2\nIl  2", [])
