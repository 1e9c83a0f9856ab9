"""HTTP: the only room that knows aiohttp. Intake, API, /metrics, /healthz, /readyz, and the operator's socket."""
