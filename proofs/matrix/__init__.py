"""Faults against the whole daemon, judged by the network's own ledger: `python -m proofs.matrix`."""
