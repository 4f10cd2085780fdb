"""Corpus tools, training, evaluation and export. Imports :mod:`govie`; never the other way round."""
