find.shard("x", "XIVᵉ  2", [["xive congres","../chronologie/xive-congres/index.html","XIVe congrès","Événement"]])
