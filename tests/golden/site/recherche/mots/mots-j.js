find.shard("j", "Jeanne  3", [["jeanne durand","../personnes/durand/index.html","Jeanne Durand","Personne · 1870–1940"]])
