"""Long proofs: what no test has the time for. Each has a short form that runs with the others."""
