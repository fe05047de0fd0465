"""What can go wrong between text and vectors.

    EmbeddingError (a ValueError)
    ├── EncoderError        the model named cannot be loaded or used
    └── VectorIndexError    the vectors given do not fit the index
        └── IndexFileError  the index file is absent, damaged or belongs to another encoder: rebuild it

This module imports the standard library only.
"""


class EmbeddingError(ValueError):
    """Base of the errors raised on purpose by this package."""


class EncoderError(EmbeddingError):
    """A model cannot be loaded from where it was said to be, or is not an encoder."""


class VectorIndexError(EmbeddingError):
    """Vectors or ids do not fit the index."""


class IndexFileError(VectorIndexError):
    """An index file cannot be trusted. It is derived data: rebuild it from the store."""
