archive.names({})
