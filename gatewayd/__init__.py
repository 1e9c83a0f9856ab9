"""gatewayd: the last mile of alerting. ARCHITECTURE.md beside this file is the way in."""

VERSION = "0.1.0"
