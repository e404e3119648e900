find.shard("s", "Seconde  i\nsoir  6\nsommes  2\nsous  6", [])
