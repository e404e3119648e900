find.shard("e", "E  b\nécrivait  3\nen  2\nest  2\net  6", [])
