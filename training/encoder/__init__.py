"""How the built-in encoder was made: tokenizer, pairs, training, export. Imported by nobody."""
