find.shard("f", "faut  2", [])
