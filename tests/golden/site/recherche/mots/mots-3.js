find.shard("3", "3  91", [])
