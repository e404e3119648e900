find.shard("m", "mai  91\nMon  h", [])
