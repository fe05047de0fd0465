"""Text to vectors to FAISS. Knows nothing of documents, articles or questions.

encoder = load_encoder()                      # the built-in model; a folder or a hub name otherwise
index = VectorIndex(encoder.dimension, encoder.identity)
index.add(ids, encoder.encode_passages(texts))
index.search(encoder.encode_queries([query])[0], k=10)
"""

from embeddings.encoder import Encoder, load_encoder
from embeddings.vector_index import VectorIndex

__all__ = ["Encoder", "VectorIndex", "load_encoder"]
