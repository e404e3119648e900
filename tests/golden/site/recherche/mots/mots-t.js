find.shard("t", "tapé  l\nTenez  4\nTexte  l\ntînmes  6", [])
