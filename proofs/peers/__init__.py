"""The matrix's faults against the SMS daemons of others, in real time: `python -m proofs.peers`."""
