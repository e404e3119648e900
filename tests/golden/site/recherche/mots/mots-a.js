find.shard("a", "a  2h\nami  h\nApplaudissements  1\naprès  l\narrivons  5", [])
