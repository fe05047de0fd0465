"""Questions made from news sentences, to pre-train the reader before it meets human questions."""

from training.questions.records import Candidate, Question, read_questions, write_questions

__all__ = ["Candidate", "Question", "read_questions", "write_questions"]
