find.shard("u", "une  2", [])
