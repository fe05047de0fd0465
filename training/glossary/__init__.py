"""How the glossary (`rag.glossary`) is made from dictionaries and sentence pairs."""
