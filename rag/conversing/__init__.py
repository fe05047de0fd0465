"""Follow-up questions made to stand alone: 那去年呢？, And in Xi'an?, А он?, Ал былтыр ше?

Three things are resolved, by typed patterns and no model: an ellipsis takes the slot of its kind in the
question before; a pronoun takes the person, thing, place or time spoken of last; a Chinese question
without a subject takes the last topic. Whatever is not plain stays as it was asked, byte for byte: a
wrong rewriting is worse than none. Languages with a grammar here: Chinese, English, Russian, Kazakh.
"""

from rag.conversing.resolving import standalone

__all__ = ["standalone"]
