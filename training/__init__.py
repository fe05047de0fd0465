"""How the built-in models were made, end to end. Imported by nobody."""
