"""Damaged octets for every protocol core: `python -m proofs.fuzz`."""
