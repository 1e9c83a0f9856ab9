"""Reproducible benchmarks on real parts: `python -m bench` runs them, docs/benchmarks.md tells what they mean."""
