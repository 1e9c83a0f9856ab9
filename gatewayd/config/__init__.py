"""TOML -> frozen settings: the file, its words, its checks. Nothing is imported here: a client starts quickly."""
