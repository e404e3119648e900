"""From a corpus to a published site: map, reduce, render, check, publish."""
