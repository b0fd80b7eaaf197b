"""Which articles of a run are editions of one story, or copies of one text.

Pure: articles in, in the order in which they are read; links out. Knows neither files nor records
nor what becomes of an article.
"""

from pipeline.editions.likeness import Fingerprint, fingerprint, unpacked
from pipeline.editions.links import Editions

__all__ = ["Editions", "Fingerprint", "fingerprint", "unpacked"]
