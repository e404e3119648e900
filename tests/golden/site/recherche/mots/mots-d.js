find.shard("d", "d  ab\nde  6\ndire  6\ndiscours  0h\ndit  2\nDurand  3\ndurera  2", [])
