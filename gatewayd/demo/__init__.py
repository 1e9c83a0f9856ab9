"""`gatewayd demo`: stories from the office on one terminal."""
