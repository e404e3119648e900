find.shard("v", "vaincre  2\nvoyez  h", [])
