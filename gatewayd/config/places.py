"""Where things are when the configuration does not say; apart from it so that the command line starts quickly."""

from __future__ import annotations

from pathlib import Path

CONFIG = Path("/etc/gatewayd/gateway.toml")
STATE_DIR = Path("/var/lib/gatewayd")
SOCKET = Path("/run/gatewayd/gatewayd.sock")


def socket_for(state_dir: Path) -> Path:
    """Where the daemon listens for the command line when the file does not say."""
    return SOCKET if state_dir == STATE_DIR else state_dir / SOCKET.name
