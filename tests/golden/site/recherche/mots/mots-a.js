find.shard("a", "a  20h\nami  h\nApplaudissements  1\naprès  l\narrivons  5", [])
