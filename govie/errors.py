"""The library's own errors. Each says what went wrong and what to do about it."""

from __future__ import annotations

__all__ = [
    "AnnotationError",
    "ClaimError",
    "CorpusError",
    "DataError",
    "DependencyError",
    "GovieError",
    "ModelError",
    "ReadError",
    "SaveError",
    "TextError",
    "VolumeError",
]


class GovieError(Exception):
    """Base of all errors that govie raises on purpose."""


class ClaimError(GovieError, ValueError):
    """A claim, scope or span that contradicts the text it stands in, or itself."""


class TextError(GovieError, TypeError):
    """Something that is not text was given where text is wanted."""


class ReadError(GovieError):
    """A file could not be read as text."""


class ModelError(GovieError):
    """The model is missing, damaged or of another version."""


class CorpusError(GovieError, ValueError):
    """A corpus file breaks the markup or the annotation guide."""


class AnnotationError(GovieError, ValueError):
    """A file of annotations contradicts itself or its text; the message begins with the place."""


class SaveError(GovieError):
    """A file could not be written; what stood there before is kept."""


class DataError(GovieError, ValueError):
    """A data file of the library, such as a form, contradicts itself."""


class DependencyError(GovieError, ImportError):
    """Something needs a package that is not installed."""


class VolumeError(GovieError):
    """Extraction at volume cannot go on; what is done stays done."""
