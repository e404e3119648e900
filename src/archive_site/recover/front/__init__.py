"""The claims of the front matter that a text makes itself, each found by an ordered tuple of rules.

`edges` gives the first and the last lines; `dating` reads dates in a line and `dates` chooses that
of the text; `datelines` has their places; `names` reads names and `people` finds who wrote to whom;
`genre` says what kind of text it is, `titles` how it is called. `recover.metadata` puts them
together."""
