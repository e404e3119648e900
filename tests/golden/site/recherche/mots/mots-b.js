find.shard("b", "b  6\nbon  4", [])
