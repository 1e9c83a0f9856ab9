"""A year of a team of six, with all that goes wrong in one: `python -m proofs.year`."""
