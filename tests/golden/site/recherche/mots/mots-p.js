find.shard("p", "pain  7\npaix  8\npapier  l\nParis  9\npartie  g2\nperdue  b\nplace  a\nplui  6\nplus  6\nPremière  g\nPrononcé  a", [["paris","../lieux/paris/index.html","Paris","Lieu"]])
