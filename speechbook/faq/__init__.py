"""Questions and answers: every concept of the articles' FAQ and what they left out, from one set of data files.

>>> from speechbook import faq
>>> faq.term("WER").term
'word error rate'
"""

from speechbook.faq.terms import Article, Demonstration, Term, TermError, book_terms, load_terms, term, themes

__all__ = ["Article", "Demonstration", "Term", "TermError", "book_terms", "load_terms", "term", "themes"]
