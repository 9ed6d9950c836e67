"""Helper package of *Learning to Listen*: what a chapter may import."""
