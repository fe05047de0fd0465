"""The built-in evaluation set: questions and dialogues on the sample pages. ``README.md`` spells it out."""
