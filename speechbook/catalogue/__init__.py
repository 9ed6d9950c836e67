"""What the book looks up: tools with their state, and the corrections of the two articles that it grew out of."""

from speechbook.catalogue.errata import Claim, Defect, Errata, Place, load_errata
from speechbook.catalogue.records import CatalogueError
from speechbook.catalogue.tools import Tool, Tools, load_tools

__all__ = [
    "CatalogueError",
    "Claim",
    "Defect",
    "Errata",
    "Place",
    "Tool",
    "Tools",
    "load_errata",
    "load_tools",
]
