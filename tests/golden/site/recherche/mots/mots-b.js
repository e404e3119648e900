find.shard("b", "b  60\nbon  4", [])
