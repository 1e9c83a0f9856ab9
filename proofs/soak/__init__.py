"""Hours and days at random on the whole daemon and the whole street, in virtual time: `python -m proofs.soak`."""
