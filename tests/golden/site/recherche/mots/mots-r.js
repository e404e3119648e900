find.shard("r", "Rien  k", [])
