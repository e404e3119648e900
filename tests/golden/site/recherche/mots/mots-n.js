find.shard("n", "N  a1\nnous  231", [["n d","../lieux/notre-dame/index.html","Notre-Dame (place)","Lieu"],["notre dame place","../lieux/notre-dame/index.html","Notre-Dame (place)","Lieu",["N.-D."]]])
